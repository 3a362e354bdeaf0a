from itertools import product as pairs

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.orders.orders import (
    MOVES,
    Status,
    WrongMove,
    advance,
    is_open,
    next_number,
    total,
)
from journey.orders.stock import Line
from journey.store.tables import OrderStep, Product
from tests.factories import NOW, make_order, make_product

ALLOWED = [(a, b) for a, b in pairs(Status, Status) if b in MOVES[a]]
WRONG = [(a, b) for a, b in pairs(Status, Status) if b not in MOVES[a]]


@pytest.mark.parametrize(("now", "wanted"), ALLOWED)
def test_advance_moves_by_the_table(
    session: Session, now: Status, wanted: Status
) -> None:
    order = make_order(session)
    order.status = now
    advance(session, order, wanted, NOW)
    assert order.status == wanted


@pytest.mark.parametrize(("now", "wanted"), WRONG)
def test_advance_refuses_other_moves(
    session: Session, now: Status, wanted: Status
) -> None:
    order = make_order(session)
    order.status = now
    with pytest.raises(WrongMove, match=f"that is {now} cannot become {wanted}"):
        advance(session, order, wanted, NOW)
    assert order.status == now


def test_advance_keeps_each_step(session: Session) -> None:
    order = make_order(session)
    advance(session, order, Status.SHIPPED, NOW, by="owner")
    advance(session, order, Status.DELIVERED, NOW)
    steps = session.execute(select(OrderStep.status, OrderStep.by))
    assert set(steps) == {
        ("placed", "customer"),
        ("shipped", "owner"),
        ("delivered", "shop"),
    }
    assert order.delivered_at == NOW


@pytest.mark.parametrize(
    ("end", "start"),
    [(Status.CANCELLED, Status.PLACED), (Status.FAILED, Status.PLACING)],
)
def test_what_is_not_sent_goes_back_on_the_shelf(
    session: Session, end: Status, start: Status
) -> None:
    product = make_product(session, stock=5)
    order = make_order(session, Line(product.id, 2))
    order.status = start
    advance(session, order, end, NOW)
    assert session.get_one(Product, product.id).stock == 5
    assert total(session, order) == 0
    assert not is_open(order)


def test_numbers_go_up_by_one(session: Session) -> None:
    assert [next_number(session) for _ in range(3)] == [1000, 1001, 1002]
