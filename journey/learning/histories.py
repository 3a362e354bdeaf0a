"""Histories: who ordered what when, as the population's models are fitted to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from journey.learning.fading import EPOCH
from journey.learning.population import Visit
from journey.learning.purchases import products_in
from journey.people.consent import Purpose, unwilling
from journey.store.prepared import Prepared
from journey.store.tables import Event

KINDS = ("order_placed", "order_cancelled")
MOST = 500_000
"""Of the log's orders, so many of the newest are looked at."""
OWN = 200
"""Of a customer's own orders, so many of the newest."""


class Dealt(NamedTuple):
    """An order, or one that was called off."""

    at: datetime
    kind: str
    payload: Mapping[str, Any]


_OWN = Prepared(
    select(Event.at, Event.kind, Event.payload)
    .where(
        Event.customer_id == bindparam("customer"),
        or_(*(Event.kind == kind for kind in KINDS)),
    )
    .order_by(Event.number.desc())
    .limit(OWN)
)
Bought = Sequence[tuple[float, tuple[str, ...]]]
"""One customer's orders: the day and the products, oldest first."""


@dataclass(frozen=True)
class Histories:
    """The orders of customers, by customer."""

    of: Mapping[str, Bought]

    def before(self, day: float) -> "Histories":
        """Return the orders before a day."""
        cut = {x: [o for o in bought if o[0] < day] for x, bought in self.of.items()}
        return Histories({name: bought for name, bought in cut.items() if bought})

    def orders(self) -> list[tuple[float, str, tuple[str, ...]]]:
        """Return all orders with their customers, oldest first."""
        return sorted(
            (at, name, products)
            for name, bought in self.of.items()
            for at, products in bought
        )

    @property
    def products(self) -> list[str]:
        """Every product that was ordered, sorted."""
        found = {x for bought in self.of.values() for _, items in bought for x in items}
        return sorted(found)


def day_of(at: datetime) -> float:
    """Return an instant as days since the epoch of learning."""
    return (at - EPOCH) / timedelta(days=1)


def read_histories(session: Session) -> Histories:
    """Return the orders of everybody who lets us learn."""
    query = select(Event.customer_id, Event.at, Event.kind, Event.payload)
    query = query.where(Event.kind.in_(KINDS), Event.customer_id.is_not(None))
    rows = session.execute(query.order_by(Event.number.desc()).limit(MOST))
    refused = unwilling(session, Purpose.LEARNING)
    events = defaultdict[str, list[Any]](list)
    for event in rows:
        if event.customer_id and event.customer_id not in refused:
            events[event.customer_id].append(event)
    found = {name: _bought(reversed(events[name])) for name in sorted(events)}
    return Histories({name: bought for name, bought in found.items() if bought})


def own_orders(session: Session, customer_id: str) -> Bought:
    """Return one customer's newest orders, oldest first."""
    rows = [*_OWN.rows(session.connection(), customer=customer_id)]
    return _bought(map(Dealt._make, reversed(rows)))


def _bought(events: Iterable[Any]) -> Bought:
    """Return what was ordered and not called off."""
    orders: dict[object, tuple[float, list[str]]] = {}
    for event in events:
        number = event.payload.get("order", len(orders))
        if event.kind == "order_placed":
            orders[number] = (day_of(event.at), products_in(event))
        elif number in orders:
            day, products = orders.pop(number)
            gone = set(products_in(event)) or set(products)
            orders[number] = (day, [x for x in products if x not in gone])
    kept = [(day, tuple(products)) for day, products in orders.values() if products]
    return sorted(kept, key=lambda order: order[0])


def as_visits(bought: Bought, numbers: Mapping[str, int]) -> list[Visit]:
    """Return orders as visits with the numbers of known products."""
    return [
        (at, np.array([numbers[x] for x in items if x in numbers], np.int64))
        for at, items in bought
    ]
