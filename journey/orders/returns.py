"""Returns within the shop's policy, with the refund that they bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.orders import refunds, stock
from journey.orders.orders import SENT, OrderError
from journey.orders.stock import Line
from journey.store.tables import Order, OrderItem, Product, Return

DAMAGED = "damaged"
"""The reason for which goods are not sold again."""


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
    FINAL = "final"
    HYGIENE = "hygiene"
    CANCELLED = "cancelled"


class ReturnRefused(Exception):
    """A return that the policy does not allow."""

    def __init__(self, why: Refusal) -> None:
        """Keep the reason."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Wish:
    """What of a line shall go back (all of it by default), why, and in what state."""

    reason: str
    quantity: int | None = None
    unopened: bool = False


@dataclass(frozen=True)
class ReturnPolicy:
    """How long goods may come back, which never do, and which only unopened."""

    days: int
    hygiene_categories: frozenset[str] = frozenset()
    final_categories: frozenset[str] = frozenset()

    def refuse(
        self,
        order: Order,
        item: OrderItem,
        product: Product,
        now: datetime,
        *,
        unopened: bool = False,
    ) -> Refusal | None:
        """Return why this line cannot go back, or nothing when it can.

        The days count from the arrival; while that is not known, from the day that
        was promised.
        """
        if item.cancelled:
            return Refusal.CANCELLED
        if order.status not in SENT:
            return Refusal.NOT_SENT
        if now > (order.delivered_at or order.deliver_by) + timedelta(days=self.days):
            return Refusal.TOO_LATE
        if product.category in self.final_categories:
            return Refusal.FINAL
        if product.category in self.hygiene_categories and not unopened:
            return Refusal.HYGIENE
        return None


def request_return(
    session: Session,
    order: Order,
    item: OrderItem,
    wish: Wish,
    policy: ReturnPolicy,
    now: datetime,
) -> Return:
    """Record a return and the refund due, or return the one asked for before.

    Raises:
        ReturnRefused: the policy does not allow it.
        OrderError: the line has not so many pieces.
    """
    asked = find_return(session, item)
    if asked is not None:
        return asked
    product = session.get_one(Product, item.product_id)
    why = policy.refuse(order, item, product, now, unopened=wish.unopened)
    if why is not None:
        raise ReturnRefused(why)
    quantity = item.quantity if wish.quantity is None else wish.quantity
    if not 1 <= quantity <= item.quantity:
        raise OrderError(f"the line has {item.quantity} pieces, not {quantity}")
    row = Return(
        item_id=item.id,
        quantity=quantity,
        reason=wish.reason,
        refund=item.price * quantity,
        requested_at=now,
    )
    session.add(row)
    session.flush()
    return row


def find_return(session: Session, item: OrderItem) -> Return | None:
    """Return the return of a line, if it was asked for."""
    return session.scalar(select(Return).where(Return.item_id == item.id))


def advance_return(
    session: Session,
    row: Return,
    wanted: State,
    now: datetime,
    *,
    repaid: bool = True,
    external_id: str | None = None,
) -> None:
    """Move a return one step on.

    What arrives goes back on the shelf, unless it is damaged; then the money is
    recorded as paid out, or as due while that is still to be done by hand.

    Raises:
        OrderError: the return's state does not allow it.
    """
    check_move(row, wanted)
    row.state = wanted
    item = session.get_one(OrderItem, row.item_id)
    if wanted is State.RECEIVED:
        row.received_at = now
        _restock(session, row, item, now)
    else:
        order = session.get_one(Order, item.order_id)
        once = f"return:{row.id}"
        refund = refunds.owe(
            session, order, row.refund, once=once, reason="returned", now=now
        )
        refund.external_id = external_id
        if repaid:
            refunds.settle(refund, now)


def check_move(row: Return, wanted: State) -> None:
    """Refuse a step that a return's state does not allow.

    Raises:
        OrderError: it does not.
    """
    if wanted not in MOVES[State(row.state)]:
        raise OrderError(f"a return that is {row.state} cannot become {wanted}")


def _restock(session: Session, row: Return, item: OrderItem, now: datetime) -> None:
    if row.reason == DAMAGED:
        return
    line = Line(item.product_id, row.quantity)
    order_id = item.order_id
    stock.put_back(session, line, order_id=order_id, reason="returned", now=now)
