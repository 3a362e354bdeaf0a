"""How well the one that is taken of a few is foretold, beside what is usual."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from journey.learning.evaluation import Repeat
from journey.learning.needs_again import PRECISIONS, curve

MODEL = "journey"


class Occasion(Protocol):
    """What one customer could take, each with its numbers, and took."""

    @property
    def customer(self) -> str:
        """Who."""

    @property
    def options(self) -> Mapping[str, tuple[float, ...]]:
        """What could be taken."""

    @property
    def taken(self) -> str:
        """What was taken."""


@dataclass
class Interaction:
    """An occasion as the learner takes it."""

    customer: str
    context: dict[str, Any]
    shown: list[str]
    accepted: list[str]


@dataclass(frozen=True)
class Right:
    """How often the first choice was right, and what could be done without asking."""

    first: float
    unasked: Mapping[float, float] | None = None


@dataclass
class Counts:
    """What the baselines know."""

    popular: Counter[str] = field(default_factory=Counter)
    own: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    last: dict[str, str] = field(default_factory=dict)

    def take(self, one: Occasion) -> None:
        """Take in one more occasion."""
        self.popular[one.taken] += 1
        self.own[one.customer][one.taken] += 1
        self.last[one.customer] = one.taken

    def most_popular(self, one: Occasion) -> str:
        """Return what most took."""
        return max(sorted(one.options), key=lambda x: self.popular[x])

    def usual(self, one: Occasion) -> str:
        """Return what the customer took most; for a new one what most took."""
        mine = self.own[one.customer]
        return max(sorted(one.options), key=lambda x: (mine[x], self.popular[x]))

    def again(self, one: Occasion) -> str:
        """Return what the customer took last; for a new one what most took."""
        last = self.last.get(one.customer, "")
        return last if last in one.options else self.most_popular(one)


def evaluate_choices(
    before: Sequence[Occasion], after: Sequence[Occasion]
) -> Mapping[str, Right]:
    """Learn from what was before, and foretell what is after, one after another.

    Raises:
        ValueError: there is nothing before or after.
    """
    if not before or not after:
        raise ValueError("the cutoff leaves no choices before it or after it")
    model, counts = Repeat(), Counts()
    model.fit([_as_interaction(one) for one in before])
    for one in before:
        counts.take(one)
    ways: Mapping[str, Callable[[Occasion], str]] = {
        "usual for the customer": counts.usual,
        "the last one": counts.again,
        "popular": counts.most_popular,
    }
    right = defaultdict[str, list[bool]](list)
    sure = list[float]()
    for one in after:
        found = _as_interaction(one)
        asked = (one.customer, found.context, found.shown)
        right[MODEL].append(model.choose(*asked, 1)[0] == one.taken)
        sure.append(model.sure(*asked))
        for name, choose in ways.items():
            right[name].append(choose(one) == one.taken)
        counts.take(one)
        model.learn(*asked, found.accepted)
    figures = {name: Right(sum(hits) / len(hits)) for name, hits in right.items()}
    figures[MODEL] = Right(figures[MODEL].first, _unasked(sure, right[MODEL]))
    return figures


def _unasked(sure: Sequence[float], right: Sequence[bool]) -> Mapping[float, float]:
    """Return by precision the share of occasions that need no question."""
    hits = np.array(right, bool)
    precision, recall = curve(np.array(sure), hits)
    share = recall * hits.sum() / np.maximum(precision, 1e-9) / len(hits)
    return {
        least: float(share[precision >= least].max(initial=0.0)) for least in PRECISIONS
    }


def _as_interaction(one: Occasion) -> Interaction:
    context: dict[str, Any] = {"features": dict(one.options)}
    return Interaction(one.customer, context, list(one.options), [one.taken])
