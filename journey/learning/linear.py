"""Small linear models over counted features, fitted with numpy alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
STEPS = 25
CHUNK = 65_536
CLOSE = 1e-6
"""A fit is done when a step gains less than this share of the loss."""


@dataclass(frozen=True)
class Linear:
    """Weights of features and what is added."""

    weights: Numbers
    intercept: float

    def score(self, features: NDArray[np.floating]) -> Numbers:
        """Return the weighted sum of each row (rows, features) -> (rows,)."""
        found: Numbers = features @ self.weights + self.intercept
        return found

    def chance(self, features: NDArray[np.floating]) -> Numbers:
        """Return the probability of each row."""
        return sigmoid(self.score(features))


def sigmoid(scores: Numbers) -> Numbers:
    """Return probabilities of log-odds."""
    found: Numbers = 1 / (1 + np.exp(-np.clip(scores, -35, 35)))
    return found


def fit_logistic(
    features: NDArray[np.floating], wanted: NDArray[np.floating], ridge: float = 1.0
) -> Linear:
    """Fit a logistic regression by Newton's method, shrunk by `ridge`.

    Args:
        features: (rows, features); they are standardised for the fit.
        wanted: (rows,) of 0 and 1, or of shares between.
        ridge: penalty on the squares of the standardised weights.
    """
    mean, spread = _scale(features)
    size = features.shape[1] + 1
    weights = np.zeros(size)
    weights[-1] = _log_odds(float(wanted.mean()))
    penalty = np.full(size, ridge)
    penalty[-1] = 1e-9
    best, loss = weights, np.inf
    damping = 0.0
    for _ in range(STEPS):
        now, slope, curve = _newton(features, wanted, weights, mean, spread)
        now += 0.5 * float(penalty @ weights**2)
        if now <= loss:
            gained, best, loss = loss - now, weights, now
            damping /= 10
            pull = slope - penalty * weights
            bend = curve + np.diag(penalty)
            if gained < CLOSE * loss:
                break
        else:
            damping = max(10 * damping, 1e-3)
        weights = best + np.linalg.solve(bend + damping * np.diag(np.diag(bend)), pull)
    weights = best
    return _unscaled(weights, mean, spread)


def fit_huber(
    features: NDArray[np.floating],
    wanted: Numbers,
    size: Numbers,
    ridge: float = 1.0,
    tolerance: float = 0.05,
) -> Linear:
    """Fit a regression to the median by reweighted least squares.

    Args:
        features: (rows, features); they are standardised for the fit.
        wanted: (rows,) what is to be met.
        size: (rows,) how much an error in each row counts.
        ridge: penalty on the squares of the standardised weights.
        tolerance: within this distance errors count by their square.
    """
    mean, spread = _scale(features)
    standard = np.column_stack(
        [(features - mean) / spread, np.ones(len(features))]
    ).astype(np.float64)
    penalty = np.diag([ridge] * features.shape[1] + [1e-9])
    weights = np.zeros(standard.shape[1])
    weights[-1] = float(np.median(wanted)) if len(wanted) else 0.0
    for _ in range(STEPS):
        trust = size / np.maximum(np.abs(wanted - standard @ weights), tolerance)
        scaled = standard * trust[:, None]
        found = np.linalg.solve(scaled.T @ standard + penalty, scaled.T @ wanted)
        moved, weights = float(np.abs(found - weights).max()), found
        if moved < CLOSE:
            break
    return _unscaled(weights, mean, spread)


def _newton(
    features: NDArray[np.floating],
    wanted: NDArray[np.floating],
    weights: Numbers,
    mean: Numbers,
    spread: Numbers,
) -> tuple[float, Numbers, Numbers]:
    """Return the loss with its slope down and curvature, summed over parts."""
    size = len(weights)
    loss, slope, curve = 0.0, np.zeros(size), np.zeros((size, size))
    for start in range(0, len(features), CHUNK):
        part = (features[start : start + CHUNK] - mean) / spread
        rows = np.column_stack([part, np.ones(len(part))])
        scores, truth = rows @ weights, wanted[start : start + CHUNK]
        chance = sigmoid(scores)
        loss += float((np.logaddexp(0, scores) - truth * scores).sum())
        slope += rows.T @ (truth - chance)
        curve += (rows * (chance * (1 - chance))[:, None]).T @ rows
    return loss, slope, curve + 1e-9 * np.eye(size)


def _scale(features: NDArray[np.floating]) -> tuple[Numbers, Numbers]:
    mean = features.mean(0, dtype=np.float64)
    spread = features.std(0, dtype=np.float64)
    return mean, np.where(spread > 1e-9, spread, 1.0)


def _unscaled(weights: Numbers, mean: Numbers, spread: Numbers) -> Linear:
    plain = weights[:-1] / spread
    return Linear(plain, float(weights[-1] - plain @ mean))


def _log_odds(share: float) -> float:
    held = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(held / (1 - held)))
