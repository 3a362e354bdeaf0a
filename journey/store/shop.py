"""The shop: products, carts, orders, returns, promises and mandates."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short


class Product(Base):
    """What can be bought: typed attributes, price in the shop's currency, stock.

    `reserved` of the pieces in `stock` are kept for customers. `external_id` is the
    product's id in the shop's own system, when it has one, and `told_at` the time of
    the newest message from there about it.
    """

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("reserved >= 0", name="reserved"),
    )

    id: Mapped[Short] = mapped_column(primary_key=True)
    name: Mapped[Short]
    names: Mapped[Payload] = mapped_column(default=dict)
    brand: Mapped[Short]
    category: Mapped[Short] = mapped_column(index=True)
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    unit: Mapped[Short]
    stock: Mapped[int]
    reserved: Mapped[int] = mapped_column(default=0)
    delivery_days: Mapped[int]
    uses_up_days: Mapped[float | None]
    image: Mapped[str | None]
    variant_of: Mapped[Short | None]
    sku: Mapped[Short | None] = mapped_column(index=True)
    link: Mapped[str | None]
    attributes: Mapped[Payload] = mapped_column(default=dict)
    drawback: Mapped[str]
    about: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    external_id: Mapped[Short | None] = mapped_column(unique=True)
    told_at: Mapped[datetime | None]

    @hybrid_property
    def left(self) -> int:
        """How many pieces can still be sold."""
        return self.stock - self.reserved


class CartItem(Base):
    """Pieces of a product that a customer means to order together with others."""

    __tablename__ = "cart_items"
    __table_args__ = (UniqueConstraint("customer_id", "product_id"),)

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int]
    added_at: Mapped[datetime]


class Reservation(Base):
    """Pieces that are kept for a customer until an instant."""

    __tablename__ = "reservations"
    __table_args__ = (UniqueConstraint("customer_id", "product_id"),)

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)


class CatalogueHead(Base):
    """A catalogue that was put in whole: its attributes and categories.

    The newest one serves, with the products that are active; `source` is `data`
    for the owner's files, else the kind of file that was imported.
    """

    __tablename__ = "catalogues"

    number: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[Short]
    currency: Mapped[Short]
    attributes: Mapped[Payload]
    categories: Mapped[Payload]
    products: Mapped[int]
    at: Mapped[datetime]


class Counter(Base):
    """A number that only goes up, such as the one on an order."""

    __tablename__ = "counters"

    name: Mapped[Short] = mapped_column(primary_key=True)
    value: Mapped[int]


class Order(Base):
    """What was bought; `status` is one of `journey.orders.orders.Status`.

    `external_id` is its id in the shop's own system and `shop_number` its number
    there, `pay_url` the page on which it can be paid.
    """

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("customer_id", "once"),)

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    customer_id: Mapped[str | None] = mapped_column(
        ForeignKey("customers.id"), index=True
    )
    journey_id: Mapped[Short | None]
    conversation_id: Mapped[Short | None]
    channel: Mapped[Short | None]
    once: Mapped[Short]
    status: Mapped[Short] = mapped_column(default="placed")
    address: Mapped[Payload | None]
    way: Mapped[Short] = mapped_column(default="standard")
    delivery_fee: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    placed_at: Mapped[datetime]
    deliver_by: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    pay_url: Mapped[str | None]
    external_id: Mapped[Short | None] = mapped_column(index=True)
    shop_number: Mapped[Short | None]

    @property
    def called(self) -> str:
        """The number by which the customer knows the order."""
        return self.shop_number or str(self.number)


class OrderStep(Base):
    """One step of an order: which status, when, and who took it there."""

    __tablename__ = "order_steps"
    __table_args__ = (Index("ix_order_steps_order", "order_id", "at"),)

    id: Mapped[Id]
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    status: Mapped[Short]
    by: Mapped[Short]
    at: Mapped[datetime]


class OrderItem(Base):
    """A line of an order, at the price of the moment."""

    __tablename__ = "order_items"
    __table_args__ = (UniqueConstraint("order_id", "number"),)

    id: Mapped[Id]
    number: Mapped[int]
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    cancelled: Mapped[bool] = mapped_column(default=False)
    external_id: Mapped[Short | None]


class Return(Base):
    """Pieces of a line that go back: `requested`, `received` or `refunded`."""

    __tablename__ = "returns"

    id: Mapped[Id]
    item_id: Mapped[str] = mapped_column(ForeignKey("order_items.id"), unique=True)
    quantity: Mapped[int]
    reason: Mapped[str]
    state: Mapped[Short] = mapped_column(default="requested")
    refund: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    requested_at: Mapped[datetime]
    received_at: Mapped[datetime | None]


class Refund(Base):
    """Money that goes back to a customer: `due` until it was paid out."""

    __tablename__ = "refunds"
    __table_args__ = (UniqueConstraint("order_id", "once"),)

    id: Mapped[Id]
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    once: Mapped[Short]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    reason: Mapped[Short]
    state: Mapped[Short] = mapped_column(default="due")
    external_id: Mapped[Short | None]
    made_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]


class StockMove(Base):
    """Every piece that left or came back, and why."""

    __tablename__ = "stock_moves"

    id: Mapped[Id]
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    pieces: Mapped[int]
    reason: Mapped[Short]
    order_id: Mapped[Short | None]
    at: Mapped[datetime]


class Promise(Base):
    """What we said that we will do, by when and by whom; see promises.State.

    `first_due_at` is the time that was said first, when it was moved since; `told_at`
    is when the customer heard from us that it would be later, `look_at` when we look
    next whether it can be kept.
    """

    __tablename__ = "promises"

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    journey_id: Mapped[Short | None]
    kind: Mapped[Short]
    about: Mapped[Payload] = mapped_column(default=dict)
    keeper: Mapped[Short]
    due_at: Mapped[datetime]
    first_due_at: Mapped[datetime | None]
    state: Mapped[Short] = mapped_column(default="open", index=True)
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]


class Mandate(Base):
    """A customer's consent to act for them: `active`, `paused` or `revoked`.

    `cap` is the most that one order may cost, delivery included; without
    `every_days` it is ordered when it is foreseen to be due.
    """

    __tablename__ = "mandates"

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    cap: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    quantity: Mapped[int] = mapped_column(default=1)
    every_days: Mapped[int | None]
    notice_days: Mapped[int] = mapped_column(default=3)
    substitutes: Mapped[bool] = mapped_column(default=False)
    state: Mapped[Short] = mapped_column(default="active")
    said: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
