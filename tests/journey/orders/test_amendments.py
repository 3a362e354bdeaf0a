from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from journey.orders.amendments import (
    Cancel,
    CancelItems,
    Change,
    Postpone,
    Readdress,
    Recount,
    Swap,
    TooSoon,
    apply,
)
from journey.orders.deliveries import find_promise
from journey.orders.orders import (
    OrderError,
    Status,
    WrongMove,
    advance,
    items_of,
    living_items,
    total,
)
from journey.orders.stock import Line, OutOfStock
from journey.store.tables import Order, Product
from tests.factories import NOW, make_order, make_product


def ordered(session: Session, stock: int = 5) -> tuple[Order, Product]:
    product = make_product(session, stock=stock)
    return make_order(session, Line(product.id, 2)), product


def first(session: Session, order: Order) -> str:
    return items_of(session, order)[0].id


@pytest.mark.parametrize(("quantity", "left"), [(4, 1), (1, 4), (2, 3)])
def test_recount_moves_stock_by_the_difference(
    session: Session, quantity: int, left: int
) -> None:
    order, product = ordered(session)
    apply(session, order, Recount(first(session, order), quantity), NOW)
    assert (items_of(session, order)[0].quantity, product.stock) == (quantity, left)


def test_recount_beyond_stock_changes_nothing(session: Session) -> None:
    order, product = ordered(session, stock=3)
    with pytest.raises(OutOfStock) as refused:
        apply(session, order, Recount(first(session, order), 9), NOW)
    assert items_of(session, order)[0].quantity == 2
    assert product.stock == refused.value.left == 1


def test_recount_to_nothing_is_refused(session: Session) -> None:
    order, _ = ordered(session)
    with pytest.raises(OrderError, match="at least one piece"):
        apply(session, order, Recount(first(session, order), 0), NOW)


def test_cancel_of_one_line_leaves_the_rest(session: Session) -> None:
    chair, lamp = make_product(session), make_product(session, price=Decimal(20))
    order = make_order(session, Line(chair.id), Line(lamp.id, 2))
    apply(session, order, CancelItems((first(session, order),)), NOW)
    assert [item.product_id for item in living_items(session, order)] == [lamp.id]
    assert total(session, order) == Decimal("44.90")
    assert (chair.stock, order.status) == (10, Status.PLACED)


def test_cancel_of_the_last_line_cancels_the_order(session: Session) -> None:
    order, product = ordered(session)
    apply(session, order, CancelItems((first(session, order),)), NOW)
    assert (order.status, product.stock) == (Status.CANCELLED, 5)


def test_swap_takes_the_other_product_at_its_price(session: Session) -> None:
    order, old = ordered(session)
    new = make_product(session, price=Decimal(10), delivery_days=9)
    apply(
        session,
        order,
        Swap(first(session, order), new.id, NOW + timedelta(days=11)),
        NOW,
    )
    (line,) = living_items(session, order)
    assert (line.product_id, line.price, line.quantity) == (new.id, Decimal(10), 2)
    assert (old.stock, new.stock) == (5, 8)
    promise = find_promise(session, order)
    assert promise and promise.due_at == order.deliver_by > NOW + timedelta(days=9)


def test_postpone_to_a_day_too_soon_says_the_earliest(session: Session) -> None:
    order, _ = ordered(session)
    with pytest.raises(TooSoon) as refused:
        apply(
            session,
            order,
            Postpone(NOW + timedelta(days=1), NOW + timedelta(days=3)),
            NOW,
        )
    assert refused.value.earliest.date() == (NOW + timedelta(days=3)).date()


@pytest.mark.parametrize(
    "change",
    [
        lambda _: Cancel(),
        lambda item: CancelItems((item,)),
        lambda _: Readdress({"city": "Graz"}),
        lambda item: Recount(item, 1),
    ],
)
def test_shipped_order_cannot_be_changed(
    session: Session, change: Callable[[str], Change]
) -> None:
    order, _ = ordered(session)
    advance(session, order, Status.SHIPPED, NOW)
    with pytest.raises(WrongMove):
        apply(session, order, change(first(session, order)), NOW)
