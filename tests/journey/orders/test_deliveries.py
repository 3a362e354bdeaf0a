from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.orders.amendments import Recount
from journey.orders.deliveries import (
    note_payment,
    promise_delivery,
    settle_delivery,
)
from journey.orders.orders import Status, advance, items_of, total
from journey.orders.stock import Line
from journey.orders.workdays import Workdays
from journey.shop.embedded import EmbeddedShop
from journey.store.tables import Event, Proactive, Promise
from tests.factories import NOW, make_basket, make_customer, make_order, make_product


@pytest.mark.parametrize(
    ("days", "state", "kinds"),
    [(1, "kept", ["promise_kept"]), (30, "late", ["promise_late"])],
)
def test_delivered_order_keeps_or_breaks_its_promise(
    session: Session, days: int, state: str, kinds: list[str]
) -> None:
    order = make_order(session)
    for status in (Status.SHIPPED, Status.DELIVERED):
        advance(session, order, status, NOW)
    settle_delivery(session, order, NOW + timedelta(days=days))
    assert session.scalar(select(Promise.state)) == state
    assert list(session.scalars(select(Event.kind).order_by(Event.number))) == [
        "promise_made",
        *kinds,
    ]


def test_cancelled_order_releases_its_promise(session: Session) -> None:
    order = make_order(session)
    advance(session, order, Status.CANCELLED, NOW)
    settle_delivery(session, order, NOW)
    assert session.scalar(select(Promise.state)) == "released"


def test_order_under_way_keeps_its_promise_open(session: Session) -> None:
    order = make_order(session)
    settle_delivery(session, order, NOW)
    assert session.scalar(select(Promise.state)) == "open"


def test_order_is_promised_once(session: Session) -> None:
    order = make_order(session)
    again = promise_delivery(session, order, order.customer_id or "", NOW)
    assert again is not None
    assert session.scalars(select(Promise)).all() == [again]
    assert again.due_at == order.deliver_by


def test_link_to_pay_names_the_total_after_a_change(session: Session) -> None:
    basket = make_basket(make_customer(session), Line(make_product(session).id))
    shop = EmbeddedShop("https://shop.example/pay/{number}/{total}")
    order = shop.place(session, basket, NOW)
    line = items_of(session, order)[0].id
    shop.change(session, order, Recount(line, 2), NOW)
    assert (order.pay_url or "").endswith(f"/{total(session, order)}")


@pytest.mark.parametrize(("waited", "later"), [(0, 0), (1, 1), (3, 4)])
def test_order_is_promised_when_it_is_paid(
    session: Session, waited: int, later: int
) -> None:
    basket = make_basket(make_customer(session), Line(make_product(session).id))
    shop = EmbeddedShop("https://shop.example/pay/{number}/{total}")
    order = shop.place(session, basket, NOW)
    day = order.deliver_by
    assert session.scalars(select(Promise)).all() == []
    for _ in range(2):
        paid = NOW + timedelta(days=waited)
        note_payment(session, order, Workdays(), paid)
    (promise,) = session.scalars(select(Promise))
    assert (order.paid_at, order.pay_url) == (paid, None)
    assert promise.due_at.date() == day.date() + timedelta(days=later)
    written = [row.kind for row in session.scalars(select(Proactive))]
    assert written == ["promise_moved"] * (waited > 0)
