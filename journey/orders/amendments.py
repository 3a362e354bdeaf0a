"""Changes to an order that has not left yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.orders import stock
from journey.orders.baskets import check_prices
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
    """Send as many pieces of another product, at its price of the moment.

    `day` is when that product alone would be there.
    """

    item: str
    product: str
    day: datetime


@dataclass(frozen=True)
class Postpone:
    """Deliver on another day, `earliest` at the earliest."""

    day: datetime
    earliest: datetime


@dataclass(frozen=True)
class Append:
    """Send more with an order, at the prices shown; fee and day are of all of it."""

    lines: tuple[Line, ...]
    fee: Decimal
    day: datetime


@dataclass(frozen=True)
class Send:
    """Send an order in another way, for its fee and with its day."""

    way: str
    fee: Decimal
    day: datetime


Change = Cancel | CancelItems | Readdress | Recount | Swap | Postpone | Append | Send


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
        PriceRose: what is added costs more than was shown; nothing changed.
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
        case Swap(item):
            _swap(session, order, _item(session, order, item), change, now)
        case Send(way, fee, day):
            order.way, order.delivery_fee = way, fee
            _promise(session, order, day)
        case Append():
            _add(session, order, change, now)
        case Postpone(day, earliest):
            if day.date() < earliest.date():
                raise TooSoon(earliest)
            _promise(session, order, day)
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
    session: Session, order: Order, item: OrderItem, swap: Swap, now: datetime
) -> None:
    """The day of the order moves on when the other product takes longer."""
    product = session.get(Product, swap.product)
    if product is None:
        raise OrderError(f"no such product: {swap.product}")
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
    _promise(session, order, max(order.deliver_by, swap.day))


def _add(session: Session, order: Order, more: Append, now: datetime) -> None:
    lines, customer = more.lines, order.customer_id or ""
    products = find_products(session, [line.product_id for line in lines])
    with session.begin_nested():
        stock.take(
            session, customer, lines, order_id=order.id, reason="changed", now=now
        )
        check_prices(session, lines, products)
    for line in lines:
        _put(session, order, line, products[line.product_id].price)
    order.delivery_fee = more.fee
    _promise(session, order, more.day)


def _put(session: Session, order: Order, line: Line, price: Decimal) -> None:
    items = items_of(session, order)
    alike = (line.product_id, price, False)
    for item in items:
        if (item.product_id, item.price, item.cancelled) == alike:
            item.quantity += line.quantity
            return
    number = 1 + max(item.number for item in items)
    new = OrderItem(order_id=order.id, number=number, product_id=line.product_id)
    new.quantity, new.price = line.quantity, price
    session.add(new)
    session.flush()


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
