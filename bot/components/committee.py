"""Two heads that vote on an intent, from two views of the same words."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.components.encoder import Reading
from bot.components.encoder_runtime import Encoder, Floats, TopLayers
from bot.components.encoder_tuning import TuningPlan, middles, tune
from bot.components.linear import Labels, LinearHead, Ngrams

logger = logging.getLogger(__name__)

HEADS = ("tuned", "sparse")
LAYERS = "encoder.layer."


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
    nearness: float
    """How much likeness to an intent's centre counts beside the log confidence."""


@dataclass(frozen=True)
class Judged:
    """What the heads think of some messages."""

    chances: Floats
    """(messages, intents)"""
    nearness: Floats
    """Likeness to each intent's centre, in -1..1: (messages, intents)"""


@dataclass(frozen=True)
class Views:
    """Messages unrolled into the readings of each."""

    texts: list[str]
    frozen: Floats
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


class Committee:
    """Two linear heads: tuned vectors, counted n-grams."""

    def __init__(
        self, arrays: dict[str, Floats], ngrams: Ngrams, plan: HeadPlan
    ) -> None:
        self.arrays, self.ngrams, self._plan = arrays, ngrams, plan
        self.heads = {
            name: LinearHead(arrays[f"{name}.matrix"], arrays[f"{name}.bias"])
            for name in HEADS
        }
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
            weights, shape = encoder.top_weights(), encoder.exact()
            layers = tune(
                weights, shape, views.states, views.frozen, labels, plan.tuning
            )
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
        arrays = {**layers, "centres": middles(views.frozen, labels)}
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
        tuned = self._open(readings[0].encoder)(views.states)
        features = {
            "tuned": tuned,
            "sparse": self.ngrams(views.texts),
        }
        weights = self._plan.weights
        votes = sum(weights[name] * self.heads[name](features[name]) for name in HEADS)
        chances = views.mean(np.asarray(votes)) / sum(weights.values())
        return Judged(chances, views.mean(views.frozen @ self.arrays["centres"].T))

    def _open(self, encoder: Encoder) -> TopLayers:
        # Opened at the first message: the encoder comes with it, not with the model.
        if self._top is None:
            self._top = encoder.top(self.layers())
        return self._top
