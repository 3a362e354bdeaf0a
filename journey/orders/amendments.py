"""Changes to an order that has not left yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.orders import stock
from journey.orders.deliveries import find_promise
from journey.orders.orders import (
    OrderError,
    Status,
    advance,
    check_open,
    give_back,
    items_of,
    living_items,
)
from journey.orders.stock import Line
from journey.orders.workdays import deliver_by
from journey.store.tables import Order, OrderItem, Product


@dataclass(frozen=True)
class Cancel:
    """Send nothing of an order."""


@dataclass(frozen=True)
class CancelItems:
    """Leave lines out of an order; the last one takes the order with it."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Readdress:
    """Send an order somewhere else."""

    address: Mapping[str, str]


@dataclass(frozen=True)
class Recount:
    """Send another number of pieces of a line, at the price of the order."""

    item: str
    quantity: int


@dataclass(frozen=True)
class Swap:
    """Send as many pieces of another product, at its price of the moment."""

    item: str
    product: str


@dataclass(frozen=True)
class Postpone:
    """Deliver on another day."""

    day: datetime


Change = Cancel | CancelItems | Readdress | Recount | Swap | Postpone


class TooSoon(OrderError):
    """A day before an order can be there."""

    def __init__(self, earliest: datetime) -> None:
        """Keep the earliest day."""
        super().__init__(f"not before {earliest:%Y-%m-%d}")
        self.earliest = earliest


def apply(session: Session, order: Order, change: Change, now: datetime) -> None:
    """Change an order in our books; stock moves with it.

    Raises:
        WrongMove: the order has left already or was cancelled.
        OutOfStock: fewer pieces are left than it would take; nothing changed.
        TooSoon: it cannot be there on that day.
        OrderError: the change makes no sense, such as no pieces.
    """
    check_open(order)
    match change:
        case Cancel():
            advance(session, order, Status.CANCELLED, now, by="customer")
        case CancelItems(items):
            _cancel_items(session, order, items, now)
        case Readdress(address):
            order.address = dict(address)
        case Recount(item, quantity):
            _recount(session, order, _item(session, order, item), quantity, now)
        case Swap(item, product):
            _swap(session, order, _item(session, order, item), product, now)
        case Postpone(day):
            _postpone(session, order, day, now)
    session.flush()


def _item(session: Session, order: Order, item_id: str) -> OrderItem:
    item = next((x for x in items_of(session, order) if x.id == item_id), None)
    if item is None or item.cancelled:
        raise OrderError("the order has no such line")
    return item


def _cancel_items(
    session: Session, order: Order, items: tuple[str, ...], now: datetime
) -> None:
    for item in items_of(session, order):
        if item.id in items:
            give_back(session, item, "cancelled", now)
    session.flush()
    if not living_items(session, order):
        advance(session, order, Status.CANCELLED, now, by="customer")


def _recount(
    session: Session, order: Order, item: OrderItem, quantity: int, now: datetime
) -> None:
    if quantity < 1:
        raise OrderError("a line needs at least one piece")
    more = quantity - item.quantity
    if more > 0:
        _take(session, order, item.product_id, more, now)
    elif more < 0:
        line = Line(item.product_id, -more)
        stock.put_back(session, line, order_id=order.id, reason="changed", now=now)
    item.quantity = quantity


def _swap(
    session: Session, order: Order, item: OrderItem, product_id: str, now: datetime
) -> None:
    """The day of the order moves on when the other product takes longer."""
    product = session.get(Product, product_id)
    if product is None:
        raise OrderError(f"no such product: {product_id}")
    _take(session, order, product.id, item.quantity, now)
    session.refresh(product)
    taken = OrderItem(
        order_id=order.id,
        number=1 + max(line.number for line in items_of(session, order)),
        product_id=product.id,
        quantity=item.quantity,
        price=product.price,
    )
    session.add(taken)
    give_back(session, item, "changed", now)
    later = max(order.deliver_by, deliver_by(now, product.delivery_days))
    _promise(session, order, later)


def _postpone(session: Session, order: Order, day: datetime, now: datetime) -> None:
    lines = living_items(session, order)
    products = find_products(session, [line.product_id for line in lines])
    slowest = max(product.delivery_days for product in products.values())
    earliest = deliver_by(now, slowest)
    if day.date() < earliest.date():
        raise TooSoon(earliest)
    _promise(session, order, deliver_by(day, 0))


def _promise(session: Session, order: Order, day: datetime) -> None:
    order.deliver_by = day
    promise = find_promise(session, order)
    if promise is not None:
        promise.due_at = day


def _take(
    session: Session, order: Order, product_id: str, pieces: int, now: datetime
) -> None:
    stock.take(
        session,
        order.customer_id or "",
        [Line(product_id, pieces)],
        order_id=order.id,
        reason="changed",
        now=now,
    )
