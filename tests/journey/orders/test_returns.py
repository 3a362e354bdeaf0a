from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.orders.orders import OrderError, Status, advance, items_of
from journey.orders.refunds import refunds_of
from journey.orders.returns import (
    DAMAGED,
    Refusal,
    ReturnPolicy,
    ReturnRefused,
    State,
    Wish,
    advance_return,
    request_return,
)
from journey.orders.stock import Line
from journey.store.tables import Order, OrderItem, Product, Return
from tests.factories import NOW, make_order, make_product

POLICY = ReturnPolicy(
    days=30,
    hygiene_categories=frozenset({"ear-plugs"}),
    final_categories=frozenset({"houseplant"}),
)
STEPS = (Status.SHIPPED, Status.DELIVERED)


def sent(session: Session, *steps: Status, category: str = "lamp") -> Order:
    placed = make_order(session, Line(make_product(session, category=category).id, 3))
    for step in steps:
        advance(session, placed, step, NOW)
    return placed


def line_of(session: Session, placed: Order) -> OrderItem:
    return items_of(session, placed)[0]


def asked(session: Session, placed: Order, wish: Wish) -> Return:
    return request_return(session, placed, line_of(session, placed), wish, POLICY, NOW)


@pytest.mark.parametrize(("wanted", "pieces"), [(None, 3), (2, 2)])
def test_request_return_records_pieces_and_refund(
    session: Session, wanted: int | None, pieces: int
) -> None:
    placed = sent(session, *STEPS)
    given = asked(session, placed, Wish("too small", wanted))
    price = line_of(session, placed).price
    assert (given.quantity, given.refund, given.state) == (
        pieces,
        price * pieces,
        "requested",
    )


def test_request_return_twice_is_one_return(session: Session) -> None:
    placed = sent(session, *STEPS)
    assert asked(session, placed, Wish("a")) is asked(session, placed, Wish("b"))


@pytest.mark.parametrize("pieces", [0, 4])
def test_request_return_of_more_than_was_sent_is_refused(
    session: Session, pieces: int
) -> None:
    with pytest.raises(OrderError, match="has 3 pieces"):
        asked(session, sent(session, *STEPS), Wish("a", pieces))


@pytest.mark.parametrize(
    ("steps", "category", "days", "why"),
    [
        ((), "lamp", 0, Refusal.NOT_SENT),
        (STEPS, "ear-plugs", 0, Refusal.HYGIENE),
        (STEPS, "houseplant", 0, Refusal.FINAL),
        (STEPS, "lamp", 31, Refusal.TOO_LATE),
        ((Status.CANCELLED,), "lamp", 0, Refusal.CANCELLED),
    ],
)
def test_request_return_outside_the_policy_is_refused(
    session: Session, steps: tuple[Status, ...], category: str, days: int, why: Refusal
) -> None:
    placed = sent(session, *steps, category=category)
    later = NOW + timedelta(days=days)
    item = line_of(session, placed)
    with pytest.raises(ReturnRefused) as refused:
        request_return(session, placed, item, Wish("x"), POLICY, later)
    assert refused.value.why is why


def test_unopened_goods_are_no_matter_of_hygiene(session: Session) -> None:
    placed = sent(session, *STEPS, category="ear-plugs")
    assert asked(session, placed, Wish("x", unopened=True)).state == "requested"


@pytest.mark.parametrize(("reason", "left"), [("not_needed", 9), (DAMAGED, 7)])
def test_received_goods_are_sold_again_unless_damaged(
    session: Session, reason: str, left: int
) -> None:
    placed = sent(session, *STEPS)
    row = asked(session, placed, Wish(reason, 2))
    advance_return(session, row, State.RECEIVED, NOW)
    product = session.get_one(Product, line_of(session, placed).product_id)
    assert product.stock == left


def test_refund_of_a_return_is_recorded_once(session: Session) -> None:
    placed = sent(session, *STEPS)
    row = asked(session, placed, Wish("x", 2))
    for state in (State.RECEIVED, State.REFUNDED):
        advance_return(session, row, state, NOW)
    (refund,) = refunds_of(session, placed)
    assert (refund.amount, refund.state, refund.paid_at) == (row.refund, "paid", NOW)
    with pytest.raises(OrderError, match="refunded cannot become refunded"):
        advance_return(session, row, State.REFUNDED, NOW)
