"""Lessons from orders: what was in them, after how long, and after what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from journey.learning.fading import log_gap, weigh
from journey.learning.past import Act, Past
from journey.learning.sums import Sum
from journey.store.tables import LearnedGap, LearnedNext, LearnedTaste

SAME_ORDER = 20
"""Of an order of more products, so many count for what follows what."""


def products_in(event: Act) -> list[str]:
    """Return the products that an order's event names, each once."""
    items = event.payload.get("items") or event.payload.get("products") or ()
    named = [event.payload["product"]] if "product" in event.payload else []
    found = [item["product"] if isinstance(item, dict) else item for item in items]
    return list(dict.fromkeys([*named, *found]))


def order_of(past: Past, event: Act) -> Act | None:
    """Return the order that a cancellation or a return is about."""
    wanted, named = event.payload.get("order"), set(products_in(event))
    for earlier in past.orders(event):
        same = earlier.payload.get("order") == wanted
        if same or (wanted is None and named <= set(products_in(earlier))):
            return earlier
    return None


def chosen_in(past: Past, event: Act) -> list[str]:
    """Return what was chosen or ordered in an event's journey before it."""
    events = past.choices(event)
    return list(dict.fromkeys(x for one in events for x in products_in(one)))


def gaps(
    event: Act, products: Iterable[str], taken: Mapping[str, datetime]
) -> Iterator[Sum]:
    """Yield the time since each product was ordered before, as its log."""
    for product in products:
        before = taken.get(product)
        if before is None or before >= event.at:
            continue
        log = log_gap(before, event.at)
        own = {"customer_id": event.customer_id, "product_id": product}
        yield Sum(LearnedTaste, own, {"gaps": 1, "logs": log})
        amounts = {"count": 1, "logs": log, "squares": log * log}
        yield Sum(LearnedGap, {"product_id": product}, amounts)


def nexts(event: Act, products: Iterable[str], before: Sequence[str]) -> Iterator[Sum]:
    """Yield what this order says about what follows what in the one before."""
    weight = weigh(event.at)
    for earlier in before[:SAME_ORDER]:
        for later in list(products)[:SAME_ORDER]:
            key = {"product_id": earlier, "next_id": later}
            yield Sum(LearnedNext, key, {"count": 1, "weight": weight})
