"""Ranges: among which products of a kind somebody chooses again and again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from journey.learning.histories import Histories
from journey.learning.records import Choice

OPTIONS = 12
"""Of the products of a kind, so many stand to choice, the commonest first."""
Prices = Mapping[str, tuple[str, float]]
"""By product its category and its price."""


def choices(histories: Histories, prices: Prices) -> Iterator[tuple[float, Choice]]:
    """Yield every time that something of a kind was taken, with its day."""
    orders = histories.orders()
    ranges = _ranges(orders, prices)
    for at, customer, items in orders:
        for item in items:
            if item in prices:
                shown = _with(ranges[prices[item][0]], item)
                if len(shown) > 1:
                    yield at, choice_among(customer, shown, prices, (item,))


def choice_among(
    customer: str, shown: Sequence[str], prices: Prices, taken: tuple[str, ...] = ()
) -> Choice:
    """Return one occasion to choose, each product with its price beside the mean."""
    mean = sum(prices[x][1] for x in shown) / len(shown) or 1.0
    return Choice(customer, {x: (prices[x][1] / mean,) for x in shown}, shown, taken)


def _ranges(
    orders: Sequence[tuple[float, str, tuple[str, ...]]], prices: Prices
) -> dict[str, list[str]]:
    taken = defaultdict[str, int](int)
    for _, _, items in orders:
        for item in items:
            taken[item] += 1
    found = defaultdict[str, list[str]](list)
    for item in sorted(taken, key=lambda x: (-taken[x], x)):
        if item in prices and len(found[prices[item][0]]) < OPTIONS:
            found[prices[item][0]].append(item)
    return found


def _with(options: Sequence[str], item: str) -> list[str]:
    return list(options) if item in options else [*options[: OPTIONS - 1], item]
