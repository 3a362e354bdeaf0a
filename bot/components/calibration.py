"""Make probabilities mean what they say, and choose when to trust them."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.floating]
Labels = npt.NDArray[np.int64]

COLDEST, HOTTEST = 0.1, 5.0
BINS = 15
STEPS = 21


def warm(chances: Floats, temperature: float) -> Floats:
    """Sharpen (below 1) or flatten (above 1) probabilities (texts, intents)."""
    logs = np.log(np.maximum(chances, 1e-12)) / temperature
    odds = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def fit_temperature(chances: Floats, labels: Labels) -> float:
    """Return the temperature under which the labels are likeliest."""
    rows = np.arange(len(labels))

    def surprise(log_temperature: float) -> float:
        told = warm(chances, float(np.exp(log_temperature)))[rows, labels]
        return float(-np.log(np.maximum(told, 1e-12)).mean())

    bounds = (np.log(COLDEST), np.log(HOTTEST))
    return float(np.exp(minimize_scalar(surprise, bounds=bounds, method="bounded").x))


def calibration_error(confidences: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error over 15 bins of equal width, in 0..1.

    After Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidences[bins == b].sum() - right[bins == b].sum()) for b in range(BINS)
    ]
    return float(sum(gaps) / max(len(confidences), 1))


@dataclass(frozen=True)
class Certainty:
    """How a score turns into the chance of being right."""

    slope: float
    offset: float

    def __call__(self, score: float) -> float:
        """Return the chance of being right, in 0..1."""
        return 1.0 / (1.0 + math.exp(-(self.slope * score + self.offset)))


def fit_certainty(scores: Floats, right: npt.NDArray[np.bool_]) -> Certainty | None:
    """Fit the chance of being right to scores; none where all or nothing was right.

    After Platt, "Probabilistic outputs for support vector machines", 1999.
    """
    if right.all() or not right.any():
        return None
    model = LogisticRegression().fit(scores.reshape(-1, 1), right)
    return Certainty(float(model.coef_[0, 0]), float(model.intercept_[0]))


def weigh(evidence: Floats, inside: npt.NDArray[np.bool_]) -> tuple[float, ...]:
    """Return what each evidence (messages, n) counts for a message being in scope."""
    spread = np.maximum(evidence.std(axis=0), 1e-9)
    model = LogisticRegression(class_weight="balanced").fit(evidence / spread, inside)
    return tuple((model.coef_[0] / spread).tolist())


def refusing(
    scores: Floats,
    right: npt.NDArray[np.bool_],
    outside: npt.NDArray[np.bool_],
    accepted: float,
) -> float:
    """Return the score below which refusing is right most often; the lowest such.

    Args:
        scores: scope of each message.
        right: whether its intent was right as it stood.
        outside: whether it is out of scope, so that refusing it is right.
        accepted: share of in-scope messages that must pass whatever is gained.
    """
    shares = np.linspace(1.0, accepted, STEPS)
    cuts = [accepting(scores[~outside], share) for share in shares]
    gains = [np.where(scores < cut, outside, right).mean() for cut in cuts]
    return cuts[int(np.argmax(gains))]


def accepting(scores: Floats, share: float) -> float:
    """Return the score that a `share` of these scores reach."""
    return float(np.quantile(scores, 1.0 - share))
