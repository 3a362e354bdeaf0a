"""When one customer needs one thing again: a distribution over days.

The log of the days that one piece lasts is Student's t, from a normal-inverse-gamma
prior: a customer's own gaps lean on the product's, those on the category's, and those
on everybody's. Where the owner or the customer says how fast a thing goes, that
counts like so many gaps of the level above.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

CATEGORY, PRODUCT, MOST_OWN = 8.0, 5.0, 2.0
"""So many gaps weigh as much as the level above; for a customer's own at most."""
USES_UP, SAID = 5.0, 20.0
"""So many gaps are as good as the owner's word, and as the customer's own."""
WITHIN, SURE_OF_IT = 0.3, 8.0
"""How far one customer's log gaps lie apart before anything is known, and how many
gaps that is worth."""
BETWEEN = 0.4
"""How far customers' mean log gaps lie apart."""
LAST = (0.35, 0.12, 0.06)
"""How often the first, second, later purchase of a thing was the last one."""


@dataclass(frozen=True)
class Gaps:
    """Log gaps as sums that add up: how many, their sum, and that of their squares."""

    count: float = 0.0
    logs: float = 0.0
    squares: float = 0.0

    def __add__(self, other: "Gaps") -> "Gaps":
        """Return both together."""
        return Gaps(
            self.count + other.count,
            self.logs + other.logs,
            self.squares + other.squares,
        )

    def mean(self, prior: float, weight: float) -> float:
        """Return the mean log, leaning on a prior."""
        return (self.logs + weight * prior) / (self.count + weight)


def gaps_of(logs: Sequence[float]) -> Gaps:
    """Return the sums of some log gaps."""
    return Gaps(len(logs), sum(logs), sum(x * x for x in logs))


@dataclass(frozen=True)
class Usual:
    """What is known without the customer's own gaps: a mean log gap and a spread."""

    mean: float
    spread: float = WITHIN


def usual(
    everybody: Gaps,
    category: Gaps,
    product: Gaps,
    *,
    uses_up_days: float | None = None,
    said_days: float | None = None,
) -> Usual | None:
    """Return what is usual for one piece of a product; None when nothing says it."""
    mean: float | None = None
    if uses_up_days is not None:
        mean = product.mean(math.log(uses_up_days), USES_UP)
    elif category.count:
        whole = everybody.logs / everybody.count
        mean = product.mean(category.mean(whole, CATEGORY), PRODUCT)
    if said_days is not None:
        said, weight = math.log(said_days), PRODUCT if mean is not None else 0.0
        mean = (SAID * said + weight * (mean or 0.0)) / (SAID + weight)
    return None if mean is None else Usual(mean, _spread(product))


def _spread(product: Gaps) -> float:
    """Return how far the gaps of a product lie apart, within a customer and between."""
    if product.count < 2:
        return WITHIN
    mean = product.logs / product.count
    variance = max(product.squares / product.count - mean * mean, 0.0)
    leaning = (product.count * variance + PRODUCT * WITHIN**2) / (
        product.count + PRODUCT
    )
    return math.sqrt(leaning)


@dataclass(frozen=True)
class Forecast:
    """The day of the next need, in days after the last purchase.

    The log of the days is about normal with a mean and a spread; `last` is the
    probability that there is no next time.
    """

    mean: float
    spread: float
    last: float

    @property
    def days(self) -> float:
        """The middle of the distribution: as likely earlier as later."""
        return math.exp(self.mean)

    def by(self, days: float) -> float:
        """Return the probability that the next need, if any, comes within so long."""
        if days <= 0:
            return 0.0
        return _normal((math.log(days) - self.mean) / self.spread)

    def chance(self, elapsed: float, ahead: float) -> float:
        """Return the probability of need within so many days, silent for `elapsed`."""
        return self.within(elapsed, ahead) * self.goes_on(elapsed)

    def within(self, after: float, ahead: float) -> float:
        """Return the share of the needs after so long that come within some days."""
        left = 1.0 - self.by(after)
        if left <= 0.0:
            return 0.0
        return (self.by(after + ahead) - self.by(after)) / left

    def goes_on(self, elapsed: float) -> float:
        """Return the probability that there is a next time, silent for so long."""
        waiting = (1.0 - self.last) * (1.0 - self.by(elapsed))
        return waiting / (waiting + self.last)

    def when(self, share: float) -> float:
        """Return after how many days so great a share of needs has come."""
        low, high = self.mean - 8 * self.spread, self.mean + 8 * self.spread
        for _ in range(60):
            middle = (low + high) / 2
            if _normal((middle - self.mean) / self.spread) < share:
                low = middle
            else:
                high = middle
        return math.exp((low + high) / 2)


def forecast(own: Gaps, usual: Usual, *, pieces: float = 1.0) -> Forecast:
    """Return the distribution for a customer, of what so many pieces last."""
    above = min((usual.spread / BETWEEN) ** 2, MOST_OWN)
    weight, degrees = above + own.count, SURE_OF_IT + own.count
    mean = own.mean(usual.mean, above)
    scatter = SURE_OF_IT * usual.spread**2
    if own.count:
        middle = own.logs / own.count
        scatter += max(own.squares - own.count * middle**2, 0.0)
        scatter += above * own.count / weight * (middle - usual.mean) ** 2
    # The variance of Student's t, for which a normal stands.
    variance = scatter / degrees * (1 + 1 / weight) * degrees / (degrees - 2)
    last = LAST[min(int(own.count), len(LAST) - 1)]
    return Forecast(mean + math.log(pieces), math.sqrt(variance), last)


def _normal(x: float) -> float:
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))
