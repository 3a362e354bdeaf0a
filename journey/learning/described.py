"""Preference over options that are described: some of those shown are accepted.

What each customer accepted by attribute, what everybody accepted by option, and what
customers alike accepted become a few features; one ridge system weighs them for all.
Each customer's own answers stay out of the population's sums that foretell them.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from journey.learning.linear import Numbers
from journey.learning.records import Choice, Features

PATIENCE = 4.0
"""So many own answers weigh as much as what is usual."""
CAUTION = 3.0
ALIKE = 30.0
"""So much agreement between customers weighs as much as none."""
RIDGE = 5.0
EVERY = 25
"""The weights are solved anew after so many lessons."""


@dataclass
class Answers:
    """What somebody was shown and accepted: in all, by attribute, by option."""

    shown: float = 0.0
    accepted: float = 0.0
    by_attribute: Numbers = field(default_factory=lambda: np.zeros((2, 0)))
    by_option: dict[str, tuple[float, float]] = field(default_factory=dict)

    def add(self, option: str, traits: Numbers, accepted: float) -> None:
        """Take in the answer to one option."""
        before = self.attributes(len(traits))
        self.by_attribute = before + np.outer([1.0, accepted], traits)
        self.shown += 1
        self.accepted += accepted
        n, yes = self.by_option.get(option, (0.0, 0.0))
        self.by_option[option] = (n + 1, yes + accepted)

    def attributes(self, size: int) -> Numbers:
        """Return what was shown and accepted by attribute, (2, attributes)."""
        return self.by_attribute if self.shown else np.zeros((2, size))

    def without(self, option: str, other: "Answers") -> tuple[float, float]:
        """Return what was shown and accepted of an option, less another's part."""
        n, yes = self.by_option.get(option, (0.0, 0.0))
        less, of_it = other.by_option.get(option, (0.0, 0.0))
        return n - less, yes - of_it


class DescribedModel:
    """Ranks described options for a customer; learns from every answer."""

    def __init__(self) -> None:
        """Know nothing."""
        self.everybody = Answers()
        self.of: dict[str, Answers] = defaultdict(Answers)
        self._rows: dict[str, int] = {}
        self._columns: dict[str, int] = {}
        self._beside = np.zeros((0, 0), np.float32)
        self._system: tuple[Numbers, Numbers] | None = None
        self._weights: Numbers | None = None
        self._lessons = 0

    def warm(self, log: Sequence[Choice]) -> None:
        """Take in what others were shown and accepted, each one's oldest first."""
        for choice in log:
            self._count(self.everybody, choice)
            self._count(self.of[choice.customer], choice)
        self._lay_out()
        whole = dict(self.of)
        self.of.clear()
        for choice in log:
            rows = self._features(
                choice.customer, choice.features, choice.shown, whole[choice.customer]
            )
            self._weigh(rows, _accepted(choice))
            self._count(self.of[choice.customer], choice)
        self._solve()

    def scores(
        self, customer: str, features: Features, options: Sequence[str]
    ) -> Numbers:
        """Return how likely each option is to be accepted, up to a scale."""
        rows = self._features(customer, features, options, Answers())
        if self._weights is None:
            self._start(rows.shape[1])
        assert self._weights is not None
        found: Numbers = rows @ self._weights
        return found

    def learn(self, choice: Choice) -> None:
        """Take in one more answer."""
        rows = self._features(choice.customer, choice.features, choice.shown, Answers())
        self._weigh(rows, _accepted(choice))
        self._count(self.of[choice.customer], choice)
        self._count(self.everybody, choice)
        self._lessons += 1
        if self._lessons % EVERY == 0:
            self._solve()

    @staticmethod
    def _count(answers: Answers, choice: Choice) -> None:
        for option, yes in zip(choice.shown, _accepted(choice), strict=True):
            traits = np.maximum(np.asarray(choice.features[option], float), 0)
            answers.add(option, traits, float(yes))

    def _features(
        self,
        customer: str,
        features: Features,
        options: Sequence[str],
        mine: Answers,
    ) -> Numbers:
        """Return (options, features); `mine` is left out of the population's sums."""
        own = self.of[customer]
        traits = np.array([features[x] for x in options], float)
        base = self._base(mine)
        mean = (own.accepted + PATIENCE * base) / (own.shown + PATIENCE)
        counts = np.array([self.everybody.without(x, mine) for x in options])
        rate = (counts[:, 1] + CAUTION * base) / (counts[:, 0] + CAUTION)
        known, sure = math.log1p(own.shown), np.log1p(counts[:, 0])
        fit = self._fit(own, np.maximum(traits, 0), mean)
        alike = self._alike(customer, own, options)
        counted = [
            np.ones(len(options)),
            rate,
            (rate - base) * sure,
            0.1 * sure,
            np.full(len(options), mean - base),
            fit,
            fit * known,
            alike,
            alike * known,
        ]
        return np.hstack([np.column_stack(counted), 0.3 * traits])

    def _base(self, mine: Answers) -> float:
        shown = self.everybody.shown - mine.shown
        return (self.everybody.accepted - mine.accepted + 1) / (shown + 2)

    def _fit(self, own: Answers, traits: Numbers, mean: float) -> Numbers:
        """Return the customer's rate for an option's attributes, beside the mean."""
        shown, accepted = own.attributes(traits.shape[1])
        rates = (accepted + PATIENCE * mean) / (shown + PATIENCE) - mean
        weight = traits.sum(1)
        found: Numbers = traits @ rates / np.where(weight > 0, weight, 1.0)
        return found

    def _lay_out(self) -> None:
        """Put what each known customer accepted beside the usual into one matrix."""
        self._rows = {name: n for n, name in enumerate(sorted(self.of))}
        self._columns = {name: n for n, name in enumerate(self.everybody.by_option)}
        self._beside = np.zeros((len(self._rows), len(self._columns)), np.float32)
        for name, row in self._rows.items():
            for option, beside in self._surprises(self.of[name]).items():
                self._beside[row, self._columns[option]] = beside

    def _surprises(self, own: Answers) -> dict[str, float]:
        """Return by option how much more it was accepted than everybody would."""
        base = self._base(Answers())
        mean = (own.accepted + PATIENCE * base) / (own.shown + PATIENCE) - base
        found = {}
        for option, (n, yes) in own.by_option.items():
            shown, accepted = self.everybody.by_option.get(option, (0.0, 0.0))
            rate = (accepted + CAUTION * base) / (shown + CAUTION)
            found[option] = yes / n - rate - mean
        return found

    def _alike(self, customer: str, own: Answers, options: Sequence[str]) -> Numbers:
        """Return what customers who were surprised alike thought of the options."""
        known = {
            self._columns[x]: y
            for x, y in self._surprises(own).items()
            if x in self._columns
        }
        if not known:
            return np.zeros(len(options))
        mine = np.array(list(known.values()), np.float32)
        agree = self._beside[:, list(known)] @ mine
        if customer in self._rows:
            agree[self._rows[customer]] = 0.0
        places = np.array([self._columns.get(x, -1) for x in options])
        theirs = np.where(places >= 0, self._beside[:, places], 0.0)
        weight = np.abs(agree) @ (theirs != 0)
        found: Numbers = (agree @ theirs) / (weight + ALIKE * float(mine @ mine) ** 0.5)
        return found

    def _start(self, size: int) -> None:
        """Begin by trusting the option's own rate and the customer's attributes."""
        self._system = (RIDGE * np.eye(size), np.zeros(size))
        self._system[1][[1, 5]] = RIDGE, 0.6 * RIDGE
        self._solve()

    def _weigh(self, rows: Numbers, accepted: Numbers) -> None:
        if self._system is None:
            self._start(rows.shape[1])
        assert self._system is not None
        square, right = self._system
        self._system = (square + rows.T @ rows, right + rows.T @ accepted)

    def _solve(self) -> None:
        if self._system is not None:
            square, right = self._system
            self._weights = np.linalg.solve(square, right).astype(np.float64)


def _accepted(choice: Choice) -> Numbers:
    return np.array([x in choice.taken for x in choice.shown], float)
