"""Returns within the shop's policy, with the refund that they bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.orders import Status
from journey.store.tables import Order, OrderItem, Product, Return


class State(StrEnum):
    """How far a return is."""

    REQUESTED = "requested"
    RECEIVED = "received"
    REFUNDED = "refunded"


MOVES: Mapping[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.RECEIVED}),
    State.RECEIVED: frozenset({State.REFUNDED}),
    State.REFUNDED: frozenset(),
}


class Refusal(StrEnum):
    """Why a line cannot go back."""

    NOT_SENT = "not_sent"
    TOO_LATE = "too_late"
    HYGIENE = "hygiene"
    CANCELLED = "cancelled"


class ReturnRefused(Exception):
    """A return that the policy does not allow."""

    def __init__(self, why: Refusal) -> None:
        """Keep the reason."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class ReturnPolicy:
    """How long goods may come back, and which categories never do."""

    days: int
    hygiene_categories: frozenset[str] = frozenset()

    def refuse(
        self, order: Order, item: OrderItem, product: Product, now: datetime
    ) -> Refusal | None:
        """Return why this line cannot go back, or nothing when it can."""
        if item.cancelled:
            return Refusal.CANCELLED
        if order.status not in (Status.SHIPPED, Status.DELIVERED):
            return Refusal.NOT_SENT
        if now > order.deliver_by + timedelta(days=self.days):
            return Refusal.TOO_LATE
        if product.category in self.hygiene_categories:
            return Refusal.HYGIENE
        return None


def request_return(
    session: Session,
    order: Order,
    item: OrderItem,
    *,
    reason: str,
    policy: ReturnPolicy,
    now: datetime,
) -> Return:
    """Record a return and the refund due, or return the one asked for before.

    Raises:
        ReturnRefused: the policy does not allow it.
    """
    asked = find_return(session, item)
    if asked is not None:
        return asked
    product = session.get_one(Product, item.product_id)
    why = policy.refuse(order, item, product, now)
    if why is not None:
        raise ReturnRefused(why)
    row = Return(
        item_id=item.id,
        reason=reason,
        refund=item.price * item.quantity,
        requested_at=now,
    )
    session.add(row)
    session.flush()
    return row


def find_return(session: Session, item: OrderItem) -> Return | None:
    """Return the return of a line, if it was asked for."""
    return session.scalar(select(Return).where(Return.item_id == item.id))
