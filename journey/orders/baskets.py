"""What is to be ordered, and how it is written down: once, at the price shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.orders import stock
from journey.orders.orders import OrderError, Status, find_once, next_number, note_step
from journey.orders.stock import Line
from journey.store.base import new_id
from journey.store.tables import Order, OrderItem, Product


class PriceRose(OrderError):
    """A product costs more than what was shown to the customer."""

    def __init__(self, product: Product, shown: Decimal) -> None:
        """Keep the product with its new price, and the old one."""
        super().__init__(f"{product.id}: {shown} was shown, now {product.price}")
        self.product = product
        self.shown = shown


@dataclass(frozen=True)
class Delivery:
    """One way of delivery for a basket: its fee, and the day that is promised."""

    way: str
    fee: Decimal
    day: datetime


@dataclass(frozen=True)
class Basket:
    """What one order is to hold, for whom, and under which key it is placed once."""

    lines: tuple[Line, ...]
    customer_id: str
    once: str
    delivery: Delivery
    address: Mapping[str, str] | None = None
    journey_id: str | None = None
    conversation_id: str | None = None
    channel: str | None = None


def write_order(
    session: Session, basket: Basket, status: Status, now: datetime
) -> tuple[Order, bool]:
    """Write an order and take its stock; the second value says whether it is new.

    What was placed under the same key is returned as it is.

    Raises:
        OutOfStock: a product has fewer pieces left; nothing was taken.
        PriceRose: a product costs more than what was shown; the same.
        OrderError: a product is unknown or a quantity is not positive.
    """
    placed = find_once(session, basket.customer_id, basket.once)
    if placed is not None:
        return placed, False
    products = _known(session, basket.lines)
    number = next_number(session)
    # Whoever held the counter may have placed the same: look again.
    placed = find_once(session, basket.customer_id, basket.once)
    if placed is not None:
        return placed, False
    order = _order(basket, number, status, now)
    try:
        with session.begin_nested():
            _write(session, order, basket, products, now)
    except (stock.OutOfStock, PriceRose):
        # What was read of them inside is not so any more.
        for product in products.values():
            session.expire(product)
        raise
    return order, True


def _write(
    session: Session,
    order: Order,
    basket: Basket,
    products: Mapping[str, Product],
    now: datetime,
) -> None:
    stock.take(
        session,
        basket.customer_id,
        basket.lines,
        order_id=order.id,
        reason="ordered",
        now=now,
    )
    check_prices(session, basket.lines, products)
    session.add(order)
    session.flush()
    for place, line in enumerate(basket.lines, 1):
        session.add(_item(order, place, line, products[line.product_id]))
    note_step(session, order, now, "customer")
    session.flush()


def _order(basket: Basket, number: int, status: Status, now: datetime) -> Order:
    return Order(
        id=new_id(),
        number=number,
        customer_id=basket.customer_id,
        journey_id=basket.journey_id,
        conversation_id=basket.conversation_id,
        channel=basket.channel,
        once=basket.once,
        status=status,
        address=dict(basket.address) if basket.address else None,
        way=basket.delivery.way,
        delivery_fee=basket.delivery.fee,
        placed_at=now,
        deliver_by=basket.delivery.day,
    )


def _item(order: Order, place: int, line: Line, product: Product) -> OrderItem:
    return OrderItem(
        order_id=order.id,
        number=place,
        product_id=line.product_id,
        quantity=line.quantity,
        price=product.price,
    )


def check_prices(
    session: Session, lines: tuple[Line, ...], products: Mapping[str, Product]
) -> None:
    """Refuse lines that cost more than what was shown.

    Raises:
        PriceRose: one does.
    """
    for line in lines:
        product = products[line.product_id]
        # Taking its stock locked it: this price is the one that is written.
        session.refresh(product)
        if line.price is not None and product.price > line.price:
            raise PriceRose(product, line.price)


def _known(session: Session, lines: tuple[Line, ...]) -> dict[str, Product]:
    if not lines or any(line.quantity < 1 for line in lines):
        raise OrderError("an order needs at least one piece of something")
    products = find_products(session, [line.product_id for line in lines])
    missing = [i.product_id for i in lines if i.product_id not in products]
    if missing:
        raise OrderError(f"no such product: {', '.join(missing)}")
    return products
