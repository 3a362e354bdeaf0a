"""What an intent is decided by: three heads, their temperature, and the scope."""

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from bot.components.calibration import accepting, fit_temperature, warm
from bot.components.encoder import Reading
from bot.components.encoder_runtime import Encoder, Floats, TopLayers
from bot.components.encoder_tuning import TuningPlan, tune
from bot.components.linear import Labels, LinearHead, Ngrams

logger = logging.getLogger(__name__)

ARRAYS, NGRAMS, FACTS = "arrays.safetensors", "ngrams.json", "facts.json"
HEADS = ("frozen", "tuned", "sparse")
LAYERS = "encoder.layer."


@dataclass(frozen=True)
class HeadPlan:
    """How the heads are trained and weighed."""

    strengths: dict[str, float]
    weights: dict[str, float]
    tuning: TuningPlan
    rehearsal: float
    """Share of the texts held out to choose temperature and threshold."""
    tune_twice_below: int
    """With this many texts, the layers tuned in rehearsal are kept as they are."""
    accepted: float
    """Share of in-scope messages that the threshold must let through."""
    outside: str
    """The intent of messages about something else, if the data have it."""
    nearness: float
    """How much likeness to a training text counts beside the log confidence."""


@dataclass(frozen=True)
class Judged:
    """What the heads think of some messages."""

    chances: Floats
    """(messages, intents)"""
    nearness: Floats
    """Likeness to the nearest training text, in -1..1: (messages,)"""


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
    """Three linear heads: frozen vectors, tuned vectors, counted n-grams."""

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
        intents: int,
        plan: HeadPlan,
        rehearsed: "Committee | None" = None,
    ) -> "Committee":
        """Tune the top layers and fit the heads, going on from what was rehearsed."""
        views = Views.of(readings)
        labels = np.repeat(labels, [len(reading.texts) for reading in readings])
        layers = cls._tuned_layers(readings[0].encoder, views, labels, plan, rehearsed)
        ngrams = rehearsed.ngrams if rehearsed else Ngrams.fit(views.texts)
        features = {
            "frozen": views.frozen,
            "tuned": readings[0].encoder.top(layers)(views.states),
            "sparse": ngrams(views.texts),
        }
        arrays = {**layers}
        for name in HEADS:
            logger.info("Fitting the %s head on %d texts", name, len(labels))
            head = LinearHead.fit(
                features[name],
                labels,
                intents,
                strength=plan.strengths[name],
                start=rehearsed.heads[name] if rehearsed else None,
            )
            arrays |= {f"{name}.matrix": head.matrix, f"{name}.bias": head.bias}
        arrays |= {"known.frozen": views.frozen, "known.tuned": features["tuned"]}
        return cls(arrays, ngrams, plan)

    @staticmethod
    def _tuned_layers(
        encoder: Encoder,
        views: Views,
        labels: Labels,
        plan: HeadPlan,
        rehearsed: "Committee | None",
    ) -> dict[str, Floats]:
        if rehearsed and len(labels) >= plan.tune_twice_below:
            return rehearsed.layers()
        weights, shape = encoder.top_weights(), encoder.exact()
        return tune(weights, shape, views.states, labels, plan.tuning)

    def layers(self) -> dict[str, Floats]:
        """Return the arrays of the tuned layers."""
        arrays = self.arrays
        return {key: arrays[key] for key in arrays if key.startswith(LAYERS)}

    def judge(self, readings: Sequence[Reading]) -> Judged:
        """Let the heads vote on each message."""
        views = Views.of(readings)
        tuned = self._open(readings[0].encoder)(views.states)
        features = {
            "frozen": views.frozen,
            "tuned": tuned,
            "sparse": self.ngrams(views.texts),
        }
        weights = self._plan.weights
        votes = sum(weights[name] * self.heads[name](features[name]) for name in HEADS)
        near = self._nearest("frozen", views.frozen) + self._nearest("tuned", tuned)
        chances = views.mean(np.asarray(votes)) / sum(weights.values())
        return Judged(chances, views.mean(near / 2))

    def _open(self, encoder: Encoder) -> TopLayers:
        # Opened at the first message: the encoder comes with it, not with the model.
        if self._top is None:
            self._top = encoder.top(self.layers())
        return self._top

    def _nearest(self, kind: str, vectors: Floats) -> Floats:
        return np.asarray((vectors @ self.arrays[f"known.{kind}"].T).max(axis=1))


def split(labels: Labels, share: float, draw: np.random.Generator) -> Labels:
    """Choose a share of each label's texts, at least one where there are two."""
    held: list[int] = []
    for label in np.unique(labels):
        rows = draw.permutation(np.flatnonzero(labels == label))
        take = min(max(1, round(share * len(rows))), len(rows) - 1)
        held.extend(rows[:take])
    return np.array(sorted(held), dtype=np.int64)


@dataclass(frozen=True)
class Decision:
    """What is known of one message's intent."""

    chances: Floats
    """Calibrated, one an intent."""
    scope: float
    """How surely the message is about what the intents are about; higher is surer."""

    def ranked(self) -> list[tuple[int, float]]:
        """Return (intent's number, its chance), likeliest first."""
        order = np.argsort(-self.chances, kind="stable").tolist()
        return [(index, float(self.chances[index])) for index in order]


class IntentModel:
    """A committee with calibrated probabilities and a threshold of scope."""

    def __init__(
        self,
        committee: Committee,
        intents: list[str],
        plan: HeadPlan,
        facts: dict[str, float],
    ) -> None:
        self.intents, self.threshold = intents, facts["threshold"]
        self._committee, self._plan, self._facts = committee, plan, facts

    @classmethod
    def fit(
        cls, readings: Sequence[Reading], names: Sequence[str], plan: HeadPlan
    ) -> "IntentModel":
        """Train on texts and their intents."""
        intents = sorted(set(names))
        number = {name: index for index, name in enumerate(intents)}
        labels = np.array([number[name] for name in names])
        facts, rehearsed = rehearse(readings, labels, intents, plan)
        committee = Committee.fit(readings, labels, len(intents), plan, rehearsed)
        return cls(committee, intents, plan, facts)

    def decide(self, readings: Sequence[Reading]) -> list[Decision]:
        """Decide on messages, in order."""
        judged = self._committee.judge(readings)
        chances = warm(judged.chances, self._facts["temperature"])
        inside = np.array([name != self._plan.outside for name in self.intents])
        scopes = scope(judged, chances, inside, self._plan.nearness)
        return [Decision(*pair) for pair in zip(chances, scopes.tolist(), strict=True)]

    def save(self, folder: Path) -> None:
        """Write arrays, n-grams and facts; nothing that runs code when read."""
        save_file(
            {
                key: np.ascontiguousarray(value)
                for key, value in self._committee.arrays.items()
            },
            folder / ARRAYS,
        )
        self._committee.ngrams.save(folder / NGRAMS)
        facts = {"intents": self.intents, **self._facts}
        (folder / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, plan: HeadPlan) -> "IntentModel":
        """Read what `save` wrote."""
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        ngrams = Ngrams.load(folder / NGRAMS)
        committee = Committee(load_file(folder / ARRAYS), ngrams, plan)
        return cls(committee, facts.pop("intents"), plan, facts)


def scope(
    judged: Judged, chances: Floats, inside: npt.NDArray[np.bool_], nearness: float
) -> Floats:
    """Score how surely messages are in scope, by confidence and by likeness."""
    best = np.log(np.maximum((chances * inside).max(axis=1), 1e-6))
    return np.asarray(best + nearness * judged.nearness)


def rehearse(
    readings: Sequence[Reading], labels: Labels, intents: list[str], plan: HeadPlan
) -> tuple[dict[str, float], Committee | None]:
    """Train on a part, and choose temperature and threshold on the rest."""
    draw = np.random.default_rng(plan.tuning.seed)
    held = split(labels, plan.rehearsal, draw)
    if len(held) < len(intents):
        return {"temperature": 1.0, "threshold": -math.inf}, None
    kept = np.setdiff1d(np.arange(len(labels)), held)
    committee = Committee.fit(
        [readings[i] for i in kept], labels[kept], len(intents), plan
    )
    judged = committee.judge([readings[i] for i in held])
    temperature = fit_temperature(judged.chances, labels[held])
    chances = warm(judged.chances, temperature)
    inside = np.array([name != plan.outside for name in intents])
    scores = scope(judged, chances, inside, plan.nearness)
    threshold = accepting(scores[inside[labels[held]]], plan.accepted)
    return {"temperature": temperature, "threshold": threshold}, committee
