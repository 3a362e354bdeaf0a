"""What messages and mandates go by, on a table of purchases: the renewal forecast."""

import math
from collections import defaultdict

from journey.learning.renewal import Forecast, Gaps, forecast, gaps_of, usual

FORECAST = "forecast"
Key = tuple[str, str]


class Renewals:
    """Everybody's gaps as the database sums them, and each pair's own."""

    def __init__(self) -> None:
        """Know nobody."""
        self._own = defaultdict[Key, Gaps](Gaps)
        self._products = defaultdict[str, Gaps](Gaps)
        self._kinds = defaultdict[str, Gaps](Gaps)
        self._all = Gaps()
        self._kind: dict[str, str] = {}
        self._last: dict[Key, tuple[float, float]] = {}

    def take(self, purchase: tuple[str, str, str, float, float]) -> None:
        """Take in one purchase, not before those that are known."""
        customer, product, category, at, pieces = purchase
        key = (customer, product)
        self._kind.setdefault(product, category)
        if key in self._last:
            before, lasted = self._last[key]
            self._note(key, max(at - before, 1.0), lasted)
        self._last[key] = (at, pieces)

    def _note(self, key: Key, gap: float, pieces: float) -> None:
        one, kind = gaps_of([math.log(gap)]), self._kind[key[1]]
        self._own[key] += gaps_of([math.log(gap / pieces)])
        self._products[key[1]] += one
        self._kinds[kind] += one
        self._all += one

    def day(self, key: Key) -> float:
        """Return the day of the next need of a pair with a gap at least."""
        return self._last[key][0] + self._of(key).days

    def chance(self, key: Key, at: float, ahead: float) -> float:
        """Return the probability of a need within so many days from a day on."""
        return self._of(key).chance(at - self._last[key][0], ahead)

    def _of(self, key: Key) -> Forecast:
        product, pieces = key[1], self._last[key][1]
        above = usual(
            self._all, self._kinds[self._kind[product]], self._products[product]
        )
        assert above is not None
        return forecast(self._own[key], above, pieces=pieces)
