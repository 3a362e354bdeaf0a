"""A committee's votes as calibrated decisions, and what is out of scope."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from bot.components.calibration import (
    Certainty,
    accepting,
    fit_certainty,
    fit_temperature,
    refusing,
    warm,
    weigh,
)
from bot.components.committee import Committee, HeadPlan, Judged, Seen, Sight
from bot.components.encoder import Reading
from bot.components.encoder_runtime import Floats
from bot.components.linear import Labels, Ngrams

ARRAYS, NGRAMS, FACTS = "arrays.safetensors", "ngrams.json", "facts.json"
NEVER = -1e9
# A chance of being out of scope that does not count yet.
HARDLY = 0.01
# What each evidence of scope counts where nothing out of scope is there to learn it
# from. Of 0 to 16 for likeness, tried on left-out domains of HWU64, 4 refused most
# without making confidences less true.
UNTAUGHT = (1.0, -1.0, 4.0, 0.0)


@dataclass(frozen=True)
class Rehearsed:
    """What training on a part and testing on the rest taught."""

    temperature: float = 1.0
    certainty: Certainty | None = None
    threshold: float = NEVER
    """Scope that the wanted share of in-scope messages reaches."""
    weights: tuple[float, ...] = UNTAUGHT
    """What each evidence of scope counts."""
    refused_below: float = NEVER
    """Scope below which calling a message out of scope was right more often."""
    near: float = 0.0
    """What the vote of the nearest texts counts: with few of them they mislead."""


@dataclass(frozen=True)
class Decision:
    """What is known of one message's intent."""

    chances: Floats
    """Calibrated, one an intent; what they lack to 1 is for none of them."""
    scope: float
    """How surely the message is about what the intents are about; higher is surer."""

    def ranked(self) -> list[tuple[int, float]]:
        """Return (intent's number, its chance), likeliest first."""
        order = np.argsort(-self.chances, kind="stable").tolist()
        return [(index, float(self.chances[index])) for index in order]


def split(labels: Labels, share: float, draw: np.random.Generator) -> Labels:
    """Choose a share of each label's texts, at least one where there are two."""
    held: list[int] = []
    for label in np.unique(labels):
        rows = draw.permutation(np.flatnonzero(labels == label))
        take = min(max(1, round(share * len(rows))), len(rows) - 1)
        held.extend(rows[:take])
    return np.array(sorted(held), dtype=np.int64)


def best_near(
    part: Committee, seen: Seen, labels: Labels, choices: Sequence[float]
) -> float:
    """Return the weight of the neighbours' vote with which most texts were right."""

    def right(near: float) -> int:
        chances = part.counting(near).judge(seen).chances
        return int((chances.argmax(axis=1) == labels).sum())

    return max(sorted(choices), key=right)


def evidence(judged: Judged, inside: npt.NDArray[np.bool_]) -> Floats:
    """Return what tells whether messages are in scope: (messages, 4).

    The log of the highest confidence, the chance of being out of scope, and likeness to
    the nearest training text in scope and out of it; 0 where the data have no such.
    """
    found = np.zeros((len(judged.chances), len(UNTAUGHT)))
    if inside.any():
        best = judged.chances[:, inside].max(axis=1)
        found[:, 0] = np.log(np.maximum(best, 1e-6))
        found[:, 2] = judged.likeness[:, inside].max(axis=1)
    if not inside.all():
        found[:, 1] = np.log1p(judged.chances[:, ~inside].sum(axis=1) / HARDLY)
        found[:, 3] = judged.likeness[:, ~inside].max(axis=1)
    return found


class IntentModel:
    """A committee with what its rehearsal taught."""

    def __init__(
        self,
        committee: Committee,
        intents: list[str],
        plan: HeadPlan,
        rehearsed: Rehearsed,
    ) -> None:
        """Take a trained committee; `intents` are in the order of its labels."""
        self.intents, self.rehearsed = intents, rehearsed
        self._committee, self._plan = committee, plan
        self._inside = np.array([name != plan.outside for name in intents])

    @classmethod
    def fit(
        cls, readings: Sequence[Reading], names: Sequence[str], plan: HeadPlan
    ) -> "IntentModel":
        """Train on texts and their intents."""
        intents = sorted(set(names))
        number = {name: index for index, name in enumerate(intents)}
        labels = np.array([number[name] for name in names])
        share = min(plan.rehearsal, plan.rehearsal_most / len(labels))
        held = split(labels, share, np.random.default_rng(plan.tuning.seed))
        if len(held) >= len(intents):
            return cls._rehearse(readings, labels, intents, plan, held)
        sight = Sight.fit(readings, labels, plan.tuning)
        whole = Committee.fit(sight, sight(readings), labels, plan)
        return cls(whole, intents, plan, Rehearsed())

    @classmethod
    def _rehearse(
        cls,
        readings: Sequence[Reading],
        labels: Labels,
        intents: list[str],
        plan: HeadPlan,
        held: Labels,
    ) -> "IntentModel":
        """Train on what is not held, learn from what is held, train on all."""
        kept = np.setdiff1d(np.arange(len(labels)), held)
        some = [readings[index] for index in kept]
        sight = Sight.fit(some, labels[kept], plan.tuning)
        seen, tested = sight(some), sight([readings[index] for index in held])
        part = Committee.fit(sight, seen, labels[kept], plan)
        near = best_near(part, tested, labels[held], plan.near)
        tried = cls(part.counting(near), intents, plan, Rehearsed(near=near))
        taught = tried.learn(tested, labels[held])
        if len(labels) >= plan.tune_twice_below:
            labels, every = np.concatenate([labels[kept], labels[held]]), seen + tested
        else:
            sight = Sight.fit(readings, labels, plan.tuning, sight.ngrams)
            every = sight(readings)
        whole = Committee.fit(sight, every, labels, plan, part)
        return cls(whole.counting(near), intents, plan, taught)

    def learn(self, seen: Seen, labels: Labels) -> Rehearsed:
        """Learn temperature, certainty and thresholds from texts never trained on."""
        judged = self._committee.judge(seen)
        found = evidence(judged, self._inside)
        right = judged.chances.argmax(axis=1) == labels
        inside = self._inside[labels]
        weights, refused = UNTAUGHT, NEVER
        if inside.any() and not inside.all():
            weights = weigh(found, inside)
            refused = refusing(found @ weights, right, ~inside, self._plan.spared)
        scopes = (found @ weights)[inside]
        return Rehearsed(
            fit_temperature(judged.chances, labels),
            fit_certainty(scopes, right[inside]) if inside.any() else None,
            accepting(scopes, self._plan.accepted) if inside.any() else NEVER,
            weights,
            refused,
            self.rehearsed.near,
        )

    def decide(self, readings: Sequence[Reading]) -> list[Decision]:
        """Decide on messages, in order."""
        judged = self._committee.judge(self._committee.see(readings))
        chances = warm(judged.chances, self.rehearsed.temperature)
        scopes = evidence(judged, self._inside) @ self.rehearsed.weights
        return [
            Decision(self._tempered(each, score), score)
            for each, score in zip(chances, scopes.tolist(), strict=True)
        ]

    def _tempered(self, chances: Floats, score: float) -> Floats:
        best = int(chances.argmax())
        if self.rehearsed.certainty is None or not self._inside[best]:
            return chances
        sure = self.rehearsed.certainty(score)
        others = chances * min(1.0, (1 - sure) / max(1 - chances[best], 1e-6))
        tempered = np.minimum(others, sure)
        tempered[best] = sure
        return np.asarray(tempered)

    def save(self, folder: Path) -> None:
        """Write arrays, n-grams and facts; nothing that runs code when read."""
        arrays = self._committee.arrays()
        save_file(
            {key: np.ascontiguousarray(value) for key, value in arrays.items()},
            folder / ARRAYS,
        )
        self._committee.see.ngrams.save(folder / NGRAMS)
        facts = {"intents": self.intents, "rehearsed": asdict(self.rehearsed)}
        (folder / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, plan: HeadPlan) -> "IntentModel":
        """Read what `save` wrote."""
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        said = facts["rehearsed"]
        certainty = said["certainty"] and Certainty(**said["certainty"])
        weights = tuple(said["weights"])
        taught = Rehearsed(**{**said, "certainty": certainty, "weights": weights})
        ngrams = Ngrams.load(folder / NGRAMS)
        committee = Committee.of(load_file(folder / ARRAYS), ngrams, plan.weights)
        return cls(committee.counting(taught.near), facts["intents"], plan, taught)
