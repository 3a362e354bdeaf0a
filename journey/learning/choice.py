"""Repeated choice among a few known options: loyalty, price and what is on offer.

A conditional logit over counted features (after Guadagni and Little, 1983): how
faithful a customer was to each option, at several speeds, beside what the options
cost and how they are presented this time.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from journey.learning.conditional import (
    RIDGE_CROSSED,
    Choice,
    Features,
    Replay,
    certainty,
    softmax,
)
from journey.learning.linear import Linear, Numbers

CARRIES = (0.5, 0.8, 0.95)
"""How much of a loyalty is left after the next choice, at each speed."""
PRIOR = 1.5
"""The population's shares weigh as much as so many own choices."""
MANY = 30
LEARNING = (0.3, 1.0)
"""How fast a customer's bents follow what the population did not foresee."""


@dataclass
class Record:
    """What one customer chose: loyalties at each speed, counts, and the last ones."""

    loyal: dict[float, dict[str, float]] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    seen: dict[str, Numbers] = field(default_factory=dict)
    bents: tuple[dict[str, float], ...] = field(
        default_factory=lambda: tuple(defaultdict(float) for _ in LEARNING)
    )
    last: tuple[str, ...] = ()
    times: int = 0
    run: int = 0
    switches: float = 0.0


class ChoiceModel:
    """Ranks options for a customer and says how sure it is of the first."""

    def __init__(self) -> None:
        """Know nothing."""
        self.shares: dict[str, float] = defaultdict(float)
        self.usual: dict[str, tuple[int, Numbers]] = {}
        self.records: dict[str, Record] = defaultdict(Record)
        self.names: list[str] = []
        self.base: Numbers | None = None
        self.weights: Numbers | None = None
        self.crossed = False
        self.sureness: Linear | None = None

    def warm(self, log: Sequence[Choice]) -> None:
        """Fit the population's weights to other customers' choices, oldest first."""
        for choice in log:
            self._count(choice)
        self.names = sorted(self.shares)
        first = self._replay(log)
        if not first.table:
            return
        self.base = first.fit(np.arange(len(first.table)))
        self.records.clear()
        replay = self._replay(log)
        crossed = self._replay_crossed(replay)
        plain, promoted = replay.foretold(), crossed.foretold()
        if promoted.hits > plain.hits:
            self.crossed, replay, plain = True, crossed, promoted
        self.weights = replay.fit(np.arange(len(replay.table)))
        self.sureness = plain.sureness()

    def scores(
        self, customer: str, features: Features, options: Sequence[str]
    ) -> Numbers:
        """Return a score by option, the higher the likelier."""
        rows = self.rows(customer, features, options)
        if self.crossed:
            rows = self._cross(rows, features, options)
        if self.weights is None:
            found: Numbers = rows[:, len(self.names) + 1]
            return found
        return rows @ self.weights

    def sure(self, customer: str, features: Features, options: Sequence[str]) -> float:
        """Return the probability that the first choice is the one taken."""
        chances = softmax(self.scores(customer, features, options))
        if self.sureness is None:
            return float(chances.max())
        facts = certainty(chances, self._steady(customer))
        return float(self.sureness.chance(facts[None, :])[0])

    def learn(self, choice: Choice) -> None:
        """Take in one more choice of a customer."""
        self._count(choice)
        self._note(choice)

    def _count(self, choice: Choice) -> None:
        for name in choice.taken:
            self.shares[name] += 1
        for name in choice.shown:
            n, total = self.usual.get(name, (0, np.zeros(1)))
            self.usual[name] = (n + 1, total + np.asarray(choice.features[name], float))
            self.shares[name] += 0

    def _note(self, choice: Choice) -> None:
        self._bend(choice)
        record, taken = self.records[choice.customer], tuple(choice.taken)
        for carry in CARRIES:
            loyal = self._loyal(record, carry, choice.shown)
            record.loyal[carry] = {
                x: carry * value + (1 - carry) * (x in taken)
                for x, value in zip(choice.shown, loyal, strict=True)
            }
        for name in taken:
            record.counts[name] += 1
            record.seen[name] = np.asarray(choice.features[name], float)
        same = record.last == taken
        record.run = record.run + 1 if same else 1
        if record.times:
            record.switches = 0.8 * record.switches + 0.2 * (not same)
        record.last, record.times = taken, record.times + 1

    def _loyal(self, record: Record, carry: float, options: Sequence[str]) -> Numbers:
        known = record.loyal.get(carry)
        if known is None:
            return self._share(options)
        return np.array([known.get(x, 0.0) for x in options])

    def _share(self, options: Sequence[str]) -> Numbers:
        counts = np.array([self.shares.get(x, 0.0) for x in options]) + 0.5
        found: Numbers = counts / counts.sum()
        return found

    def rows(
        self, customer: str, features: Features, options: Sequence[str]
    ) -> NDArray[np.float64]:
        """Return the counted features of options, (options, features).

        Once the population is known, the customer's bents away from it are added.
        """
        plain = self._plain(customer, features, options)
        if self.base is None:
            return plain
        bents = self._bents(self.records[customer], options)
        return np.hstack([plain, bents, bents * self._known(customer)])

    def _bents(self, record: Record, options: Sequence[str]) -> NDArray[np.float64]:
        return np.array([[bent[x] for bent in record.bents] for x in options])

    def _bend(self, choice: Choice) -> None:
        """Move the bents by what the population did not foresee (one gradient step)."""
        if self.base is None or not choice.taken:
            return
        record = self.records[choice.customer]
        plain = self._plain(choice.customer, choice.features, choice.shown) @ self.base
        bents = self._bents(record, choice.shown)
        taken = np.array([x in choice.taken for x in choice.shown], float)
        for rate, bent, own in zip(LEARNING, record.bents, bents.T, strict=True):
            missed = taken / taken.sum() - softmax(plain + own)
            for name, error in zip(choice.shown, missed, strict=True):
                bent[name] += rate * float(error)

    def _known(self, customer: str) -> float:
        times = min(self.records[customer].times, MANY)
        return math.log1p(times) / math.log1p(MANY)

    def _plain(
        self, customer: str, features: Features, options: Sequence[str]
    ) -> NDArray[np.float64]:
        record, known = self.records[customer], self._known(customer)
        ones = np.array([[float(x == name) for name in self.names] for x in options])
        given = np.array([features[x] for x in options], float)
        usual = np.array([self._usual(x, given.shape[1]) for x in options])
        loyal = np.stack([self._loyal(record, c, options) for c in CARRIES], axis=1)
        own = self._own(record, options)
        last = np.array([[float(x in record.last)] for x in options])
        offer = given - usual
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
                np.minimum(given[:, :1] - given[:, :1].min(), 1.0),
            ]
        )

    def _own(self, record: Record, options: Sequence[str]) -> NDArray[np.float64]:
        counts = np.array([record.counts.get(x, 0.0) for x in options])
        share = (counts + PRIOR * self._share(options)) / (counts.sum() + PRIOR)
        never = (counts == 0) & (record.times > 0)
        return np.column_stack([np.log(share + 0.01), share, never])

    def _usual(self, name: str, size: int) -> Numbers:
        n, total = self.usual.get(name, (0, np.zeros(size)))
        return total / n if n else np.zeros(size)

    def _cross(
        self, rows: Numbers, features: Features, options: Sequence[str]
    ) -> NDArray[np.float64]:
        """Add what is given this time crossed with itself and with each option."""
        given = np.array([features[x] for x in options], float)
        beside = given - given.mean(0)
        other = np.hstack([beside, rows[:, : len(self.names)]])
        crossed = beside[:, :, None] * other[:, None, :]
        return np.hstack([rows, crossed.reshape(len(rows), -1)])

    def _replay_crossed(self, replay: Replay) -> Replay:
        table = [
            self._cross(rows, choice.features, choice.shown)
            for rows, choice in zip(replay.table, replay.choices, strict=True)
        ]
        return replace(replay, table=table, ridge=RIDGE_CROSSED)

    def _replay(self, log: Sequence[Choice]) -> Replay:
        """Return rows and answers as they stood before each choice."""
        replay = Replay([], [], [], [])
        for choice in log:
            if choice.taken:
                rows = self.rows(choice.customer, choice.features, choice.shown)
                replay.table.append(rows)
                replay.taken.append(list(choice.shown).index(choice.taken[0]))
                replay.steady.append(self._steady(choice.customer))
                replay.choices.append(choice)
            self._note(choice)
        return replay

    def _steady(self, customer: str) -> tuple[float, float, float]:
        record = self.records[customer]
        return (
            math.log1p(min(record.times, MANY)),
            math.log1p(min(record.run, MANY)),
            record.switches,
        )
