"""When nothing fits: which one constraint gives way, and how far it must."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from journey.curate.candidates import find_stated, fits
from journey.curate.fit import Limit, Sold, value_of
from journey.orders.workdays import Arrivals


@dataclass(frozen=True)
class Way:
    """A constraint that stands in the way: without it `products` would fit.

    `number` is its place among the limits. `nearest` is the value from which on
    something fits: the least one for an upper bound, the greatest for a lower
    one, None where there is no order.
    """

    limit: Limit
    number: int
    products: tuple[Sold, ...]
    nearest: Any = None


def find_ways(
    products: Sequence[Sold], limits: Sequence[Limit], arrivals: Arrivals
) -> list[Way]:
    """Return each constraint whose giving way would help, the most helpful first."""
    ways, stated = [], find_stated(products)
    for number, limit in enumerate(limits):
        others = [other for other in limits if other is not limit]
        fitting = tuple(x for x in products if fits(x, others, stated, arrivals))
        if fitting:
            ways.append(Way(limit, number, fitting, _nearest(fitting, limit, arrivals)))
    return sorted(ways, key=lambda way: -len(way.products))


def _nearest(products: Sequence[Sold], limit: Limit, arrivals: Arrivals) -> Any:
    values = [value_of(product, limit.attribute, arrivals) for product in products]
    known = [value for value in values if value is not None]
    if limit.op not in ("<=", "<", ">=", ">") or not known:
        return None
    return min(known) if limit.op.startswith("<") else max(known)
