"""Orders: how far they can be, what is in them, and what they cost."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from journey.orders import stock
from journey.orders.stock import Line
from journey.store.tables import Counter, Order, OrderItem, OrderStep

FIRST_NUMBER = 1000


class Status(StrEnum):
    """How far an order is.

    `placing` and `failed` are for shops that are asked over the network.
    """

    PLACING = "placing"
    FAILED = "failed"
    PLACED = "placed"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


MOVES: Mapping[Status, frozenset[Status]] = {
    Status.PLACING: frozenset({Status.PLACED, Status.FAILED, Status.CANCELLED}),
    Status.FAILED: frozenset(),
    Status.PLACED: frozenset({Status.PACKED, Status.SHIPPED, Status.CANCELLED}),
    Status.PACKED: frozenset({Status.SHIPPED, Status.CANCELLED}),
    Status.SHIPPED: frozenset({Status.DELIVERED}),
    Status.DELIVERED: frozenset(),
    Status.CANCELLED: frozenset(),
}
OVER = (Status.DELIVERED, Status.CANCELLED, Status.FAILED)
"""Nothing comes after these."""
SENT = (Status.SHIPPED, Status.DELIVERED)
NOTHING_SENT = (Status.CANCELLED, Status.FAILED)


class OrderError(Exception):
    """An order that cannot be placed or moved so."""


class WrongMove(OrderError):
    """A step that the order's status does not allow."""

    def __init__(self, now: Status, wanted: Status) -> None:
        """Keep both statuses."""
        super().__init__(f"an order that is {now} cannot become {wanted}")
        self.now = now
        self.wanted = wanted


def advance(
    session: Session, order: Order, wanted: Status, now: datetime, *, by: str = "shop"
) -> None:
    """Move an order one step on; without delivery its stock goes back.

    Raises:
        WrongMove: the order's status does not allow it.
    """
    status = Status(order.status)
    if wanted not in MOVES[status]:
        raise WrongMove(status, wanted)
    order.status = wanted
    note_step(session, order, now, by)
    if wanted is Status.DELIVERED:
        order.delivered_at = now
    if wanted in NOTHING_SENT:
        for item in items_of(session, order):
            give_back(session, item, str(wanted), now)


def note_step(session: Session, order: Order, now: datetime, by: str) -> None:
    """Record that an order came to its status."""
    session.add(OrderStep(order_id=order.id, status=order.status, by=by, at=now))


def is_open(order: Order) -> bool:
    """Tell whether an order can still be changed or cancelled."""
    return Status.CANCELLED in MOVES[Status(order.status)]


def check_open(order: Order) -> None:
    """Refuse to change an order that has left or is no more.

    Raises:
        WrongMove: it can be changed no more.
    """
    if not is_open(order):
        raise WrongMove(Status(order.status), Status.PLACED)


def give_back(session: Session, item: OrderItem, reason: str, now: datetime) -> None:
    """Put a line's pieces back on the shelf, once."""
    if item.cancelled:
        return
    item.cancelled = True
    line = Line(item.product_id, item.quantity)
    stock.put_back(session, line, order_id=item.order_id, reason=reason, now=now)


def find_once(session: Session, customer_id: str, once: str) -> Order | None:
    """Return the order that was placed under this key, if there is one."""
    query = select(Order).where(Order.customer_id == customer_id, Order.once == once)
    return session.scalar(query)


def find_number(session: Session, number: int) -> Order | None:
    """Return the order with a number, if there is one."""
    return session.scalar(select(Order).where(Order.number == number))


def items_of(session: Session, order: Order) -> list[OrderItem]:
    """Return the lines of an order."""
    query = select(OrderItem).where(OrderItem.order_id == order.id)
    return list(session.scalars(query.order_by(OrderItem.number)))


def living_items(session: Session, order: Order) -> list[OrderItem]:
    """Return the lines of an order that are to be sent."""
    return [item for item in items_of(session, order) if not item.cancelled]


def orders_of(session: Session, customer_id: str) -> list[Order]:
    """Return a customer's orders, newest first."""
    query = select(Order).where(Order.customer_id == customer_id)
    return list(session.scalars(query.order_by(Order.placed_at.desc())))


def total(session: Session, order: Order) -> Decimal:
    """Return what an order costs with delivery, without its cancelled lines."""
    lines = living_items(session, order)
    goods = sum((item.price * item.quantity for item in lines), Decimal(0))
    return goods + order.delivery_fee if lines else Decimal(0)


def next_number(session: Session) -> int:
    """Return the next order number; concurrent callers wait for each other."""
    raised = (
        update(Counter)
        .where(Counter.name == "orders")
        .values(value=Counter.value + 1)
        .returning(Counter.value)
    )
    number = session.scalar(raised)
    if number is not None:
        return number
    try:
        with session.begin_nested():
            session.add(Counter(name="orders", value=FIRST_NUMBER))
    except IntegrityError:
        # Somebody else was the first at the same instant.
        return next_number(session)
    return FIRST_NUMBER
