"""Scores of needs: linear models over a view of the texts, and the nearest texts."""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from bot.components.neighbours import Neighbours

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
FOLDS = 3
ABSENT = -20.0


def with_none(wanted: Marks) -> Marks:
    """Add a column for texts that speak of no need."""
    return np.hstack([wanted, ~wanted.any(axis=1, keepdims=True)])


def fit_linear(features: Any, wanted: Marks, strength: float) -> tuple[Floats, Floats]:
    """Fit over the needs and none; returns (features, needs + 1) and (needs + 1,).

    A text with two needs counts half for each.
    """
    rows, labels = np.nonzero(with_none(wanted))
    share = 1.0 / np.maximum(1, wanted.sum(axis=1))[rows]
    model = LogisticRegression(C=strength, max_iter=60, tol=1e-2)
    with warnings.catch_warnings():
        # Stopped early on purpose: more steps fit the utterances, not the customers.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features[rows], labels, sample_weight=share)
    matrix = np.zeros((features.shape[1], wanted.shape[1] + 1))
    bias = np.full(wanted.shape[1] + 1, ABSENT)
    if len(model.classes_) > 2:
        matrix[:, model.classes_], bias[model.classes_] = (
            model.coef_.T,
            model.intercept_,
        )
    else:
        matrix[:, model.classes_[1]] = model.coef_[0]
        bias[model.classes_] = 0.0, model.intercept_[0]
    return matrix, bias


def odds(scores: Floats) -> Floats:
    """Return the log-odds of each need against all else, the last column being none."""
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = shares / shares.sum(axis=1, keepdims=True)
    chances = np.clip(chances[:, :-1], 1e-5, 1 - 1e-5)
    return np.asarray(np.log(chances / (1.0 - chances)))


def unseen_scores(
    features: Any, wanted: Marks, folds: npt.NDArray[Any], c: float
) -> Floats:
    """Score each text by a model that was trained without it."""
    scores = np.zeros(wanted.shape)
    for fold in range(FOLDS):
        held = folds == fold
        matrix, bias = fit_linear(features[~held], wanted[~held], c)
        scores[held] = odds(np.asarray(features[held] @ matrix + bias))
    return scores


def neighbours(vectors: Floats, wanted: Marks) -> Neighbours:
    """Remember the texts of each need and, last, those of none."""
    rows, labels = np.nonzero(with_none(wanted))
    _, labels = np.unique(labels, return_inverse=True)
    return Neighbours.fit(vectors[rows], labels)


def votes(near: Neighbours, vectors: Floats, needs: int) -> Floats:
    """Return the log-odds that the nearest texts give each need."""
    chances = np.clip(near(vectors)[0][:, :needs], 1e-5, 1 - 1e-5)
    return np.asarray(np.log(chances / (1.0 - chances)))


def unseen_votes(vectors: Floats, wanted: Marks, folds: npt.NDArray[Any]) -> Floats:
    """Let the texts of the other folds vote on each text."""
    scores = np.full(wanted.shape, ABSENT)
    for fold in range(FOLDS):
        held = folds == fold
        near = neighbours(vectors[~held], wanted[~held])
        known = wanted[~held].any(axis=0)
        found = votes(near, vectors[held], int(known.sum()))
        scores[np.ix_(held, known)] = found
    return scores
