"""What customers chose among a few known options, as counted features.

Loyalty at several speeds (after Guadagni and Little, 1983), shares that lean on the
population's, and what the options cost and how they are presented this time.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from journey.learning.linear import Numbers

Features = Mapping[str, Sequence[float]]
CARRIES = (0.5, 0.8, 0.95)
"""How much of a loyalty is left after the next choice, at each speed."""
PRIOR = 1.5
"""The population's shares weigh as much as so many own choices."""
MANY = 30
FEW = 12
"""So many options at most have a weight of their own."""


@dataclass(frozen=True)
class Choice:
    """One occasion: the options with their features, and which was taken."""

    customer: str
    features: Features
    shown: Sequence[str]
    taken: Sequence[str]

    @property
    def given(self) -> Numbers:
        """The features as they are given, (options, features)."""
        return np.array([self.features[x] for x in self.shown], float)


@dataclass
class Record:
    """What one customer chose: loyalties at each speed, counts, and the last ones."""

    loyal: dict[float, dict[str, float]] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    seen: dict[str, Numbers] = field(default_factory=dict)
    last: tuple[str, ...] = ()
    times: int = 0
    run: int = 0
    switches: float = 0.0

    @property
    def steady(self) -> tuple[float, float, float]:
        """How long known, how long the same was taken, how often it changed."""
        times, run = min(self.times, MANY), min(self.run, MANY)
        return math.log1p(times), math.log1p(run), self.switches


class Records:
    """All customers' records, and the population's counts that they lean on."""

    def __init__(self) -> None:
        """Start empty."""
        self.shares: dict[str, float] = defaultdict(float)
        self.usual: dict[str, tuple[int, Numbers]] = {}
        self.of: dict[str, Record] = defaultdict(Record)

    def count(self, choice: Choice) -> None:
        """Add a choice to the population's counts."""
        for name in choice.taken:
            self.shares[name] += 1
        for name, given in zip(choice.shown, choice.given, strict=True):
            n, total = self.usual.get(name, (0, np.zeros(1)))
            self.usual[name] = (n + 1, total + given)
            self.shares[name] += 0

    def note(self, choice: Choice) -> None:
        """Add a choice to the customer's own record."""
        record, taken = self.of[choice.customer], tuple(choice.taken)
        for carry in CARRIES:
            loyal = self.loyal(record, carry, choice.shown)
            now = zip(choice.shown, loyal, strict=True)
            record.loyal[carry] = {
                **{x: carry * v for x, v in record.loyal.get(carry, {}).items()},
                **{x: carry * v + (1 - carry) * (x in taken) for x, v in now},
            }
        for name in taken:
            record.counts[name] += 1
            record.seen[name] = np.asarray(choice.features[name], float)
        same = record.last == taken
        record.run = record.run + 1 if same else 1
        if record.times:
            record.switches = 0.8 * record.switches + 0.2 * (not same)
        record.last, record.times = taken, record.times + 1

    def loyal(self, record: Record, carry: float, options: Sequence[str]) -> Numbers:
        """Return the loyalty to each option, the population's to begin with."""
        known = record.loyal.get(carry)
        if known is None:
            return self.share(options)
        return np.array([known.get(x, 0.0) for x in options])

    def share(self, options: Sequence[str]) -> Numbers:
        """Return how often each of these is taken by everybody."""
        counts = np.array([self.shares.get(x, 0.0) for x in options]) + 0.5
        found: Numbers = counts / counts.sum()
        return found

    def usually(self, options: Sequence[str], size: int) -> Numbers:
        """Return the mean of the features of each option so far."""
        found = np.zeros((len(options), size))
        for row, name in enumerate(options):
            if name in self.usual:
                n, total = self.usual[name]
                found[row] = total / n
        return found


def rows_of(records: Records, names: Sequence[str], choice: Choice) -> Numbers:
    """Return the features that add up, (options, features)."""
    options, given = choice.shown, choice.given
    record = records.of[choice.customer]
    known = record.steady[0] / math.log1p(MANY)
    ones = np.array([[float(x == name) for name in names] for x in options])
    loyal = np.stack([records.loyal(record, c, options) for c in CARRIES], axis=1)
    own = _own(records, record, options)
    last = np.array([[float(x in record.last)] for x in options])
    offer = given - records.usually(options, given.shape[1])
    return np.hstack(
        [
            ones,
            own,
            loyal,
            last,
            known * np.hstack([own, loyal]),
            given - given.mean(0),
            offer - offer.mean(0),
            last * offer,
            np.minimum(given[:, :1] - given[:, :1].min(0, initial=np.inf), 1.0),
        ]
    )


def _own(records: Records, record: Record, options: Sequence[str]) -> Numbers:
    counts = np.array([record.counts.get(x, 0.0) for x in options])
    share = (counts + PRIOR * records.share(options)) / (counts.sum() + PRIOR)
    never = (counts == 0) & (record.times > 0)
    return np.column_stack([np.log(share + 0.01), share, never])


def crooked_rows(records: Records, choice: Choice) -> Numbers:
    """Return what trees look at besides: what is given as it stands, the others'."""
    given, size = choice.given, len(choice.shown)
    record = records.of[choice.customer]
    loyal = records.loyal(record, CARRIES[1], choice.shown)
    before = np.array(
        [record.seen.get(x, own) for x, own in zip(choice.shown, given, strict=True)]
    )
    steady = [min(record.times, MANY), record.run, record.switches]
    return np.hstack(
        [
            given,
            given - _others(given, np.minimum),
            _others(given, np.maximum),
            given - before,
            np.tile(steady, (size, 1)),
            np.tile(given[loyal.argmax()], (size, 1)),
            (loyal - _others(loyal[:, None], np.maximum)[:, 0])[:, None],
        ]
    )


def _others(values: Numbers, end: np.ufunc) -> Numbers:
    """Return by row the least (or greatest) of all other rows; alone, its own."""
    size = len(values)
    if size == 1:
        return values.copy()
    apart = ~np.eye(size, dtype=bool)
    beside = np.broadcast_to(values, (size, *values.shape))
    found: Numbers = end.reduce(beside[apart].reshape(size, size - 1, -1), axis=1)
    return found
