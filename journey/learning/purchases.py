"""Lessons from orders: what was in them, after how long, and after what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from journey.learning.fading import log_gap, weigh
from journey.learning.sums import Sum
from journey.store.tables import Event, LearnedGap, LearnedNext, LearnedTaste

CHOICES = ("option_chosen", "order_placed")
SAME_ORDER = 20
"""Of an order of more products, so many count for what follows what."""

EARLIER = (
    select(Event)
    .where(
        Event.customer_id == bindparam("customer"),
        Event.kind == "order_placed",
        Event.number < bindparam("number"),
    )
    .order_by(Event.number.desc())
)
ORDERED = select(LearnedTaste.product_id, LearnedTaste.ordered_at).where(
    LearnedTaste.customer_id == bindparam("customer"),
    LearnedTaste.product_id.in_(bindparam("products", expanding=True)),
    LearnedTaste.ordered_at.is_not(None),
)
"""Statements of every lesson, made once."""


def products_in(event: Event) -> list[str]:
    """Return the products that an order's event names, each once."""
    items = event.payload.get("items") or event.payload.get("products") or ()
    named = [event.payload["product"]] if "product" in event.payload else []
    found = [item["product"] if isinstance(item, dict) else item for item in items]
    return list(dict.fromkeys([*named, *found]))


def order_of(session: Session, event: Event) -> Event | None:
    """Return the event of the order that a cancellation or a return is about."""
    wanted, named = event.payload.get("order"), set(products_in(event))
    for earlier in earlier_orders(session, event):
        same = earlier.payload.get("order") == wanted
        if same or (wanted is None and named <= set(products_in(earlier))):
            return earlier
    return None


def chosen_in(session: Session, event: Event) -> list[str]:
    """Return what was chosen or ordered in an event's journey before it."""
    if event.journey_id is None:
        return []
    query = select(Event).where(
        Event.journey_id == event.journey_id,
        Event.number < event.number,
        Event.kind.in_(CHOICES),
    )
    events = session.scalars(query.order_by(Event.number))
    return list(dict.fromkeys(x for one in events for x in products_in(one)))


def earlier_orders(
    session: Session, event: Event, most: int | None = None
) -> Iterator[Event]:
    """Yield the customer's earlier orders, the last first."""
    mine = {"customer": event.customer_id, "number": event.number}
    yield from session.scalars(EARLIER.limit(most), mine)


def gaps(
    event: Event, products: Iterable[str], taken: Mapping[str, datetime]
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


def ordered_before(
    session: Session, event: Event, products: Iterable[str]
) -> Iterator[tuple[str, datetime]]:
    """Yield the products that the customer had ordered, and when last."""
    mine = {"customer": event.customer_id, "products": list(products)}
    for product, at in session.execute(ORDERED, mine):
        if at is not None:
            yield product, at


def nexts(
    event: Event, products: Iterable[str], before: Sequence[str]
) -> Iterator[Sum]:
    """Yield what this order says about what follows what in the one before."""
    weight = weigh(event.at)
    for earlier in before[:SAME_ORDER]:
        for later in list(products)[:SAME_ORDER]:
            key = {"product_id": earlier, "next_id": later}
            yield Sum(LearnedNext, key, {"count": 1, "weight": weight})
