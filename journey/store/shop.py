"""The embedded shop: products, orders, returns, promises and mandates."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short


class Product(Base):
    """What can be bought: typed attributes, price in the shop's currency, stock."""

    __tablename__ = "products"
    __table_args__ = (CheckConstraint("stock >= 0", name="stock"),)

    id: Mapped[Short] = mapped_column(primary_key=True)
    name: Mapped[Short]
    names: Mapped[Payload] = mapped_column(default=dict)
    brand: Mapped[Short]
    category: Mapped[Short] = mapped_column(index=True)
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    unit: Mapped[Short]
    stock: Mapped[int]
    delivery_days: Mapped[int]
    uses_up_days: Mapped[float | None]
    image: Mapped[Short | None]
    attributes: Mapped[Payload] = mapped_column(default=dict)
    drawback: Mapped[str]
    about: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


class Counter(Base):
    """A number that only goes up, such as the one on an order."""

    __tablename__ = "counters"

    name: Mapped[Short] = mapped_column(primary_key=True)
    value: Mapped[int]


class Order(Base):
    """What was bought: `placed`, `packed`, `shipped`, `delivered` or `cancelled`."""

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("customer_id", "once"),)

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    customer_id: Mapped[str | None] = mapped_column(
        ForeignKey("customers.id"), index=True
    )
    journey_id: Mapped[Short | None]
    once: Mapped[Short]
    status: Mapped[Short] = mapped_column(default="placed")
    address: Mapped[Payload | None]
    delivery_fee: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    placed_at: Mapped[datetime]
    deliver_by: Mapped[datetime]


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


class Return(Base):
    """A line that goes back: `requested`, `received` or `refunded`."""

    __tablename__ = "returns"

    id: Mapped[Id]
    item_id: Mapped[str] = mapped_column(ForeignKey("order_items.id"), unique=True)
    reason: Mapped[str]
    state: Mapped[Short] = mapped_column(default="requested")
    refund: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    requested_at: Mapped[datetime]


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
    """What we said that we will do, by when and by whom: `open`, `kept`, `broken`."""

    __tablename__ = "promises"

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    journey_id: Mapped[Short | None]
    kind: Mapped[Short]
    about: Mapped[Payload] = mapped_column(default=dict)
    keeper: Mapped[Short]
    due_at: Mapped[datetime]
    state: Mapped[Short] = mapped_column(default="open")
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Mandate(Base):
    """A customer's consent to act for them: `active`, `paused` or `revoked`."""

    __tablename__ = "mandates"

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    cap: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    every_days: Mapped[int | None]
    notice_days: Mapped[int] = mapped_column(default=3)
    substitutes: Mapped[bool] = mapped_column(default=False)
    state: Mapped[Short] = mapped_column(default="active")
    said: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
