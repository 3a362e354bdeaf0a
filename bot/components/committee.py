"""Three heads that vote on an intent, each looking at the words in its own way."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack

from bot.components.encoder import Reading
from bot.components.encoder_runtime import Encoder, Floats, TopLayers
from bot.components.encoder_tuning import TuningPlan, middles, some_of_each, tune
from bot.components.linear import Labels, LinearHead, Ngrams
from bot.components.neighbours import Neighbours

logger = logging.getLogger(__name__)

LINEAR, NEAR = ("tuned", "sparse"), "near"
LAYERS = "encoder.layer."
# So many texts tell well enough where an intent's centre is to start from.
TEXTS_A_CENTRE = 20


@dataclass(frozen=True)
class HeadPlan:
    """How the heads are trained and weighed."""

    strengths: dict[str, float]
    weights: dict[str, float]
    """What the votes of the linear heads count."""
    near: tuple[float, ...]
    """What that of the neighbours may count beside them; the rehearsal chooses."""
    tuning: TuningPlan
    rehearsal: float
    """Share of the texts held out to choose temperature and threshold."""
    rehearsal_most: int
    """Texts held out at most; the rest is better used to learn from."""
    tune_twice_below: int
    """With this many texts, the layers tuned in rehearsal are kept as they are."""
    accepted: float
    """Share of in-scope messages that the threshold must let through."""
    spared: float
    """Share of them that may not be called out of scope for a low score alone."""
    outside: str
    """The intent of messages about something else, if the data have it."""


@dataclass(frozen=True)
class Judged:
    """What the heads think of some messages."""

    chances: Floats
    """(messages, intents)"""
    likeness: Floats
    """Likeness to each intent's nearest text, in -1..1: (messages, intents)"""


@dataclass(frozen=True)
class Seen:
    """Messages as the heads look at them, unrolled into the readings of each."""

    tuned: Floats
    counts: csr_matrix
    vectors: Floats
    readings: Labels
    """How many readings each message has."""

    def mean(self, values: Floats) -> Floats:
        """Average what was said of each reading over its message."""
        starts = np.cumsum([0, *self.readings[:-1]])
        sums = np.add.reduceat(values, starts, axis=0)
        counts = self.readings.reshape(-1, *[1] * (values.ndim - 1))
        return np.asarray(sums / counts)

    def __add__(self, other: "Seen") -> "Seen":
        """Put other messages behind these."""
        return Seen(
            np.concatenate([self.tuned, other.tuned]),
            vstack([self.counts, other.counts], "csr"),
            np.concatenate([self.vectors, other.vectors]),
            np.concatenate([self.readings, other.readings]),
        )


class Sight:
    """What turns readings into what the heads look at; learnt before them."""

    def __init__(self, layers: dict[str, Floats], ngrams: Ngrams) -> None:
        """Take the tuned layers' arrays and the n-grams that are counted."""
        self.layers, self.ngrams = layers, ngrams
        self._top: TopLayers | None = None

    @classmethod
    def fit(
        cls,
        readings: Sequence[Reading],
        labels: Labels,
        plan: TuningPlan,
        ngrams: Ngrams | None = None,
    ) -> "Sight":
        """Tune the top layers on texts, and learn their n-grams unless given."""
        labels = np.repeat(labels, [len(reading.texts) for reading in readings])
        states = [one.states for reading in readings for one in reading.encoded]
        layers = tuned(states, labels, readings[0].encoder, plan)
        texts = [text for reading in readings for text in reading.texts]
        return cls(layers, ngrams or Ngrams.fit(texts))

    def __call__(self, readings: Sequence[Reading]) -> Seen:
        """Look at messages."""
        encoded = [one for reading in readings for one in reading.encoded]
        return Seen(
            self._open(readings[0].encoder)([one.states for one in encoded]),
            self.ngrams([text for reading in readings for text in reading.texts]),
            np.stack([one.vector for one in encoded]),
            np.array([len(reading.texts) for reading in readings]),
        )

    def _open(self, encoder: Encoder) -> TopLayers:
        # Opened at the first message: the encoder comes with it, not with the model.
        if self._top is None:
            self._top = encoder.top(self.layers)
        return self._top


def tuned(
    states: Sequence[Floats], labels: Labels, encoder: Encoder, plan: TuningPlan
) -> dict[str, Floats]:
    """Return the encoder's top layers, tuned on the texts."""
    layers = encoder.top_weights()
    some = some_of_each(labels, TEXTS_A_CENTRE)
    before = encoder.top(layers)([states[row] for row in some])
    centres = middles(before, labels[some])
    return tune(layers, encoder.exact(), states, centres, labels, plan)


class Committee:
    """Two linear heads, over tuned vectors and counted n-grams, and the neighbours."""

    def __init__(
        self,
        sight: Sight,
        heads: dict[str, LinearHead],
        neighbours: Neighbours,
        weights: dict[str, float],
    ) -> None:
        """Take what was trained, and what each head's vote counts."""
        self.see, self._heads = sight, heads
        self._neighbours, self._weights = neighbours, weights

    @classmethod
    def fit(
        cls,
        sight: Sight,
        seen: Seen,
        labels: Labels,
        plan: HeadPlan,
        rehearsed: "Committee | None" = None,
    ) -> "Committee":
        """Fit the heads on what the sight saw, going on from what was rehearsed."""
        labels = np.repeat(labels, seen.readings)
        intents, strengths = int(labels.max()) + 1, plan.strengths
        logger.info("Fitting the heads on %d texts", len(labels))
        start = rehearsed._heads["tuned"] if rehearsed else None
        dense = LinearHead.fit(
            seen.tuned, labels, intents, strength=strengths["tuned"], start=start
        )
        sparse = LinearHead.fit_counts(
            seen.counts, labels, intents, strength=strengths["sparse"]
        )
        near = Neighbours.fit(seen.vectors, labels)
        heads = {"tuned": dense, "sparse": sparse}
        return cls(sight, heads, near, plan.weights)

    def counting(self, near: float) -> "Committee":
        """Return the same heads, with so much weight on the neighbours' vote."""
        weights = {**self._weights, NEAR: near}
        return Committee(self.see, self._heads, self._neighbours, weights)

    def judge(self, seen: Seen) -> Judged:
        """Let the heads vote on each message, whatever each vote counts."""
        near, likeness = self._neighbours(seen.vectors)
        votes = {
            "tuned": self._heads["tuned"](seen.tuned),
            "sparse": self._heads["sparse"](seen.counts),
            NEAR: near,
        }
        total = np.asarray(sum(self._weights[x] * votes[x] for x in self._weights))
        whole = sum(self._weights.values())
        return Judged(seen.mean(total) / whole, seen.mean(likeness))

    def arrays(self) -> dict[str, Floats]:
        """Return all arrays by name, for `of`."""
        arrays = {**self.see.layers, **self._neighbours.arrays()}
        for name, head in self._heads.items():
            arrays |= {f"{name}.matrix": head.matrix, f"{name}.bias": head.bias}
        return arrays

    @classmethod
    def of(
        cls, arrays: dict[str, Floats], ngrams: Ngrams, weights: dict[str, float]
    ) -> "Committee":
        """Take what `arrays` gave."""
        layers = {key: arrays[key] for key in arrays if key.startswith(LAYERS)}
        heads = {
            name: LinearHead(arrays[f"{name}.matrix"], arrays[f"{name}.bias"])
            for name in LINEAR
        }
        return cls(Sight(layers, ngrams), heads, Neighbours.of(arrays), weights)
