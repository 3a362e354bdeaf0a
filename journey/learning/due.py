"""When something is needed again: a date, and the probability that it is due."""

import math
from collections import deque
from collections.abc import Sequence
from random import Random

import numpy as np

from journey.learning.due_features import COLUMNS, shape
from journey.learning.linear import Linear, Numbers, fit_huber, fit_logistic
from journey.learning.renewal import Forecast
from journey.learning.rhythm import Rhythms, Row

ELAPSED, SPREAD = COLUMNS.index("elapsed"), COLUMNS.index("spread")
VARIES, USUAL = 0.35, 3.0
"""How far log gaps usually lie apart, and how many own gaps that is worth."""
MOST_ROWS = 200_000
REFIT_DAYS = 14.0
LEAST_ROWS = 300
Key = tuple[str, str]
Purchase = tuple[str, str, float] | tuple[str, str, float, float]
"""Customer, product, the day, and how many pieces, one unless it is said."""
DueRow = tuple[Row, bool]
SHARES, SHIFTS = np.array([(0, 0), (0, -0.1), (0, 0.1), (0.5, 0), (1, 0)]).T
"""Blends: the share of the correction that is made, and a shift of all log gaps.

What foretold best, among answers that had all their time to come, serves.
"""
LATEST = 5000
KNOWN = 3
"""Only pairs with so many times judge the blends: others say little."""
FIRST_DAYS = 0.3
"""Share of the first fit's days that only warms the sums up."""
TURNS = 8
"""With each purchase so many pairs are asked about, and as many answers looked at."""


class DueModel:
    """Learns from purchases in time order; `keep_up` refits it as time goes on.

    What it will be asked later is asked of itself, a few pairs with each purchase and
    each pair about once in `days` / 2; the answer comes with time, and the weights are
    fitted to what came.
    """

    def __init__(self, max_gap: float = 90.0, days: float = 14.0) -> None:
        """Ask about `days` ahead; pairs silent for `max_gap` days are given up."""
        self.max_gap, self.days = max_gap, days
        self.rhythms = Rhythms(max_gap)
        self._random = Random(0)
        self._turns: deque[tuple[float, Key]] = deque()
        self._awake: set[Key] = set()
        self._asked: deque[tuple[float, Key, Row]] = deque()
        self._due_rows = deque[DueRow](maxlen=MOST_ROWS)
        self._gap_rows = deque[tuple[Row, float, float, Numbers]](maxlen=MOST_ROWS)
        self._since: dict[Key, tuple[Row, Numbers]] = {}
        self.blend = 0
        self._from = self._last = -math.inf
        self._next_fit = math.inf
        self.due: Linear | None = None
        self.gap: Linear | None = None

    def serving(self) -> "DueModel":
        """Return a model with the same weights and levels, which knows nobody yet."""
        served = DueModel(self.max_gap, self.days)
        levels = self.rhythms
        served.rhythms = Rhythms(self.max_gap, levels.products, levels.whole)
        served.due, served.gap, served.blend = self.due, self.gap, self.blend
        return served

    def merge(self, other: "DueModel") -> None:
        """Add what was learned from other customers, and fit the weights to it all.

        The sums add up; of the rows that both sides drew, the newest are kept.

        Raises:
            ValueError: a customer is known on both sides.
        """
        self.rhythms.merge(other.rhythms)
        self._since.update(other._since)
        self._awake |= other._awake
        self._turns = deque(sorted([*self._turns, *other._turns]))
        self._asked = deque(sorted([*self._asked, *other._asked]))
        self._from = min(self._from, other._from)
        self._due_rows = _alternately(self._due_rows, other._due_rows)
        gap_rows = sorted([*self._gap_rows, *other._gap_rows], key=lambda row: row[2])
        self._gap_rows = deque(gap_rows, maxlen=MOST_ROWS)
        self.refit(max(self._last, other._last))

    def warm(self, purchases: Sequence[Purchase]) -> None:
        """Take in a history, in time order, and fit the weights to it."""
        if not purchases:
            return
        start, end = purchases[0][2], purchases[-1][2]
        self._from = start + FIRST_DAYS * (end - start)
        for purchase in purchases:
            self.observe(*purchase)
        self._answer(end, len(self._asked))
        self.refit(end)

    def observe(
        self, customer: str, product: str, at: float, pieces: float = 1.0
    ) -> None:
        """Take in one purchase; what it costs does not grow with the history."""
        self._last = max(self._last, at)
        self._ask(at, TURNS)
        self._answer(at, TURNS)
        key = (customer, product)
        gap = self.rhythms.observe(customer, product, at, pieces)
        before = self._since.get(key)
        if gap is not None and gap <= self.max_gap and before is not None:
            self._gap_rows.append((before[0], math.log(gap), at - gap, before[1]))
        row = self.rhythms.row(customer, product, at)
        self._since[key] = (row, self._corrected([row])[0])
        if key not in self._awake and self.rhythms.pairs[customer][product].times >= 2:
            self._wait(key, at)

    def chances(self, customer: str, products: Sequence[str], at: float) -> Numbers:
        """Return the probability that each product is needed within the days."""
        rows = shape([self.rhythms.row(customer, x, at) for x in products])
        if self.due is None:
            return np.full(len(products), 0.5)
        return self.due.chance(rows)

    def chances_within(
        self, customer: str, products: Sequence[str], at: float, days: float
    ) -> Numbers:
        """Return the probability that each product is needed within other days.

        The model was fitted to its own `days`; between times and beyond them the pair's
        own distribution says how its probability goes on.
        """
        told = self.chances(customer, products, at)
        if days == self.days:
            return told
        raw = [self.rhythms.row(customer, x, at) for x in products]
        logs = self._corrected(raw)[:, self.blend]
        found = []
        for product, row, log, chance in zip(products, raw, logs, told, strict=True):
            weight = self.rhythms.pairs[customer][product].weight
            varies = (weight * row[SPREAD] ** 2 + USUAL * VARIES**2) / (weight + USUAL)
            gap = Forecast(float(log), math.sqrt(varies), 0.0)
            found.append(_carried(gap, row[ELAPSED], float(chance), self.days, days))
        return np.array(found)

    def dates(self, customer: str, products: Sequence[str], at: float) -> Numbers:
        """Return the day of each product's next need, not before `at`."""
        raw = [self.rhythms.row(customer, x, at) for x in products]
        logs = self._corrected(raw)[:, self.blend]
        last = np.array([at - row[1] for row in raw])
        days: Numbers = np.maximum(at, last + np.exp(np.minimum(logs, 7.0)))
        return days

    def _corrected(self, raw: Sequence[Row]) -> Numbers:
        """Return log gaps (rows, blends): the mean's, more and more corrected."""
        logs = np.array([row[2] for row in raw])
        fix = np.zeros(len(raw))
        if self.gap is not None:
            fix = self.gap.score(shape(raw, elapsed=False))
        blends: Numbers = logs[:, None] + fix[:, None] * SHARES + SHIFTS
        return blends

    def keep_up(self, now: float) -> None:
        """Fit the weights anew when two weeks have passed since the last time."""
        if now >= self._next_fit:
            self._answer(now, len(self._asked))
            self.refit(now)

    def refit(self, now: float) -> None:
        """Fit the weights anew to all that time has answered."""
        self._next_fit = now + REFIT_DAYS
        if len(self._due_rows) >= LEAST_ROWS:
            rows = shape([row for row, _ in self._due_rows])
            came = np.array([came for _, came in self._due_rows], float)
            self.due = fit_logistic(rows, came)
        ripe = [x for x in self._gap_rows if x[2] <= now - self.max_gap]
        if len(ripe) >= LEAST_ROWS:
            self.blend = _best_blend(ripe)
            rows = shape([row for row, *_ in ripe], elapsed=False)
            logs, means = np.array([(log, row[2]) for row, log, *_ in ripe]).T
            self.gap = fit_huber(rows, logs - means, size=np.exp(means), ridge=50.0)

    def _wait(self, key: Key, at: float) -> None:
        self._awake.add(key)
        self._turns.append((at + max(self.days / 2, 3.0), key))

    def _ask(self, at: float, most: int) -> None:
        """Ask about the pairs whose turn has come; what is given up sleeps."""
        share = min(1.0, MOST_ROWS / 8 / max(len(self._awake), 1))
        while most and at >= self._from and self._turns and self._turns[0][0] <= at:
            most -= 1
            _, key = self._turns.popleft()
            pair = self.rhythms.pairs[key[0]][key[1]]
            if at - pair.last > self.max_gap:
                self._awake.discard(key)
                continue
            self._wait(key, at)
            if self._random.random() < share:
                self._asked.append((at, key, self.rhythms.row(*key, at)))

    def _answer(self, now: float, most: int) -> None:
        """Look what came of the questions whose days are over."""
        while most and self._asked and self._asked[0][0] + self.days <= now:
            most -= 1
            at, (customer, product), row = self._asked.popleft()
            pair = self.rhythms.pairs[customer][product]
            self._due_rows.append((row, pair.was_within(at, at + self.days)))


def _alternately(ours: deque[DueRow], theirs: deque[DueRow]) -> deque[DueRow]:
    """Return the rows of both as if drawn together: by their place in each."""
    placed = [
        (place / max(len(rows), 1), row)
        for rows in (ours, theirs)
        for place, row in enumerate(rows)
    ]
    placed.sort(key=lambda one: one[0])
    return deque((row for _, row in placed), maxlen=MOST_ROWS)


def _carried(
    gap: Forecast, elapsed: float, chance: float, known: float, days: float
) -> float:
    """Return a probability within some days from that within others."""
    there, here = gap.within(elapsed, known), gap.within(elapsed, days)
    if days < known:
        return chance * here / there if there > 0 else chance * days / known
    return 1 - (1 - chance) * ((1 - here) / (1 - there) if there < 1 else 1.0)


def _best_blend(ripe: Sequence[tuple[Row, float, float, Numbers]]) -> int:
    """Return which blend came nearest, in days, to what time has shown since."""
    known = [(log, blends) for row, log, _, blends in ripe if row[0] >= KNOWN]
    if not known:
        return 0
    gaps = np.exp([log for log, _ in known])
    errors = np.abs(np.exp([blends for _, blends in known]) - gaps[:, None])
    return int(errors[-LATEST:].mean(0).argmin())
