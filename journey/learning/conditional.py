"""The conditional logit: which of several options is taken, and how surely.

Certainty is calibrated on customers whose answers the weights have not seen.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journey.learning.linear import Linear, Numbers, fit_logistic

STEPS = 40
LONGEST = 3.0
"""No weight moves further in one step; the direction stays."""
RIDGE, RIDGE_CROSSED = 3.0, 20.0
FOLDS = 4
Features = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Choice:
    """One occasion: the options with their features, and which was taken."""

    customer: str
    features: Features
    shown: Sequence[str]
    taken: Sequence[str]


@dataclass(frozen=True)
class Replay:
    """What a log gave at each of its choices: rows, answers, steadiness, customers."""

    table: list[Numbers]
    taken: list[int]
    steady: list[tuple[float, float, float]]
    choices: list[Choice]
    ridge: float = RIDGE

    def foretold(self) -> "Foretold":
        """Return how choices are foretold for customers left out of the weights."""
        place = {x: n % FOLDS for n, x in enumerate(sorted(self._customers()))}
        folds = np.array([place[choice.customer] for choice in self.choices])
        facts, right = [], []
        for fold in range(min(FOLDS, len(place)) if len(place) > 1 else 0):
            weights = self.fit(np.flatnonzero(folds != fold))
            for n in np.flatnonzero(folds == fold):
                chances = softmax(self.table[n] @ weights)
                facts.append(certainty(chances, self.steady[n]))
                right.append(float(chances.argmax() == self.taken[n]))
        return Foretold(facts, right)

    def _customers(self) -> set[str]:
        return {choice.customer for choice in self.choices}

    def fit(self, chosen: NDArray[np.int64]) -> Numbers:
        """Fit the weights of a conditional logit to some of the choices (Newton)."""
        taken = [self.taken[n] for n in chosen]
        return fit_conditional([self.table[n] for n in chosen], taken, self.ridge)


@dataclass(frozen=True)
class Foretold:
    """What certainty was read from, and whether the first choice was right."""

    facts: list[Numbers]
    right: list[float]

    @property
    def hits(self) -> float:
        """How many first choices were right."""
        return sum(self.right)

    def sureness(self) -> Linear | None:
        """Fit the probability that a first choice is right."""
        if not self.facts:
            return None
        return fit_logistic(np.array(self.facts), np.array(self.right), ridge=5.0)


def fit_conditional(
    table: Sequence[Numbers], taken: Sequence[int], ridge: float
) -> Numbers:
    """Fit weights to choices, each with its own options (options, features)."""
    size = max(len(rows) for rows in table)
    x = np.zeros((len(table), size, table[0].shape[1]))
    mask = np.full((len(table), size), -np.inf)
    for number, rows in enumerate(table):
        x[number, : len(rows)] = rows
        mask[number, : len(rows)] = 0
    return _conditional(x, mask, np.array(taken), ridge)


def _conditional(
    x: Numbers, mask: Numbers, taken: NDArray[np.int64], ridge: float
) -> Numbers:
    """Return the weights that make what was taken likeliest, shrunk by `ridge`.

    Shapes: x (choices, options, features), mask (choices, options) with -inf where
    there is no option, taken (choices,).
    """
    spread = x.reshape(-1, x.shape[2]).std(0)
    spread[spread < 1e-9] = 1.0
    x, weights = x / spread, np.zeros(x.shape[2])
    hit = x[np.arange(len(x)), taken]
    for _ in range(STEPS):
        chances = softmax(x @ weights + mask)
        mean = np.einsum("no,nof->nf", chances, x)
        slope = (hit - mean).sum(0) - ridge * weights
        flat, share = x.reshape(-1, x.shape[2]), chances.reshape(-1, 1)
        curve = (flat * share).T @ flat - mean.T @ mean + ridge * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights = weights + step * min(1.0, LONGEST / np.abs(step).max())
        if np.abs(step).max() < 1e-4:
            break
    plain: Numbers = weights / spread
    return plain


def softmax(scores: Numbers) -> Numbers:
    """Return probabilities of scores, over the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    found: Numbers = raised / raised.sum(-1, keepdims=True)
    return found


def certainty(chances: Numbers, steady: tuple[float, float, float]) -> Numbers:
    """Return what the certainty of a first choice is read from."""
    first = float(chances.max())
    odds = math.log((first + 1e-6) / (1 - first + 1e-6))
    return np.array([odds, *steady])
