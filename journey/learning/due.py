"""When something is needed again: a date, and the probability that it is due."""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from random import Random

import numpy as np

from journey.learning.linear import Linear, Numbers, fit_huber, fit_logistic
from journey.learning.rhythm import Rhythms, Row

COLUMNS = (
    "times elapsed expected gap1 gap2 mean median spread product product_count"
    " visit_gap visit_gap_lately since_visit in30 in90 rate visits_since visits_per"
    " trend customer visits products"
).split()
MOST_ROWS = 200_000
REFIT_DAYS = 14.0
LEAST_ROWS = 300
Key = tuple[str, str]
KNOTS = (-1.0, -0.4, 0.0, 0.4, 1.0)
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
        self._due_rows = deque[tuple[Row, bool]](maxlen=MOST_ROWS)
        self._gap_rows = deque[tuple[Row, float, float, Numbers]](maxlen=MOST_ROWS)
        self._since: dict[Key, tuple[Row, Numbers]] = {}
        self.blend = 0
        self._from = -math.inf
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

    def take(self, other: "DueModel") -> None:
        """Add the rows of other customers; the weights wait for the next fit."""
        self._due_rows.extend(other._due_rows)
        self._gap_rows.extend(other._gap_rows)

    def warm(self, purchases: Sequence[tuple[str, str, float]]) -> None:
        """Take in a history, in time order, and fit the weights to it."""
        if not purchases:
            return
        start, end = purchases[0][2], purchases[-1][2]
        self._from = start + FIRST_DAYS * (end - start)
        for customer, product, at in purchases:
            self.observe(customer, product, at)
        self._answer(end, len(self._asked))
        self.refit(end)

    def observe(self, customer: str, product: str, at: float) -> None:
        """Take in one purchase; what it costs does not grow with the history."""
        self._ask(at, TURNS)
        self._answer(at, TURNS)
        key = (customer, product)
        gap = self.rhythms.observe(customer, product, at)
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


def _best_blend(ripe: Sequence[tuple[Row, float, float, Numbers]]) -> int:
    """Return which blend came nearest, in days, to what time has shown since."""
    known = [(log, blends) for row, log, _, blends in ripe if row[0] >= KNOWN]
    if not known:
        return 0
    gaps = np.exp([log for log, _ in known])
    errors = np.abs(np.exp([blends for _, blends in known]) - gaps[:, None])
    return int(errors[-LATEST:].mean(0).argmin())


def shape(raw: Iterable[Row], *, elapsed: bool = True) -> Numbers:
    """Return the model's features of counted rows: logs, ratios and hinges."""
    x = dict(zip(COLUMNS, np.array(list(raw), float).T, strict=True))
    has, has2 = x["times"] > 1, x["gap2"] > 0
    expected, times = x["expected"], np.log(x["times"])
    often = np.log(x["in30"] + 0.5)
    features = [
        expected,
        times,
        np.log(x["rate"] + 0.002),
        often,
        np.log(x["in90"] + 0.5),
        np.log(x["visit_gap"] + 0.5),
        np.log(x["visit_gap_lately"] + 0.5),
        has * (_log(x["gap1"]) - expected),
        has2 * (_log(x["gap2"]) - expected),
        has * (_log(x["mean"]) - expected),
        has * (_log(x["median"]) - expected),
        x["spread"],
        x["product"],
        np.log(x["product_count"] + 0.5),
        np.log(x["trend"] + 0.5) - np.log(x["product_count"] + 5),
        x["customer"],
        np.log(x["visits"]),
        np.log(x["products"]),
        np.log(x["visits_per"] + 0.5),
        times * expected,
        often * expected,
        expected**2,
    ]
    if elapsed:
        features += _elapsed(x, times, expected)
    return np.ascontiguousarray(np.array(features).T)


def _elapsed(x: dict[str, Numbers], times: Numbers, expected: Numbers) -> list[Numbers]:
    """Return what the time since the last purchase and the last visit says."""
    over = np.clip(np.log(x["elapsed"] + 0.5) - expected, -4, 4)
    silent = np.minimum(x["since_visit"] / np.maximum(x["visit_gap_lately"], 0.5), 8)
    missed = np.log(x["visits_since"] + 0.5) - np.log(x["visits_per"] + 0.5)
    hinges = [np.maximum(over - knot, 0) for knot in KNOTS]
    return [
        over,
        *hinges,
        over * times,
        over * expected,
        over * x["spread"],
        np.log(x["since_visit"] + 0.5),
        silent,
        missed,
        np.maximum(missed, 0),
        missed * times,
        missed * over,
    ]


def _log(days: Numbers) -> Numbers:
    return np.log(np.maximum(days, 0.5))
