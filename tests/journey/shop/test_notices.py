from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from journey.orders.orders import Status
from journey.orders.workdays import Workdays
from journey.shop.notices import KEPT, forget, hear, take
from journey.shop.platform import Known, Notice, Refused, Restocked
from journey.store.tables import Event, OrderStep, Product, Promise, ShopNotice
from tests.factories import NOW
from tests.journey.shop.conftest import CHAIR, Counter
from tests.journey.shop.test_runner import fail

DAYS = Workdays()


def told(counter: Counter, status: Status | None, **fields: object) -> Known:
    known = next(iter(counter.platform.orders.values()))
    return replace(known, status=status, **fields)  # type: ignore[arg-type]


@pytest.fixture
def placed(counter: Counter) -> Counter:
    counter.order()
    counter.run()
    return counter


def test_notice_is_taken_once(placed: Counter) -> None:
    session = placed.talk.session
    notice = Notice("n1", told(placed, Status.SHIPPED))
    assert take(session, "scripted", notice, DAYS, NOW)
    assert not take(session, "scripted", notice, DAYS, NOW)
    assert take(session, "other", notice, DAYS, NOW)
    assert session.scalars(select(OrderStep.status)).all().count("shipped") == 1


@pytest.mark.parametrize(
    ("statuses", "end"),
    [
        ([Status.SHIPPED], "shipped"),
        ([Status.DELIVERED], "delivered"),
        ([Status.SHIPPED, Status.PLACED], "shipped"),
        ([Status.CANCELLED], "cancelled"),
        ([Status.SHIPPED, Status.CANCELLED], "shipped"),
        ([None], "placed"),
    ],
)
def test_order_goes_forward_only(
    placed: Counter, statuses: list[Status | None], end: str
) -> None:
    for status in statuses:
        hear(placed.talk.session, told(placed, status), DAYS, NOW, by="scripted")
    assert placed.placed.status == end


def test_delivery_keeps_the_promise(placed: Counter) -> None:
    session, day = placed.talk.session, placed.placed.deliver_by
    assert session.scalar(select(Promise.state)) is None
    hear(session, told(placed, None, paid=True), DAYS, placed.talk.at, by="scripted")
    assert session.scalar(select(Promise.due_at)) == day
    hear(session, told(placed, Status.DELIVERED), DAYS, day, by="scripted")
    assert placed.talk.session.scalar(select(Promise.state)) == "kept"
    steps = placed.talk.session.scalars(select(OrderStep.status)).all()
    assert set(steps) == {"placing", "placed", "shipped", "delivered"}


def test_payment_is_noted_once_and_ends_the_link(placed: Counter) -> None:
    for number in ("7000", "7000"):
        news = told(placed, Status.PLACED, paid=True, number=number)
        hear(placed.talk.session, news, DAYS, NOW, by="scripted")
    assert (placed.placed.paid_at, placed.placed.pay_url) == (NOW, None)
    kinds = placed.talk.session.scalars(select(Event.kind)).all()
    assert kinds.count("order_paid") == 1


def test_stock_and_price_follow_the_shop(placed: Counter) -> None:
    news = Restocked(CHAIR, 3, Decimal("179.00"), active=True)
    take(placed.talk.session, "scripted", Notice("n2", products=[news]), DAYS, NOW)
    placed.talk.session.flush()
    assert placed.stock() == 3


def test_message_that_comes_late_changes_nothing(placed: Counter) -> None:
    session = placed.talk.session
    for name, stock, age in (("n2", 3, 0), ("n3", 8, 1), ("n4", 2, 0)):
        at = NOW - timedelta(minutes=age)
        news = Restocked(CHAIR, stock, None, active=True, at=at)
        take(session, "scripted", Notice(name, products=[news]), DAYS, NOW)
        session.flush()
    assert placed.stock() == 2


def test_id_of_a_product_speaks_for_its_variants(placed: Counter) -> None:
    session = placed.talk.session
    chair = session.get_one(Product, CHAIR)
    chair.external_id = "7:8"
    session.flush()
    for product in ("7:80", "7", "70"):
        gone = Restocked(product, 0, None, active=False)
        take(session, "scripted", Notice(product, products=[gone]), DAYS, NOW)
        session.flush()
        session.refresh(chair)
        assert chair.active is (product == "7:80")


def test_order_that_came_about_after_all_is_cancelled_there(counter: Counter) -> None:
    counter.order()
    counter.platform.before = lambda: fail(Refused("given up"))
    counter.run()
    counter.platform.before = lambda: None
    late = counter.platform.place(counter.platform.wanted[0])
    hear(counter.talk.session, late, DAYS, counter.talk.at, by="scripted")
    assert counter.run() == 1
    assert counter.platform.asked[-1] == "cancel"
    assert counter.placed.status == "failed"
    assert len(counter.told()) == 1


def test_order_of_somebody_else_is_left_alone(placed: Counter) -> None:
    other = told(placed, Status.SHIPPED, ref="elsewhere", key="unknown")
    hear(placed.talk.session, other, DAYS, NOW, by="scripted")
    assert placed.placed.status == "placed"


def test_old_notices_are_forgotten(placed: Counter) -> None:
    session = placed.talk.session
    for name, age in (("old", KEPT + timedelta(1)), ("new", timedelta(0))):
        take(session, "scripted", Notice(name), DAYS, NOW - age)
    assert forget(session, NOW) == 1
    assert session.scalars(select(ShopNotice.id)).all() == ["new"]
