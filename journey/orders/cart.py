"""The cart: what a customer means to order together, kept until it is ordered."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from journey.orders.stock import Line
from journey.store.tables import CartItem


def put(session: Session, customer_id: str, line: Line, now: datetime) -> None:
    """Put pieces into a customer's cart; those of the same product add up."""
    query = select(CartItem).where(
        CartItem.customer_id == customer_id, CartItem.product_id == line.product_id
    )
    row = session.scalar(query)
    if row is not None:
        row.quantity += line.quantity
    else:
        session.add(
            CartItem(
                customer_id=customer_id,
                product_id=line.product_id,
                quantity=line.quantity,
                added_at=now,
            )
        )
    session.flush()


def lines_of(session: Session, customer_id: str) -> list[Line]:
    """Return what is in a customer's cart, the oldest first."""
    query = select(CartItem).where(CartItem.customer_id == customer_id)
    rows = session.scalars(query.order_by(CartItem.added_at, CartItem.id))
    return [Line(row.product_id, row.quantity) for row in rows]


def take_out(session: Session, customer_id: str, product_ids: set[str]) -> None:
    """Take products out of a customer's cart."""
    gone = delete(CartItem).where(
        CartItem.customer_id == customer_id, CartItem.product_id.in_(product_ids)
    )
    session.execute(gone)
