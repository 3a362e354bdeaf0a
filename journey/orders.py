"""Orders: stock is taken once, prices are those of the moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.store.tables import Counter, Order, OrderItem, Product, StockMove
from journey.workdays import deliver_by

FIRST_NUMBER = 1000


class Status(StrEnum):
    """How far an order is."""

    PLACED = "placed"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


MOVES: Mapping[Status, frozenset[Status]] = {
    Status.PLACED: frozenset({Status.PACKED, Status.SHIPPED, Status.CANCELLED}),
    Status.PACKED: frozenset({Status.SHIPPED, Status.CANCELLED}),
    Status.SHIPPED: frozenset({Status.DELIVERED}),
    Status.DELIVERED: frozenset(),
    Status.CANCELLED: frozenset(),
}


class OrderError(Exception):
    """An order that cannot be placed or moved so."""


class OutOfStock(OrderError):
    """Fewer pieces are left than were asked for."""

    def __init__(self, product: Product, left: int) -> None:
        """Keep the product and how many pieces are left."""
        super().__init__(f"{product.id}: {left} left")
        self.product = product
        self.left = left


class WrongMove(OrderError):
    """A step that the order's status does not allow."""

    def __init__(self, now: Status, wanted: Status) -> None:
        """Keep both statuses."""
        super().__init__(f"an order that is {now} cannot become {wanted}")
        self.now = now
        self.wanted = wanted


@dataclass(frozen=True)
class Line:
    """So many pieces of a product."""

    product_id: str
    quantity: int = 1


@dataclass(frozen=True)
class Delivery:
    """What delivery costs: `fee`, or nothing from `free_from` on."""

    fee: Decimal
    free_from: Decimal

    def cost(self, goods: Decimal) -> Decimal:
        """Return the fee for goods of this worth."""
        return Decimal(0) if goods >= self.free_from else self.fee


def place(
    session: Session,
    lines: Sequence[Line],
    *,
    customer_id: str,
    once: str,
    delivery: Delivery,
    address: Mapping[str, str] | None,
    now: datetime,
    journey_id: str | None = None,
) -> Order:
    """Place an order and take its stock, or return the one placed under `once`.

    Raises:
        OutOfStock: a product has fewer pieces left; nothing was taken.
        OrderError: a product is unknown or a quantity is not positive.
    """
    placed = find_once(session, customer_id, once)
    if placed is not None:
        return placed
    products = _known(session, lines)
    for line in lines:
        _check_stock(products[line.product_id], line.quantity)
    goods = sum((products[i.product_id].price * i.quantity for i in lines), Decimal(0))
    days = max(product.delivery_days for product in products.values())
    order = Order(
        number=next_number(session),
        customer_id=customer_id,
        journey_id=journey_id,
        once=once,
        address=dict(address) if address else None,
        delivery_fee=delivery.cost(goods),
        placed_at=now,
        deliver_by=deliver_by(now, days),
    )
    session.add(order)
    session.flush()
    for number, line in enumerate(lines, 1):
        _take(session, order, number, products[line.product_id], line.quantity)
    session.flush()
    return order


def find_once(session: Session, customer_id: str, once: str) -> Order | None:
    """Return the order that was placed under this key, if there is one."""
    query = select(Order).where(Order.customer_id == customer_id, Order.once == once)
    return session.scalar(query)


def advance(session: Session, order: Order, wanted: Status, now: datetime) -> None:
    """Move an order one step on; cancelling gives its stock back.

    Raises:
        WrongMove: the order's status does not allow it.
    """
    status = Status(order.status)
    if wanted not in MOVES[status]:
        raise WrongMove(status, wanted)
    order.status = wanted
    if wanted is Status.CANCELLED:
        for item in items_of(session, order):
            give_back(session, item, "cancelled", now)


def cancel_item(session: Session, order: Order, item: OrderItem, now: datetime) -> None:
    """Take one line out of an order that is not shipped yet."""
    status = Status(order.status)
    if Status.CANCELLED not in MOVES[status]:
        raise WrongMove(status, Status.CANCELLED)
    give_back(session, item, "cancelled", now)
    if all(line.cancelled for line in items_of(session, order)):
        order.status = Status.CANCELLED


def give_back(session: Session, item: OrderItem, reason: str, now: datetime) -> None:
    """Put a line's pieces back on the shelf, once."""
    if item.cancelled:
        return
    item.cancelled = True
    session.execute(
        update(Product)
        .where(Product.id == item.product_id)
        .values(stock=Product.stock + item.quantity)
    )
    _log_stock(session, item.product_id, item.quantity, reason, item.order_id, now)


def items_of(session: Session, order: Order) -> list[OrderItem]:
    """Return the lines of an order."""
    query = select(OrderItem).where(OrderItem.order_id == order.id)
    return list(session.scalars(query.order_by(OrderItem.number)))


def orders_of(session: Session, customer_id: str) -> list[Order]:
    """Return a customer's orders, newest first."""
    query = select(Order).where(Order.customer_id == customer_id)
    return list(session.scalars(query.order_by(Order.placed_at.desc())))


def total(session: Session, order: Order) -> Decimal:
    """Return what an order costs with delivery, without its cancelled lines."""
    lines = [item for item in items_of(session, order) if not item.cancelled]
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
    if number is None:
        session.add(Counter(name="orders", value=FIRST_NUMBER))
        session.flush()
        return FIRST_NUMBER
    return number


def _known(session: Session, lines: Sequence[Line]) -> dict[str, Product]:
    if not lines or any(line.quantity < 1 for line in lines):
        raise OrderError("an order needs at least one piece of something")
    products = find_products(session, [line.product_id for line in lines])
    missing = [i.product_id for i in lines if i.product_id not in products]
    if missing:
        raise OrderError(f"no such product: {', '.join(missing)}")
    return products


def _check_stock(product: Product, quantity: int) -> None:
    if not product.active or product.stock < quantity:
        raise OutOfStock(product, product.stock if product.active else 0)


def _take(
    session: Session, order: Order, number: int, product: Product, quantity: int
) -> None:
    enough = (Product.id == product.id, Product.stock >= quantity)
    query = update(Product).where(*enough).values(stock=Product.stock - quantity)
    taken = cast("CursorResult[None]", session.execute(query))
    if not taken.rowcount:
        session.refresh(product)
        raise OutOfStock(product, product.stock)
    session.add(
        OrderItem(
            order_id=order.id,
            number=number,
            product_id=product.id,
            quantity=quantity,
            price=product.price,
        )
    )
    _log_stock(session, product.id, -quantity, "ordered", order.id, order.placed_at)


def _log_stock(
    session: Session,
    product_id: str,
    pieces: int,
    reason: str,
    order_id: str,
    now: datetime,
) -> None:
    session.add(
        StockMove(
            product_id=product_id,
            pieces=pieces,
            reason=reason,
            order_id=order_id,
            at=now,
        )
    )
