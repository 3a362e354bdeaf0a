"""How well the next need is foretold: before a cutoff fitted, after it tested.

Beside the model stand what messages and mandates go by, and what one would do without
either: the last interval, the personal mean and median, and the median of the category.
All are asked at the same moments.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median

import numpy as np
from numpy.typing import NDArray

from journey.learning.evaluation import Replenish
from journey.learning.linear import Numbers
from journey.learning.renewals_again import FORECAST, Renewals

MODEL = "journey"

PRECISIONS = (0.9, 0.95)
Purchase = tuple[str, str, str, float, float]
"""Customer, product, its category, the day, and how many pieces."""
Key = tuple[str, str]
Guess = Callable[["Past", Key], float]


@dataclass
class Need:
    """A purchase as the learner takes it; what is needed again is a product."""

    customer: str
    category: str
    at: float
    quantity: float


def _need(customer: str, product: str, _category: str, at: float, n: float) -> Need:
    return Need(customer, product, at, n)


@dataclass
class Past:
    """What is known of every pair at a moment, for all that foretell alike."""

    gaps: dict[Key, list[float]] = field(default_factory=lambda: defaultdict(list))
    last: dict[Key, float] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    usual: Mapping[str, float] = field(default_factory=dict)

    def take(self, purchase: Purchase) -> None:
        """Take in one purchase."""
        customer, product, category, at, _ = purchase
        key = (customer, product)
        self.kinds.setdefault(product, category)
        if key in self.last and at > self.last[key]:
            self.gaps[key].append(at - self.last[key])
        self.last[key] = max(at, self.last.get(key, at))

    def settle(self, max_gap: float) -> None:
        """Work out the medians of categories from what is known so far."""
        found = defaultdict[str, list[float]](list)
        for (_, product), gaps in self.gaps.items():
            found[self.kinds[product]] += [gap for gap in gaps if gap <= max_gap]
        every = [gap for gaps in found.values() for gap in gaps] or [30.0]
        medians = {kind: median(gaps) for kind, gaps in found.items() if gaps}
        self.usual = defaultdict(lambda: median(every), medians)

    def living(self, at: float, max_gap: float) -> list[Key]:
        """Return the pairs with a gap at least that are not given up."""
        return [
            key
            for key, last in sorted(self.last.items())
            if self.gaps.get(key) and at - last <= max_gap
        ]


BASELINES: Mapping[str, Guess] = {
    "last interval": lambda past, key: past.gaps[key][-1],
    "personal mean": lambda past, key: sum(past.gaps[key]) / len(past.gaps[key]),
    "personal median": lambda past, key: median(past.gaps[key]),
    "category median": lambda past, key: past.usual[past.kinds[key[1]]],
}
NAMES = (*BASELINES, FORECAST, MODEL)


@dataclass(frozen=True)
class Setting:
    """Where the past ends, how far ahead is asked, and when a product is given up."""

    cutoff: float
    days: float = 14.0
    max_gap: float = 90.0


@dataclass(frozen=True)
class Figures:
    """What was measured of one way to foretell; nan where nothing was asked."""

    mean_error: float
    median_error: float
    precision: float
    best_f1: float
    unasked: Mapping[float, float]


@dataclass
class Answers:
    """What was foretold and what came: errors in days, chances and whether needed."""

    errors: list[float] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Measured:
    """The figures by name, and from how many dates and moments they are."""

    figures: Mapping[str, Figures]
    dates: int
    moments: int
    needed: int


def evaluate(purchases: Iterable[Purchase], setting: Setting) -> Measured:
    """Return the figures of the model, of the forecast and of every baseline.

    Raises:
        ValueError: there is nothing before or after the cutoff.
    """
    ordered = _by_day(purchases)
    before = [x for x in ordered if x[3] < setting.cutoff]
    after = ordered[len(before) :]
    if not before or not after:
        raise ValueError("the cutoff leaves no purchases before it or after it")
    return _Walk(setting, before).through(after)


def _by_day(purchases: Iterable[Purchase]) -> list[Purchase]:
    """Return purchases in order of time; what one took on one day is one."""
    pieces, kinds = Counter[tuple[float, str, str]](), dict[str, str]()
    for customer, product, category, at, count in purchases:
        pieces[at, customer, product] += count  # type: ignore[assignment]
        kinds.setdefault(product, category)
    return [
        (customer, product, kinds[product], at, count)
        for (at, customer, product), count in sorted(pieces.items())
    ]


class _Walk:
    """Lets time run on: asks after each purchase, and about all pairs now and then."""

    def __init__(self, setting: Setting, before: Sequence[Purchase]) -> None:
        self.setting, self.past, self.renewals = setting, Past(), Renewals()
        self.model = Replenish(setting.max_gap, setting.days)
        self.model.fit([_need(*purchase) for purchase in before])
        for purchase in before:
            self.past.take(purchase)
            self.renewals.take(purchase)
        self.past.settle(setting.max_gap)
        self.answers = {name: Answers() for name in NAMES}
        self.future: Mapping[Key, list[float]] = {}

    def through(self, after: Sequence[Purchase]) -> Measured:
        """Return what was measured up to the end."""
        self.future = _future(after)
        end, needed, ask_at = after[-1][3], list[bool](), self.setting.cutoff
        for day, bought in groupby(after, key=lambda x: x[3]):
            while ask_at <= min(day, end - self.setting.days):
                needed += self._ask_due(ask_at)
                ask_at += self.setting.days / 2
            for purchase in bought:
                self._take(purchase, asks=day <= end - self.setting.max_gap)
        came = np.array(needed, bool)
        figures = {name: _figures(found, came) for name, found in self.answers.items()}
        dates = len(self.answers[MODEL].errors)
        return Measured(figures, dates, len(needed), int(came.sum()))

    def _take(self, purchase: Purchase, *, asks: bool) -> None:
        self.past.take(purchase)
        self.renewals.take(purchase)
        self.model.observe(_need(*purchase))
        if asks:
            self._ask_date((purchase[0], purchase[1]), purchase[3])

    def _ask_date(self, key: Key, at: float) -> None:
        """Ask for the next need's day; scored when the customer came back in time."""
        came = next((day for day in self.future[key] if day > at), None)
        if came is None or came - at > self.setting.max_gap or not self.past.gaps[key]:
            return
        told = {name: at + guess(self.past, key) for name, guess in BASELINES.items()}
        told[FORECAST] = self.renewals.day(key)
        told[MODEL] = self.model.predict_next_need(key[0], at, [key[1]])[key[1]]
        for name, day in told.items():
            self.answers[name].errors.append(abs(day - came))

    def _ask_due(self, at: float) -> Iterator[bool]:
        """Ask what is needed within the days; yield what was."""
        days, keys = self.setting.days, self.past.living(at, self.setting.max_gap)
        for name, guess in BASELINES.items():
            waits = (self.past.last[k] + guess(self.past, k) - at for k in keys)
            told = [1 / (1 + max(0.0, wait) / days) for wait in waits]
            self.answers[name].chances += told
        for customer, own in groupby(keys, key=lambda key: key[0]):
            products = [product for _, product in own]
            due = self.model.due(customer, at, days, products)
            self.answers[MODEL].chances += [due[product] for product in products]
        self.answers[FORECAST].chances += [
            self.renewals.chance(k, at, days) for k in keys
        ]
        for key in keys:
            yield any(at <= day < at + days for day in self.future.get(key, ()))


def _future(after: Sequence[Purchase]) -> Mapping[Key, list[float]]:
    found = defaultdict[Key, list[float]](list)
    for customer, product, _, at, _ in after:
        found[customer, product].append(at)
    return found


def _figures(found: Answers, came: NDArray[np.bool_]) -> Figures:
    errors, nothing = np.array(found.errors), float("nan")
    precision, recall = curve(np.array(found.chances), came)
    both = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return Figures(
        mean_error=float(errors.mean()) if len(errors) else nothing,
        median_error=float(np.median(errors)) if len(errors) else nothing,
        precision=average(precision, recall) if came.any() else nothing,
        best_f1=float(both.max(initial=0.0)) if came.any() else nothing,
        unasked={
            least: float(recall[precision >= least].max(initial=0.0))
            for least in PRECISIONS
        },
    )


def average(precision: Numbers, recall: Numbers) -> float:
    """Return the average precision over a curve."""
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def curve(chances: Numbers, came: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Return precision and recall by threshold; equal chances fall together."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(came[order])
    last = np.append(np.diff(chances[order]) != 0, True) if len(order) else order
    places = np.flatnonzero(last)
    precision: Numbers = hits[places] / (places + 1)
    recall: Numbers = hits[places] / max(int(came.sum()), 1)
    return precision, recall
