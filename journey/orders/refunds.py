"""Money that goes back: due once, and recorded when it was paid out."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import Order, Refund


class State(StrEnum):
    """How far a refund is."""

    DUE = "due"
    PAID = "paid"


def owe(
    session: Session,
    order: Order,
    amount: Decimal,
    *,
    once: str,
    reason: str,
    now: datetime,
) -> Refund:
    """Record that money is due; the same key again finds what was recorded."""
    known = find_refund(session, order, once)
    if known is not None:
        return known
    refund = Refund(
        order_id=order.id,
        once=once,
        amount=amount,
        reason=reason,
        state=State.DUE,
        made_at=now,
    )
    session.add(refund)
    session.flush()
    return refund


def settle(refund: Refund, now: datetime) -> None:
    """Record that a refund was paid out; a second time changes nothing."""
    if refund.state == State.DUE:
        refund.state, refund.paid_at = State.PAID, now


def find_refund(session: Session, order: Order, once: str) -> Refund | None:
    """Return the refund that was recorded under a key."""
    query = select(Refund).where(Refund.order_id == order.id, Refund.once == once)
    return session.scalar(query)


def refunds_of(session: Session, order: Order) -> Sequence[Refund]:
    """Return the refunds of an order, the oldest first."""
    query = select(Refund).where(Refund.order_id == order.id)
    return session.scalars(query.order_by(Refund.made_at, Refund.once)).all()
