from decimal import Decimal

import pytest
from sqlalchemy import select

from journey.orders.amendments import Cancel
from journey.orders.orders import items_of
from journey.orders.refunds import refunds_of
from journey.orders.returns import ReturnPolicy, Wish, request_return
from journey.shop.embedded import EmbeddedShop
from journey.store.tables import Order
from tests.factories import NOW
from tests.journey.cli.conftest import Coach
from tests.journey.people.test_privacy import make_traces


@pytest.fixture
def ordered(coach: Coach) -> Coach:
    with coach.session() as session:
        make_traces(session)
        session.commit()
    return coach


def test_order_list_shows_number_status_and_total(ordered: Coach) -> None:
    assert (
        "1000  placed     193.90  1 x product-" in ordered.run("order", "list").output
    )


def test_order_status_moves_it_on(ordered: Coach) -> None:
    assert ordered.run("order", "status", "1000", "shipped").exit_code == 0
    assert "1000  shipped" in ordered.run("order", "list").output


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        ("1000", "delivered", "an order that is placed cannot become delivered"),
        ("7", "shipped", "no order has the number 7"),
        ("1000", "lost", "'lost' is not one of"),
    ],
)
def test_order_status_that_cannot_be_is_refused(
    ordered: Coach, number: str, status: str, said: str
) -> None:
    result = ordered.run("order", "status", number, status)
    assert result.exit_code != 0
    assert said in result.output


def test_return_goes_from_received_to_refunded(ordered: Coach) -> None:
    for status in ("shipped", "delivered"):
        ordered.run("order", "status", "1000", status)
    with ordered.session() as session:
        order = session.scalars(select(Order)).one()
        (item,) = items_of(session, order)
        policy = ReturnPolicy(days=9000)
        request_return(session, order, item, Wish("not_needed"), policy, NOW)
        session.commit()
    early = ordered.run("return", "status", "1000/1", "refunded")
    assert "requested cannot become refunded" in early.output
    for state in ("received", "refunded"):
        assert ordered.run("return", "status", "1000/1", state).exit_code == 0
    assert "1000/1  refunded  189.00" in ordered.run("return", "list").output
    assert "no return is called 7/1" in (
        ordered.run("return", "status", "7/1", "received").output
    )


def test_paid_order_that_is_cancelled_is_refunded(ordered: Coach) -> None:
    assert ordered.run("order", "paid", "1000").exit_code == 0
    with ordered.session() as session:
        order = session.scalars(select(Order)).one()
        EmbeddedShop().change(session, order, Cancel(), NOW)
        assert [x.amount for x in refunds_of(session, order)] == [Decimal("193.90")]
