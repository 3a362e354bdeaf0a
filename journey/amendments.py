"""Changes to an order that has not left yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from journey.orders import MOVES, OrderError, OutOfStock, Status, WrongMove
from journey.store.tables import Order, OrderItem, Product, StockMove


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
