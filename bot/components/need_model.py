"""How surely each need was heard, from sentence vectors, words and cues together.

Two linear models score a text, one over its vector and one over its stems; each knows
the needs and "none of them". The training texts nearest to it vote, too. A small
logistic regression, shared by all needs and fitted on scores of texts that the models
did not see, turns scores and cues into a probability. Messages without a vector, and
needs that were never trained, have their own such calibration over what there is.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.components.need_scores import (
    FOLDS,
    fit_linear,
    neighbours,
    odds,
    unseen_scores,
    unseen_votes,
    votes,
)
from bot.components.neighbours import Neighbours

Floats = npt.NDArray[np.float64]
ARRAYS, FACTS = "needs.npz", "needs.json"
STRENGTH = {"dense": 5.0, "sparse": 10.0}
LEAST_TEXTS = 5
RAREST = 2
UNTRAINED = {"cues": ([4.5, 0.7, -1.0], -3.0)}
"""Weights of (best fit, other cues, best of other needs) and bias; one cue is 0.8."""


@dataclass(frozen=True)
class Heard:
    """What a text offers: stems, cue features and, when encoded, its vector."""

    stems: list[str]
    cues: dict[str, tuple[float, int]]
    """Need → (best fit, how many of its cues)."""
    vector: Floats | None = None
    quoted: bool = False
    """Whether this is a cue phrase itself: it teaches the scores, not how to weigh."""


class NeedModel:
    """Probabilities of needs; without training, by cues alone."""

    def __init__(self, arrays: dict[str, Floats], facts: dict[str, Any]) -> None:
        self.needs: list[str] = facts["needs"]
        self._arrays = arrays
        self._facts = facts
        self._place = {stem: i for i, stem in enumerate(facts["stems"])}
        self._column = {need: i for i, need in enumerate(self.needs)}
        self._calibrations = {**UNTRAINED, **facts["calibrations"]}
        self._near = Neighbours.of(arrays) if "near.texts" in arrays else None

    @classmethod
    def untrained(cls) -> "NeedModel":
        """Return the model that knows cues only."""
        return cls({}, {"needs": [], "stems": [], "calibrations": {}})

    @classmethod
    def fit(
        cls, texts: Sequence[Heard], labels: Sequence[list[str]], seed: int
    ) -> "NeedModel":
        """Train on texts and the needs that each speaks of; an empty list is none."""
        counts = Counter(need for some in labels for need in some)
        needs = sorted(n for n, c in counts.items() if c >= LEAST_TEXTS)
        if len(needs) < 2 or all(text.quoted for text in texts):
            return cls.untrained()
        pairs = [
            (t, s) for t, s in zip(texts, labels, strict=True) if set(s) <= set(needs)
        ]
        texts, labels = [t for t, _ in pairs], [s for _, s in pairs]
        known = Counter(stem for text in texts for stem in set(text.stems))
        stems = sorted(stem for stem, count in known.items() if count >= RAREST)
        model = cls({}, {"needs": needs, "stems": stems, "calibrations": {}})
        wanted = np.array([[need in some for need in needs] for some in labels])
        model._learn(texts, wanted, seed)
        return model

    def _learn(
        self, texts: Sequence[Heard], wanted: npt.NDArray[np.bool_], seed: int
    ) -> None:
        views: dict[str, Any] = {"sparse": self._counts(texts)}
        vectors = [text.vector for text in texts if text.vector is not None]
        if len(vectors) == len(texts):
            views["dense"] = np.stack(vectors).astype(np.float32)
        folds = np.random.default_rng(seed).permutation(len(texts)) % FOLDS
        weighed = np.array([not text.quoted for text in texts])
        folds[~weighed] = FOLDS
        scores = {}
        for kind, features in views.items():
            unseen = unseen_scores(features, wanted, folds, STRENGTH[kind])
            scores[kind] = unseen[weighed]
            matrix, bias = fit_linear(features, wanted, STRENGTH[kind])
            self._arrays |= {f"{kind}.matrix": matrix, f"{kind}.bias": bias}
        if "dense" in views:
            unseen = unseen_votes(views["dense"], wanted, folds)
            scores["near"] = unseen[weighed]
            self._near = neighbours(views["dense"], wanted)
            self._arrays |= self._near.arrays()
        heard = [text for text in texts if not text.quoted]
        cues = np.stack([self._cue_features(text) for text in heard])
        for kind in ("sparse", "cues", *(("full",) if "dense" in scores else ())):
            rows = _rows(kind, scores, cues)
            self._calibrations[kind] = _calibration(rows, wanted[weighed])
        self._facts["calibrations"] = dict(self._calibrations)

    def probabilities(self, text: Heard) -> dict[str, float]:
        """Return the probability of each trained need, and of needs with a cue."""
        chances = {need: self._by_cues(text, need) for need in text.cues}
        if self.needs:
            scores = {"sparse": self._score("sparse", self._counts([text]))}
            if text.vector is not None and "dense.matrix" in self._arrays:
                scores["dense"] = self._score("dense", text.vector[None])
            if "dense" in scores and self._near:
                scores["near"] = votes(self._near, text.vector[None], len(self.needs))
            kind = "full" if "dense" in scores else "sparse"
            rows = _rows(kind, scores, self._cue_features(text)[None])[0]
            weights, bias = self._calibrations[kind]
            trained = _logistic(rows @ np.asarray(weights) + bias)
            chances |= dict(zip(self.needs, trained.tolist(), strict=True))
        return chances

    def weight(self, stem: str, need: str) -> float:
        """Return how much a stem speaks for a need; 0 when unknown."""
        place, column = self._place.get(stem), self._column.get(need)
        if place is None or column is None:
            return 0.0
        return float(self._arrays["sparse.matrix"][place, column])

    def _by_cues(self, text: Heard, need: str) -> float:
        weights, bias = self._calibrations["cues"]
        row = np.array(_cue_row(text, need))
        return float(_logistic(row @ np.asarray(weights) + bias))

    def _counts(self, texts: Sequence[Heard]) -> csr_matrix:
        """Mark the stems that each text says, in rows of length one."""
        known = self._place
        places = [sorted({known[s] for s in t.stems if s in known}) for t in texts]
        ends = np.cumsum([0, *map(len, places)])
        cells = [1.0 / np.sqrt(len(row)) for row in places for _ in row]
        shape = (len(texts), len(self._place))
        return csr_matrix((cells, list(chain.from_iterable(places)), ends), shape)

    def _cue_features(self, text: Heard) -> Floats:
        return np.array([_cue_row(text, need) for need in self.needs])

    def _score(self, kind: str, features: Any) -> Floats:
        found = features @ self._arrays[f"{kind}.matrix"] + self._arrays[f"{kind}.bias"]
        return odds(np.asarray(found))

    def save(self, folder: Path) -> None:
        """Write arrays and facts; nothing that runs code when read."""
        np.savez_compressed(
            folder / ARRAYS,
            **{k: v.astype(np.float32) for k, v in self._arrays.items()},
        )
        (folder / FACTS).write_text(json.dumps(self._facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "NeedModel":
        """Read what `save` wrote."""
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS) as arrays:
            return cls({key: arrays[key] for key in arrays.files}, facts)


def _cue_row(text: Heard, need: str) -> list[float]:
    fit, count = text.cues.get(need, (0.0, 0))
    others = [one[0] for other, one in text.cues.items() if other != need]
    return [fit, float(max(0, count - 1)), max(others, default=0.0)]


def _rows(kind: str, scores: dict[str, Floats], cues: Floats) -> Floats:
    """Return features (texts, needs, n) of the calibration of that kind."""
    views = {"cues": (), "sparse": ("sparse",), "full": ("dense", "sparse", "near")}
    parts = [cues[..., i] for i in range(cues.shape[-1])]
    return np.stack([*parts, *(scores[view] for view in views[kind])], axis=-1)


def _calibration(
    rows: Floats, wanted: npt.NDArray[np.bool_]
) -> tuple[list[float], float]:
    model = LogisticRegression(C=1.0, max_iter=500)
    model.fit(rows.reshape(-1, rows.shape[-1]), wanted.reshape(-1))
    return model.coef_[0].tolist(), float(model.intercept_[0])


def _logistic(odds: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30)))
