"""Options side by side: only what differs, and what matters first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from journey.curate.fit import DELIVERY, PRICE, value_of
from journey.orders.workdays import Arrivals
from journey.store.tables import Product

ROWS = 6


@dataclass(frozen=True)
class Row:
    """One attribute and its value for each option, None where it is not stated."""

    attribute: str
    values: tuple[Any, ...]


def compare(
    products: Sequence[Product],
    cares: Sequence[str],
    arrivals: Arrivals,
    *,
    most: int = ROWS,
) -> list[Row]:
    """Return at most `most` rows that differ, in the order of what is cared about.

    The price always stands first: equal prices are news too.
    """
    stated = sorted({name for product in products for name in product.attributes})
    order = dict.fromkeys([*cares, DELIVERY, *stated])
    rows = [_row(products, name, arrivals) for name in order if name != PRICE]
    differing = [row for row in rows if len(set(map(str, row.values))) > 1]
    return [_row(products, PRICE, arrivals), *differing][:most]


def _row(products: Sequence[Product], attribute: str, arrivals: Arrivals) -> Row:
    return Row(attribute, tuple(value_of(x, attribute, arrivals) for x in products))
