"""When will this customer need this product again? The interface for other programs.

    from journey.learning.replenishment import Replenishment

    model = Replenishment.fit(purchases)              # any order of (customer, product,
                                                      # category, day), days as numbers
    model.observe("anna", "tea", "drinks", 412.0)     # one more, in order of time
    model.predict_date("anna", "tea", at=412.0)       # the day of the next need
    model.probability_due("anna", "tea", at=412.0, days=14)
    whole = model + other                             # shards of other customers

A customer's rhythm with a product leans on the customer, the product, its category and
the whole population, the less the more is known (see journey/learning/rhythm.py).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

import numpy as np

from journey.learning.due import DueModel
from journey.learning.linear import Numbers
from journey.learning.rhythm import Level, Rhythm, Rhythms

Purchase = tuple[str, str, str, float]
"""Customer, product, category, day."""
HALF = 0.5
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much the median of the customer's own gaps counts beside the modelled date.

Which of these serves is found on the last days of the history, foretold from before.
"""
CATEGORY = 10.0
"""So many gaps of a category weigh as much as the whole population."""


class KindRhythms(Rhythms):
    """Rhythms whose products lean on their category before they lean on all."""

    def __init__(self, max_gap: float) -> None:
        """Start empty."""
        super().__init__(max_gap)
        self.kinds: dict[str, str] = {}
        self.categories: dict[str, Level] = defaultdict(Level)

    def _learn(self, customer: str, product: str, pair: Rhythm, log: float) -> None:
        category = self.categories[self.kinds.get(product, "")]
        category.count, category.logs = category.count + 1, category.logs + log
        super()._learn(customer, product, pair, log)

    def take(self, other: Rhythms) -> None:
        """Add the rhythms of other customers."""
        super().take(other)
        if isinstance(other, KindRhythms):
            self.kinds = {**other.kinds, **self.kinds}
            for name, level in other.categories.items():
                self.categories[name].add(level)

    def _mean(self, product: str) -> float:
        mean = super()._mean(product)
        category = self.categories[self.kinds.get(product, "")]
        return (category.logs + CATEGORY * mean) / (category.count + CATEGORY)


class Replenishment:
    """A fitted model; `days` is how far ahead it is mostly asked."""

    def __init__(self, *, days: float = 14.0, max_gap: float = 90.0) -> None:
        """Know nothing; after `max_gap` days without it a product was given up."""
        self._model = DueModel(max_gap, days)
        self._rhythms = KindRhythms(max_gap)
        self._model.rhythms = self._rhythms
        self._now = -math.inf
        self._share = 0.0

    @classmethod
    def fit(
        cls,
        purchases: Iterable[Purchase],
        *,
        days: float = 14.0,
        max_gap: float = 90.0,
    ) -> "Replenishment":
        """Return a model of a history."""
        ordered = sorted(set(purchases), key=lambda x: (x[3], x[0], x[1]))
        model = cls(days=days, max_gap=max_gap)
        model._warm(ordered)
        if ordered:
            tried = cls(days=days, max_gap=max_gap)
            first, last = ordered[0][3], ordered[-1][3]
            cut = max(last - max_gap - days, first + HALF * (last - first))
            tried._warm([x for x in ordered if x[3] < cut])
            model._share = tried._best_share([x for x in ordered if x[3] >= cut])
        return model

    def _warm(self, ordered: Sequence[Purchase]) -> None:
        for _, product, category, _ in ordered:
            self._rhythms.kinds.setdefault(product, category)
        self._model.warm([(who, what, at) for who, what, _, at in ordered])
        self._now = ordered[-1][3] if ordered else -math.inf

    def _best_share(self, later: Sequence[Purchase]) -> float:
        """Return the share of the own median with which later dates are met best."""
        days = defaultdict[tuple[str, str], list[float]](list)
        for who, what, _, at in later:
            days[who, what].append(at)
        errors = np.zeros(len(SHARES))
        for who, what, kind, at in later:
            self.observe(who, what, kind, at)
            came = next((x for x in days[who, what] if x > at), None)
            if came is not None and came - at <= self._model.max_gap:
                told = self._dates(who, what, at)
                errors += np.abs(told - came)
        return SHARES[int(errors.argmin())]

    def _dates(self, customer: str, product: str, at: float) -> Numbers:
        """Return the day of the next need by share of the pair's own median."""
        modelled = float(self._model.dates(customer, [product], at)[0])
        pair = self._rhythms.pairs[customer][product]
        own = pair.last + median(pair.gaps) if pair.gaps else modelled
        shares = np.array(SHARES)
        days: Numbers = np.maximum(at, np.round(shares * own + (1 - shares) * modelled))
        return days

    def observe(self, customer: str, product: str, category: str, at: float) -> None:
        """Take in one more purchase: sums only, the weights wait for the next fit."""
        self._rhythms.kinds.setdefault(product, category)
        self._rhythms.observe(customer, product, at)
        self._now = max(self._now, at)

    def knows(self, customer: str, product: str) -> bool:
        """Tell whether a customer ever took a product."""
        return product in self._rhythms.pairs.get(customer, {})

    def predict_date(self, customer: str, product: str, at: float) -> float:
        """Return the day of the next need, a whole one, not before `at`.

        Raises:
            KeyError: the customer never took the product.
        """
        if not self.knows(customer, product):
            raise KeyError((customer, product))
        return float(self._dates(customer, product, at)[SHARES.index(self._share)])

    def probability_due(
        self, customer: str, product: str, at: float, days: float
    ) -> float:
        """Return the probability of a need within so many days; 0 for what is new."""
        if not self.knows(customer, product):
            return 0.0
        chance = float(self._model.chances(customer, [product], at)[0])
        return float(1 - (1 - chance) ** (days / self._model.days))

    def _size(self) -> float:
        return self._rhythms.whole.count

    def __add__(self, other: "Replenishment") -> "Replenishment":
        """Return the model of both shards, which hold different customers.

        Counts and sums add up; the weights are fitted anew to the rows of both.
        """
        whole = Replenishment(days=self._model.days, max_gap=self._model.max_gap)
        # The shard that saw more says how much the own median counts.
        whole._share = max(self, other, key=Replenishment._size)._share
        whole._now = max(self._now, other._now)
        for shard in (self, other):
            whole._rhythms.take(shard._rhythms)
            whole._model.take(shard._model)
        whole._model.refit(whole._now)
        return whole
