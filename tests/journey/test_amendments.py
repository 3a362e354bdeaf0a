from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from journey.amendments import change_address, change_quantity, is_open
from journey.orders import (
    Delivery,
    Line,
    OrderError,
    OutOfStock,
    Status,
    WrongMove,
    advance,
    items_of,
    place,
)
from journey.store.tables import Order, Product
from tests.factories import NOW, make_customer, make_product

FREE = Delivery(fee=Decimal(0), free_from=Decimal(0))


def ordered(session: Session, stock: int = 5) -> tuple[Order, Product]:
    product = make_product(session, stock=stock)
    order = place(
        session,
        [Line(product.id, 2)],
        customer_id=make_customer(session).id,
        once="x",
        delivery=FREE,
        address={"city": "Wien"},
        now=NOW,
    )
    return order, product


@pytest.mark.parametrize(("quantity", "left"), [(4, 1), (1, 4), (2, 3)])
def test_change_quantity_moves_stock_by_the_difference(
    session: Session, quantity: int, left: int
) -> None:
    order, product = ordered(session)
    change_quantity(session, order, items_of(session, order)[0], quantity, NOW)
    session.refresh(product)
    assert (items_of(session, order)[0].quantity, product.stock) == (quantity, left)


def test_change_quantity_beyond_stock_changes_nothing(session: Session) -> None:
    order, product = ordered(session, stock=3)
    with pytest.raises(OutOfStock):
        change_quantity(session, order, items_of(session, order)[0], 9, NOW)
    assert items_of(session, order)[0].quantity == 2
    assert product.stock == 1


def test_change_quantity_to_nothing_is_refused(session: Session) -> None:
    order, _ = ordered(session)
    with pytest.raises(OrderError):
        change_quantity(session, order, items_of(session, order)[0], 0, NOW)


def test_shipped_order_cannot_be_changed(session: Session) -> None:
    order, _ = ordered(session)
    advance(session, order, Status.SHIPPED, NOW)
    assert not is_open(order)
    with pytest.raises(WrongMove):
        change_address(order, {"city": "Graz"})
