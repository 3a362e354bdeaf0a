"""The conditional logit: which of several options is taken."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from journey.learning.linear import Numbers

STEPS = 40
LONGEST = 3.0
"""No weight moves further in one step; the direction stays."""


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
