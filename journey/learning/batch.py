"""Lessons of many orders at once: the same sums, in few statements.

What an order teaches leans on the customer's earlier orders. Here those are read once
for all of a batch; the sums are made by the functions that teach order by order.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.learning.lessons import Before, ordered_sums
from journey.learning.purchases import products_in
from journey.learning.sums import Sum, add
from journey.people.consent import Purpose, has_consent
from journey.store.tables import Consent, Event, LearnedTaste

PART = 800


def learn_orders(session: Session, ids: Sequence[str]) -> None:
    """Learn from `order_placed` events that were just written, in their order."""
    events = _events(session, ids)
    customers = sorted({str(event.customer_id) for event in events})
    taken, last = _taken(session, customers), _last(session, customers, events)
    asked = _asked(session, customers)
    sums: list[Sum] = []
    for event in events:
        customer = str(event.customer_id)
        if customer in asked and not _may(session, event):
            last[customer] = products_in(event)
            continue
        own = taken.setdefault(customer, {})
        sums += ordered_sums(event, Before(own, last.get(customer)))
        last[customer] = products_in(event)
        for product in last[customer]:
            own[product] = max(event.at, own.get(product, event.at))
    add(session, sums)
    session.expire_all()


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), PART):
        yield values[start : start + PART]


def _events(session: Session, ids: Sequence[str]) -> list[Event]:
    found = [
        event
        for part in _parts(ids)
        for event in session.scalars(select(Event).where(Event.id.in_(part)))
    ]
    return sorted(found, key=lambda event: event.number)


def _taken(
    session: Session, customers: Sequence[str]
) -> dict[str, dict[str, datetime]]:
    """Return when customers last took what, as far as it was learned."""
    found: dict[str, dict[str, datetime]] = {}
    columns = (
        LearnedTaste.customer_id,
        LearnedTaste.product_id,
        LearnedTaste.ordered_at,
    )
    for part in _parts(customers):
        query = select(*columns).where(LearnedTaste.customer_id.in_(part))
        for customer, product, at in session.execute(query):
            if at is not None:
                found.setdefault(customer, {})[product] = at
    return found


def _last(
    session: Session, customers: Sequence[str], events: Sequence[Event]
) -> dict[str, list[str]]:
    """Return the products of each customer's last order before these."""
    found: dict[str, list[str]] = {}
    for part in _parts(customers):
        newest = (
            select(func.max(Event.number))
            .where(
                Event.customer_id.in_(part),
                Event.kind == "order_placed",
                Event.number < events[0].number,
            )
            .group_by(Event.customer_id)
        )
        for event in session.scalars(select(Event).where(Event.number.in_(newest))):
            found[str(event.customer_id)] = products_in(event)
    return found


def _asked(session: Session, customers: Sequence[str]) -> set[str]:
    """Return the customers who ever said whether they want learning."""
    found: set[str] = set()
    for part in _parts(customers):
        query = select(Consent.customer_id).where(
            Consent.customer_id.in_(part), Consent.purpose == Purpose.LEARNING
        )
        found.update(session.scalars(query))
    return found


def _may(session: Session, event: Event) -> bool:
    customer = str(event.customer_id)
    return has_consent(session, customer, Purpose.LEARNING, event.at, unsaid=True)
