from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.orders import Line, Status, advance, items_of
from journey.returns import Refusal, ReturnPolicy, ReturnRefused, request_return
from journey.store.tables import Order, OrderItem
from tests.factories import NOW, make_product
from tests.journey.test_orders import order

POLICY = ReturnPolicy(days=30, hygiene_categories=frozenset({"ear-plugs"}))
STEPS = (Status.SHIPPED, Status.DELIVERED)


def make_order(session: Session, *steps: Status, category: str = "lamp") -> Order:
    placed = order(session, Line(make_product(session, category=category).id, 2))
    for step in steps:
        advance(session, placed, step, NOW)
    return placed


def line_of(session: Session, placed: Order) -> OrderItem:
    return items_of(session, placed)[0]


def test_request_return_records_the_refund(session: Session) -> None:
    placed = make_order(session, *STEPS)
    item = line_of(session, placed)
    given = request_return(
        session, placed, item, reason="too small", policy=POLICY, now=NOW
    )
    assert (given.refund, given.state) == (item.price * 2, "requested")


def test_request_return_twice_is_one_return(session: Session) -> None:
    placed = make_order(session, *STEPS)
    item = line_of(session, placed)
    first = request_return(session, placed, item, reason="a", policy=POLICY, now=NOW)
    again = request_return(session, placed, item, reason="b", policy=POLICY, now=NOW)
    assert again is first


@pytest.mark.parametrize(
    ("steps", "category", "days", "why"),
    [
        ((), "lamp", 0, Refusal.NOT_SENT),
        (STEPS, "ear-plugs", 0, Refusal.HYGIENE),
        (STEPS, "lamp", 40, Refusal.TOO_LATE),
        ((Status.CANCELLED,), "lamp", 0, Refusal.CANCELLED),
    ],
)
def test_request_return_outside_the_policy_is_refused(
    session: Session, steps: tuple[Status, ...], category: str, days: int, why: Refusal
) -> None:
    placed = make_order(session, *steps, category=category)
    later = NOW + timedelta(days=days)
    item = line_of(session, placed)
    with pytest.raises(ReturnRefused) as refused:
        request_return(session, placed, item, reason="x", policy=POLICY, now=later)
    assert refused.value.why is why
