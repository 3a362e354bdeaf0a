from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.orders.baskets import PriceRose, write_order
from journey.orders.orders import OrderError, Status, items_of, total
from journey.orders.stock import Line, OutOfStock, reserve
from journey.store.tables import Order, Reservation, StockMove
from tests.factories import NOW, make_basket, make_customer, make_product


def count(session: Session, table: type[Order] | type[StockMove]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_order_takes_stock_and_logs_it(session: Session) -> None:
    product = make_product(session, stock=5)
    basket = make_basket(make_customer(session), Line(product.id, 2))
    order, new = write_order(session, basket, Status.PLACED, NOW)
    assert (new, order.number, product.stock) == (True, 1000, 3)
    assert session.scalar(select(StockMove.pieces)) == -2


def test_order_uses_up_what_was_kept_for_the_customer(session: Session) -> None:
    product, customer = make_product(session, stock=5), make_customer(session)
    reserve(session, customer.id, [Line(product.id, 3)], NOW)
    basket = make_basket(customer, Line(product.id, 2))
    write_order(session, basket, Status.PLACED, NOW)
    assert (product.stock, product.reserved) == (3, 1)
    assert session.scalar(select(Reservation.quantity)) == 1


def test_order_twice_under_one_key_is_one_order(session: Session) -> None:
    product = make_product(session, stock=5)
    basket = make_basket(make_customer(session), Line(product.id))
    first, _ = write_order(session, basket, Status.PLACED, NOW)
    assert write_order(session, basket, Status.PLACED, NOW) == (first, False)
    assert product.stock == 4


def test_order_of_more_than_stock_leaves_everything_as_it_was(
    session: Session,
) -> None:
    plenty, scarce = make_product(session), make_product(session, stock=1)
    lines = Line(plenty.id), Line(scarce.id, 2)
    basket = make_basket(make_customer(session), *lines)
    with pytest.raises(OutOfStock) as refused:
        write_order(session, basket, Status.PLACED, NOW)
    assert (refused.value.product, refused.value.left) == (scarce, 1)
    assert (plenty.stock, scarce.stock) == (10, 1)
    assert count(session, StockMove) == count(session, Order) == 0


def test_order_at_a_higher_price_than_shown_is_refused(session: Session) -> None:
    product = make_product(session, price=Decimal(20))
    shown = Line(product.id, 1, Decimal(19))
    basket = make_basket(make_customer(session), shown)
    with pytest.raises(PriceRose, match="19 was shown, now 20"):
        write_order(session, basket, Status.PLACED, NOW)
    assert (product.stock, count(session, Order)) == (10, 0)


def test_order_keeps_the_price_of_its_moment(session: Session) -> None:
    product = make_product(session, price=Decimal(20))
    shown = Line(product.id, 2, Decimal(25))
    basket = make_basket(make_customer(session), shown)
    order, _ = write_order(session, basket, Status.PLACED, NOW)
    product.price = Decimal(99)
    assert [item.price for item in items_of(session, order)] == [Decimal(20)]
    assert total(session, order) == Decimal("44.90")


@pytest.mark.parametrize("quantity", [0, -1])
def test_order_without_a_piece_is_refused(session: Session, quantity: int) -> None:
    line = Line(make_product(session).id, quantity)
    with pytest.raises(OrderError, match="at least one piece"):
        write_order(
            session, make_basket(make_customer(session), line), Status.PLACED, NOW
        )


def test_order_of_an_unknown_product_is_refused(session: Session) -> None:
    basket = make_basket(make_customer(session), Line("ghost"))
    with pytest.raises(OrderError, match="no such product: ghost"):
        write_order(session, replace(basket), Status.PLACED, NOW)
