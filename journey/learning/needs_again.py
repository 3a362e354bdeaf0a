"""How well the next need is foretold: before a cutoff fitted, after it tested.

Beside the model stand what one would do without it: the last interval, the personal
mean and median, and the median of the category. All are asked at the same moments.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median

import numpy as np
from numpy.typing import NDArray

from journey.learning.evaluation import Replenish
from journey.learning.linear import Numbers

MODEL = "journey"

PRECISIONS = (0.9, 0.95)
Purchase = tuple[str, str, str, float]
"""Customer, product, its category, and the day."""
Key = tuple[str, str]
Guess = Callable[["Past", Key], float]


@dataclass
class Need:
    """A purchase as the learner takes it; what is needed again is a product."""

    customer: str
    category: str
    at: float


def _need(customer: str, product: str, _category: str, at: float) -> Need:
    return Need(customer, product, at)


@dataclass
class Past:
    """What is known of every pair at a moment, for all that foretell alike."""

    gaps: dict[Key, list[float]] = field(default_factory=lambda: defaultdict(list))
    last: dict[Key, float] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    usual: Mapping[str, float] = field(default_factory=dict)

    def take(self, customer: str, product: str, category: str, at: float) -> None:
        """Take in one purchase."""
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


BASELINES: Mapping[str, Guess] = {
    "last interval": lambda past, key: past.gaps[key][-1],
    "personal mean": lambda past, key: sum(past.gaps[key]) / len(past.gaps[key]),
    "personal median": lambda past, key: median(past.gaps[key]),
    "category median": lambda past, key: past.usual[past.kinds[key[1]]],
}


@dataclass(frozen=True)
class Setting:
    """Where the past ends, how far ahead is asked, and when a product is given up."""

    cutoff: float
    days: float = 14.0
    max_gap: float = 90.0


@dataclass(frozen=True)
class Figures:
    """What was measured of one way to foretell."""

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


def evaluate(purchases: Sequence[Purchase], setting: Setting) -> Measured:
    """Return the figures of the model and of every baseline.

    Raises:
        ValueError: there is nothing before or after the cutoff.
    """
    ordered = sorted(set(purchases), key=lambda x: (x[3], x[0], x[1]))
    before = [x for x in ordered if x[3] < setting.cutoff]
    after = [x for x in ordered if x[3] >= setting.cutoff]
    if not before or not after:
        raise ValueError("the cutoff leaves no purchases before it or after it")
    model = Replenish(setting.max_gap, setting.days)
    model.fit([_need(*purchase) for purchase in before])
    past = Past()
    for purchase in before:
        past.take(*purchase)
    past.settle(setting.max_gap)
    return _walk(model, past, after, setting)


def _walk(
    model: Replenish, past: Past, after: Sequence[Purchase], setting: Setting
) -> Measured:
    """Let time run on; ask after each purchase, and about all pairs now and then."""
    future = _future(after)
    end = after[-1][3]
    answers: dict[str, Answers] = defaultdict(Answers)
    needed: list[bool] = []
    ask_at = setting.cutoff
    for day, bought in groupby(after, key=lambda x: x[3]):
        while ask_at <= min(day, end - setting.days):
            needed += _ask_due(model, past, future, ask_at, setting, answers)
            ask_at += setting.days / 2
        for purchase in bought:
            past.take(*purchase)
            model.observe(_need(*purchase))
            if day <= end - setting.max_gap:
                _ask_date(model, past, future, purchase, setting, answers)
    came = np.array(needed, bool)
    figures = {name: _figures(found, came) for name, found in answers.items()}
    dates = len(answers[MODEL].errors)
    return Measured(figures, dates, len(needed), int(came.sum()))


def _future(after: Sequence[Purchase]) -> Mapping[Key, list[float]]:
    found = defaultdict[Key, list[float]](list)
    for customer, product, _, at in after:
        found[customer, product].append(at)
    return found


def _ask_date(
    model: Replenish,
    past: Past,
    future: Mapping[Key, list[float]],
    purchase: Purchase,
    setting: Setting,
    answers: dict[str, Answers],
) -> None:
    """Ask for the day of the next need; scored when the customer came back in time."""
    customer, product, _, at = purchase
    key = (customer, product)
    came = next((day for day in future[key] if day > at), None)
    if came is None or came - at > setting.max_gap or not past.gaps[key]:
        return
    told = {name: at + guess(past, key) for name, guess in BASELINES.items()}
    told[MODEL] = model.predict_next_need(customer, at, [product])[product]
    for name, day in told.items():
        answers[name].errors.append(abs(day - came))


def _ask_due(
    model: Replenish,
    past: Past,
    future: Mapping[Key, list[float]],
    at: float,
    setting: Setting,
    answers: dict[str, Answers],
) -> Iterator[bool]:
    """Ask what is needed within the days; yield what was."""
    for key, last in sorted(past.last.items()):
        if not past.gaps[key] or at - last > setting.max_gap:
            continue
        for name, guess in BASELINES.items():
            wait = max(0.0, last + guess(past, key) - at)
            answers[name].chances.append(1 / (1 + wait / setting.days))
        customer, product = key
        chances = model.due(customer, at, setting.days, [product])
        answers[MODEL].chances.append(chances[product])
        yield any(at <= day < at + setting.days for day in future.get(key, ()))


def _figures(found: Answers, came: NDArray[np.bool_]) -> Figures:
    errors = np.array(found.errors)
    precision, recall = curve(np.array(found.chances), came)
    both = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    steps = np.diff(recall, prepend=0.0)
    return Figures(
        mean_error=float(errors.mean()) if len(errors) else float("nan"),
        median_error=float(np.median(errors)) if len(errors) else float("nan"),
        precision=float((steps * precision).sum()),
        best_f1=float(both.max(initial=0.0)),
        unasked={
            least: float(recall[precision >= least].max(initial=0.0))
            for least in PRECISIONS
        },
    )


def curve(chances: Numbers, came: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Return precision and recall by threshold; equal chances fall together."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(came[order])
    last = np.append(np.diff(chances[order]) != 0, True) if len(order) else order
    places = np.flatnonzero(last)
    precision: Numbers = hits[places] / (places + 1)
    recall: Numbers = hits[places] / max(int(came.sum()), 1)
    return precision, recall
