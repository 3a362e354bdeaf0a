from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.deliveries import promise_delivery, settle_delivery
from journey.orders import Delivery, Line, Status, advance, place
from journey.store.tables import Event, Order, Promise
from tests.factories import NOW, make_customer, make_product

FREE = Delivery(fee=Decimal(0), free_from=Decimal(0))


def promised(session: Session) -> Order:
    customer = make_customer(session)
    order = place(
        session,
        [Line(make_product(session).id)],
        customer_id=customer.id,
        once="x",
        delivery=FREE,
        address=None,
        now=NOW,
    )
    promise_delivery(session, order, customer.id, NOW)
    return order


@pytest.mark.parametrize(
    ("days", "state", "kinds"),
    [(1, "kept", ["promise_kept"]), (30, "broken", ["promise_broken"])],
)
def test_delivered_order_keeps_or_breaks_its_promise(
    session: Session, days: int, state: str, kinds: list[str]
) -> None:
    order = promised(session)
    for status in (Status.SHIPPED, Status.DELIVERED):
        advance(session, order, status, NOW)
    settle_delivery(session, order, NOW + timedelta(days=days))
    assert session.scalar(select(Promise.state)) == state
    assert list(session.scalars(select(Event.kind))) == kinds


def test_cancelled_order_releases_its_promise(session: Session) -> None:
    order = promised(session)
    advance(session, order, Status.CANCELLED, NOW)
    settle_delivery(session, order, NOW)
    assert session.scalar(select(Promise.state)) == "released"


def test_order_under_way_keeps_its_promise_open(session: Session) -> None:
    order = promised(session)
    settle_delivery(session, order, NOW)
    assert session.scalar(select(Promise.state)) == "open"
