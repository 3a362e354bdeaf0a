"""Rhythms: how often a customer takes something, in sums that grow with each time.

The typical gap between two times is an empirical-Bayes mean of logs: the pair of
customer and product leans on the customer, the product and the whole population.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

RECENT = 8
FADE = 0.85
PRODUCT, CUSTOMER, PAIR = 5.0, 8.0, 2.0
"""So many gaps weigh as much as the level above."""
PIECES, FEW = 10.0, 2.0
"""So many squared log pieces weigh as much as the level above; further than so many
logs from what is usual is no more than that."""
TREND_DAYS = 21.0
Row = tuple[float, ...]


@dataclass(slots=True)
class Rhythm:
    """When something happened: how often, first, last, and the last gaps.

    `pieces` were taken the last time; `packs` sums the log pieces that gaps began with.
    """

    times: int = 0
    first: float = 0.0
    last: float = 0.0
    gaps: list[float] = field(default_factory=list)
    weight: float = 0.0
    logs: float = 0.0
    squares: float = 0.0
    visits_first: int = 0
    visits_last: int = 0
    pieces: float = 1.0
    packs: float = 0.0

    def add(self, at: float, pieces: float = 1.0) -> float | None:
        """Take in one time; return the gap, None for the first or the same day."""
        gap = at - self.last if self.times else None
        if gap is not None and gap <= 0:
            self.pieces += pieces
            return None
        self.pieces = pieces
        self.first = self.first if self.times else at
        self.last = at
        self.times += 1
        if gap is not None:
            self.gaps = [*self.gaps[1 - RECENT :], gap]
        return gap

    def note(self, log: float, pack: float = 0.0) -> None:
        """Add a log gap and its log pieces to the sums, of which older parts fade."""
        self.weight = self.weight * FADE + 1
        self.packs = self.packs * FADE + pack
        self.logs = self.logs * FADE + log
        self.squares = self.squares * FADE + log * log

    def was_within(self, start: float, end: float) -> bool:
        """Tell whether any of the last times lies in a span."""
        at = self.last
        for gap in reversed([0.0, *self.gaps]):
            if start <= at < end:
                return True
            at -= gap
        return False

    @property
    def spread(self) -> float:
        """The standard deviation of the log gaps, wide when there are few."""
        if self.weight < 1.5:
            return 0.8
        mean = self.logs / self.weight
        return math.sqrt(max(self.squares / self.weight - mean * mean, 0.0))


@dataclass(slots=True)
class Level:
    """A count and a sum of logs, and how lively it was lately.

    `packs` sums log pieces; `packs_logs` and `packs_squares` say how log gaps went with
    them, both as they differ from what was expected.
    """

    count: float = 0.0
    logs: float = 0.0
    pulse: float = 0.0
    pulse_at: float = 0.0
    packs: float = 0.0
    packs_logs: float = 0.0
    packs_squares: float = 0.0

    def beat(self, at: float) -> None:
        """Count one more time, of which the older ones fade by the day."""
        self.pulse = self.now(at) + 1
        self.pulse_at = at

    def add(self, other: "Level") -> None:
        """Add another level's counts and sums, the pulse as of the later moment."""
        at = max(self.pulse_at, other.pulse_at)
        self.pulse, self.pulse_at = self.now(at) + other.now(at), at
        for name in ("count", "logs", "packs", "packs_logs", "packs_squares"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def now(self, at: float) -> float:
        """Return the faded count."""
        return float(self.pulse * 0.5 ** ((at - self.pulse_at) / TREND_DAYS))


class Rhythms:
    """All customers' rhythms with products, and the levels that they lean on."""

    def __init__(
        self,
        max_gap: float,
        products: Mapping[str, Level] | None = None,
        whole: Level | None = None,
    ) -> None:
        """Start empty, or from what the population's levels were when they were kept.

        Longer gaps than `max_gap` days say that it was given up. Levels that are
        given stay as they are.
        """
        self.max_gap = max_gap
        self.pairs: dict[str, dict[str, Rhythm]] = defaultdict(dict)
        self.visits: dict[str, Rhythm] = defaultdict(Rhythm)
        self.customers: dict[str, Level] = defaultdict(Level)
        self.teaching = products is None
        self.products: dict[str, Level] = defaultdict(Level, products or {})
        self.whole = whole or Level()

    def observe(
        self, customer: str, product: str, at: float, pieces: float = 1.0
    ) -> float | None:
        """Take in one purchase; return the gap since the one before."""
        visits = self.visits[customer]
        visits.add(at)
        pair = self.pairs[customer].setdefault(product, Rhythm())
        pack, more = math.log(pair.pieces), self.more(product, pair)
        gap = pair.add(at, pieces)
        if pair.times == 1:
            pair.visits_first = visits.times
        pair.visits_last = visits.times
        if self.teaching:
            self.products[product].beat(at)
        if gap is not None and gap <= self.max_gap:
            log = math.log(gap)
            late = log - self._base(customer, product, pair)
            pair.note(log, pack)
            self._learn(customer, product, log)
            self._learn_pieces(product, pack, more, late)
        return gap

    def _learn(self, customer: str, product: str, log: float) -> None:
        for level in (self.products[product], self.whole) if self.teaching else ():
            level.count, level.logs = level.count + 1, level.logs + log
        mine, beside = self.customers[customer], log - self._product(product)
        mine.count, mine.logs = mine.count + 1, mine.logs + beside

    def _learn_pieces(
        self, product: str, pack: float, more: float, late: float
    ) -> None:
        for level in (self.products[product], self.whole) if self.teaching else ():
            level.packs += pack
            level.packs_logs += more * late
            level.packs_squares += more * more

    def more(self, product: str, pair: Rhythm) -> float:
        """Return how many log pieces more than usual a pair took the last time."""
        level, whole = self.products[product], self.whole
        mean = whole.packs / max(whole.count, 1.0)
        mean = (level.packs + PRODUCT * mean) / (level.count + PRODUCT)
        mean = (pair.packs + PAIR * mean) / (pair.weight + PAIR)
        return min(max(math.log(pair.pieces) - mean, -FEW), FEW)

    def lasts(self, product: str) -> float:
        """Return by how much a gap's log grows with the log of its pieces: 0 to 1."""
        level, whole = self.products[product], self.whole
        every = whole.packs_logs / (whole.packs_squares + PIECES)
        own = (level.packs_logs + PIECES * every) / (level.packs_squares + PIECES)
        return min(max(own, 0.0), 1.0)

    def usual(self, customer: str, product: str) -> float:
        """Return the log gap to expect before the pair's own gaps are known."""
        mine = self.customers[customer]
        return self._product(product) + mine.logs / (mine.count + CUSTOMER)

    def _product(self, product: str) -> float:
        level = self.products[product]
        return (level.logs + PRODUCT * self._mean(product)) / (level.count + PRODUCT)

    def _mean(self, product: str) -> float:
        """Return what a product leans on before its own gaps are known."""
        del product
        return self.whole.logs / max(self.whole.count, 1.0)

    def merge(self, other: "Rhythms") -> None:
        """Add the rhythms of other customers; counts and sums add up.

        Raises:
            ValueError: a customer is known on both sides, with gaps in between.
        """
        both = self.visits.keys() & other.visits.keys()
        if both:
            raise ValueError(f"customer {min(both)!r} is in both shards")
        self.pairs.update(other.pairs)
        self.visits.update(other.visits)
        self.customers.update(other.customers)
        self.whole.add(other.whole)
        for product, level in other.products.items():
            self.products[product].add(level)

    def expected(self, customer: str, product: str, pair: Rhythm) -> float:
        """Return the log gap to expect for a customer and a product."""
        more = self.more(product, pair)
        return self._base(customer, product, pair) + more * self.lasts(product)

    def _base(self, customer: str, product: str, pair: Rhythm) -> float:
        """Return the log gap to expect after as many pieces as usual."""
        base = self.usual(customer, product)
        return (pair.logs + PAIR * base) / (pair.weight + PAIR)

    def row(self, customer: str, product: str, at: float) -> Row:
        """Return the counts of a pair at a moment; see due_features.COLUMNS."""
        pair, visits = self.pairs[customer][product], self.visits[customer]
        level, gaps = self.products[product], pair.gaps
        age = max(at - pair.first, 1.0)
        recent = visits.gaps[-RECENT:]
        return (
            pair.times,
            at - pair.last,
            self.expected(customer, product, pair),
            gaps[-1] if gaps else 0.0,
            gaps[-2] if len(gaps) > 1 else 0.0,
            (pair.last - pair.first) / (pair.times - 1) if pair.times > 1 else 0.0,
            sorted(gaps)[len(gaps) // 2] if gaps else 0.0,
            pair.spread,
            self._product(product),
            level.count,
            (visits.last - visits.first) / max(visits.times - 1, 1),
            sum(recent) / len(recent) if recent else 0.0,
            at - visits.last,
            _within(pair, at, 30.0),
            _within(pair, at, 90.0),
            pair.times / age,
            visits.times - pair.visits_last,
            (pair.visits_last - pair.visits_first) / max(pair.times - 1, 1),
            level.now(at) * 28 / TREND_DAYS,
            self.customers[customer].logs / (self.customers[customer].count + CUSTOMER),
            visits.times,
            len(self.pairs[customer]),
        )


def _within(pair: Rhythm, at: float, days: float) -> float:
    """Return how many of the last times lie within so many days."""
    back, count = at - pair.last, 0
    for gap in [0.0, *reversed(pair.gaps)]:
        back += gap
        if back > days:
            break
        count += 1
    return float(count)
