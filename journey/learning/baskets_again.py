"""How well the next visit's items are foretold, beside what is popular or usual."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from journey.learning.evaluation import NextBasket

LISTED, SHOWN = 10, 4
MOST = 2000
"""So many visits at most are asked about, drawn evenly."""


@dataclass
class Visit:
    """What one customer took on one day."""

    customer: str
    at: float
    items: Sequence[str]


@dataclass(frozen=True)
class Hits:
    """The mean share of a visit's items in a list of ten, and visits hit by four."""

    recall: float
    hit: float


Recommend = Callable[[str, float], Sequence[str]]


class Counts:
    """What the baselines know: how often each item was taken, by all and by each."""

    def __init__(self, visits: Sequence[Visit]) -> None:
        """Count the visits before the test."""
        self.popular = Counter[str]()
        self.own = defaultdict[str, Counter[str]](Counter)
        self.last: dict[str, Sequence[str]] = {}
        for visit in visits:
            self.take(visit)

    def take(self, visit: Visit) -> None:
        """Take in one more visit."""
        self.popular.update(visit.items)
        self.own[visit.customer].update(visit.items)
        self.last[visit.customer] = visit.items

    def usual(self, customer: str) -> list[str]:
        """Return what a customer took most, then what is popular."""
        return self._filled([x for x, _ in self.own[customer].most_common(LISTED)])

    def again(self, customer: str) -> list[str]:
        """Return the last visit's items, then what is popular."""
        return self._filled(list(self.last.get(customer, ())))

    def _filled(self, first: list[str]) -> list[str]:
        more = [x for x, _ in self.popular.most_common(2 * LISTED) if x not in first]
        return [*first, *more][:LISTED]


def evaluate_baskets(
    visits: Sequence[Visit], cutoff: float, random: Random
) -> Mapping[str, Hits]:
    """Fit before the cutoff and foretell each visit after it, one after another.

    Raises:
        ValueError: there is nothing before or after the cutoff.
    """
    ordered = sorted(visits, key=lambda x: (x.at, x.customer))
    before = [x for x in ordered if x.at < cutoff]
    after = [x for x in ordered if x.at >= cutoff]
    if not before or not after:
        raise ValueError("the cutoff leaves no visits before it or after it")
    model, counts = NextBasket(), Counts(before)
    model.fit(before)
    asked = set(random.sample(range(len(after)), min(MOST, len(after))))
    ways: Mapping[str, Recommend] = {
        "journey": lambda who, at: model.recommend(who, LISTED, at),
        "usual for the customer": lambda who, _: counts.usual(who),
        "the last visit": lambda who, _: counts.again(who),
        "popular": lambda _, __: counts.usual(""),
    }
    found: dict[str, list[tuple[float, bool]]] = {name: [] for name in ways}
    for number, visit in enumerate(after):
        for name, recommend in ways.items() if number in asked else ():
            found[name].append(_score(visit, recommend(visit.customer, visit.at)))
        counts.take(visit)
        model.observe(visit)
    return {name: _mean(scores) for name, scores in found.items()}


def _score(visit: Visit, listed: Sequence[str]) -> tuple[float, bool]:
    wanted = set(visit.items)
    share = len(wanted & set(listed)) / len(wanted)
    return share, bool(wanted & set(listed[:SHOWN]))


def _mean(scores: Sequence[tuple[float, bool]]) -> Hits:
    shares, hits = zip(*scores, strict=True)
    return Hits(sum(shares) / len(shares), sum(hits) / len(hits))
