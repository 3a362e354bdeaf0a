"""Three heads that vote on an intent, from three views of the same words."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
class Views:
    """Messages unrolled into the readings of each."""

    texts: list[str]
    vectors: Floats
    states: list[Floats]
    starts: npt.NDArray[np.int64]
    """Where each message's first reading stands."""

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> "Views":
        """Unroll the readings."""
        counts = [len(reading.texts) for reading in readings]
        encoded = [one for reading in readings for one in reading.encoded]
        return cls(
            [text for reading in readings for text in reading.texts],
            np.stack([one.vector for one in encoded]),
            [one.states for one in encoded],
            np.cumsum([0, *counts[:-1]]),
        )

    def mean(self, values: Floats) -> Floats:
        """Average what was said of each reading over its message."""
        ends = [*self.starts[1:], len(self.texts)]
        counts = np.diff([*self.starts, ends[-1]])
        sums = np.add.reduceat(values, self.starts, axis=0)
        return np.asarray(sums / counts.reshape(-1, *[1] * (values.ndim - 1)))


def tuned(
    views: Views, labels: Labels, encoder: Encoder, plan: TuningPlan
) -> dict[str, Floats]:
    """Return the encoder's top layers, tuned on the texts."""
    layers = encoder.top_weights()
    some = some_of_each(labels, TEXTS_A_CENTRE)
    before = encoder.top(layers)([views.states[row] for row in some])
    centres = middles(before, labels[some])
    return tune(layers, encoder.exact(), views.states, centres, labels, plan)


class Committee:
    """Two linear heads, over tuned vectors and counted n-grams, and the neighbours."""

    def __init__(
        self, arrays: dict[str, Floats], ngrams: Ngrams, plan: HeadPlan
    ) -> None:
        self.arrays, self.ngrams, self._plan = arrays, ngrams, plan
        self.heads = {
            name: LinearHead(arrays[f"{name}.matrix"], arrays[f"{name}.bias"])
            for name in LINEAR
        }
        self._neighbours = Neighbours.of(arrays)
        self._top: TopLayers | None = None

    @classmethod
    def fit(
        cls,
        readings: Sequence[Reading],
        labels: Labels,
        intents: Sequence[str],
        plan: HeadPlan,
        rehearsed: "Committee | None" = None,
    ) -> "Committee":
        """Tune the top layers and fit the heads, going on from what was rehearsed."""
        views, encoder = Views.of(readings), readings[0].encoder
        labels = np.repeat(labels, [len(reading.texts) for reading in readings])
        if rehearsed and len(labels) >= plan.tune_twice_below:
            layers = rehearsed.layers()
        else:
            layers = tuned(views, labels, encoder, plan.tuning)
        ngrams = rehearsed.ngrams if rehearsed else Ngrams.fit(views.texts)
        logger.info("Fitting the heads on %d texts", len(labels))
        heads = {
            "tuned": LinearHead.fit(
                encoder.top(layers)(views.states),
                labels,
                len(intents),
                strength=plan.strengths["tuned"],
                start=rehearsed.heads["tuned"] if rehearsed else None,
            ),
            "sparse": LinearHead.fit_counts(
                ngrams(views.texts),
                labels,
                len(intents),
                strength=plan.strengths["sparse"],
            ),
        }
        arrays = {**layers, **Neighbours.fit(views.vectors, labels).arrays()}
        for name, head in heads.items():
            arrays |= {f"{name}.matrix": head.matrix, f"{name}.bias": head.bias}
        return cls(arrays, ngrams, plan)

    def layers(self) -> dict[str, Floats]:
        """Return the arrays of the tuned layers."""
        arrays = self.arrays
        return {key: arrays[key] for key in arrays if key.startswith(LAYERS)}

    def judge(self, readings: Sequence[Reading]) -> Judged:
        """Let the heads vote on each message."""
        views = Views.of(readings)
        near, likeness = self._neighbours(views.vectors)
        votes = {
            "tuned": self.heads["tuned"](self._open(readings[0].encoder)(views.states)),
            "sparse": self.heads["sparse"](self.ngrams(views.texts)),
            NEAR: near,
        }
        weights = self._plan.weights
        total = np.asarray(sum(weights[name] * votes[name] for name in votes))
        return Judged(views.mean(total) / sum(weights.values()), views.mean(likeness))

    def _open(self, encoder: Encoder) -> TopLayers:
        # Opened at the first message: the encoder comes with it, not with the model.
        if self._top is None:
            self._top = encoder.top(self.layers())
        return self._top
