"""Changes to an order that has not left yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.deliveries import find_promise
from journey.orders import (
    MOVES,
    OrderError,
    OutOfStock,
    Status,
    WrongMove,
    give_back,
    items_of,
)
from journey.store.tables import Order, OrderItem, Product, StockMove
from journey.workdays import deliver_by


def is_open(order: Order) -> bool:
    """Tell whether an order can still be changed or cancelled."""
    return Status.CANCELLED in MOVES[Status(order.status)]


def change_address(order: Order, address: Mapping[str, str]) -> None:
    """Send an order somewhere else.

    Raises:
        WrongMove: it has left already or was cancelled.
    """
    _check_open(order)
    order.address = dict(address)


def change_quantity(
    session: Session, order: Order, item: OrderItem, quantity: int, now: datetime
) -> None:
    """Change how many pieces of a line are sent; stock moves by the difference.

    The price of a piece stays that of the order.

    Raises:
        WrongMove: the order has left already or was cancelled.
        OutOfStock: fewer pieces are left than it would take; nothing changed.
        OrderError: the quantity is not positive or the line was cancelled.
    """
    _check_open(order)
    if quantity < 1 or item.cancelled:
        raise OrderError("a line needs at least one piece")
    more = quantity - item.quantity
    if more == 0:
        return
    _move_stock(session, item.product_id, more)
    item.quantity = quantity
    session.add(
        StockMove(
            product_id=item.product_id,
            pieces=-more,
            reason="changed",
            order_id=order.id,
            at=now,
        )
    )
    session.flush()


def swap_item(
    session: Session, order: Order, item: OrderItem, product: Product, now: datetime
) -> OrderItem:
    """Send as many pieces of another product, at its price of the moment.

    The day of the order moves on when the other product takes longer.

    Raises:
        WrongMove: the order has left already or was cancelled.
        OutOfStock: fewer pieces are left of the other product; nothing changed.
        OrderError: the line was cancelled.
    """
    _check_open(order)
    if item.cancelled:
        raise OrderError("a cancelled line cannot be swapped")
    _move_stock(session, product.id, item.quantity)
    taken = OrderItem(
        order_id=order.id,
        number=1 + max(line.number for line in items_of(session, order)),
        product_id=product.id,
        quantity=item.quantity,
        price=product.price,
    )
    move = StockMove(
        product_id=product.id,
        pieces=-item.quantity,
        reason="changed",
        order_id=order.id,
        at=now,
    )
    session.add_all([taken, move])
    give_back(session, item, "changed", now)
    later = max(order.deliver_by, deliver_by(now, product.delivery_days))
    _promise(session, order, later)
    session.flush()
    return taken


def move_delivery(
    session: Session, order: Order, day: datetime, now: datetime
) -> datetime | None:
    """Promise an order for a day; return the earliest one when that is too soon.

    Raises:
        WrongMove: the order has left already or was cancelled.
    """
    _check_open(order)
    lines = [line for line in items_of(session, order) if not line.cancelled]
    products = find_products(session, [line.product_id for line in lines])
    slowest = max(product.delivery_days for product in products.values())
    earliest = deliver_by(now, slowest)
    if day.date() < earliest.date():
        return earliest
    _promise(session, order, deliver_by(day, 0))
    session.flush()
    return None


def _promise(session: Session, order: Order, day: datetime) -> None:
    order.deliver_by = day
    promise = find_promise(session, order)
    if promise is not None:
        promise.due_at = day


def _check_open(order: Order) -> None:
    if not is_open(order):
        raise WrongMove(Status(order.status), Status.PLACED)


def _move_stock(session: Session, product_id: str, more: int) -> None:
    enough = (Product.id == product_id, Product.stock >= more)
    query = update(Product).where(*enough).values(stock=Product.stock - more)
    taken = cast("CursorResult[None]", session.execute(query))
    if not taken.rowcount:
        product = session.get_one(Product, product_id)
        session.refresh(product)
        raise OutOfStock(product, product.stock)
