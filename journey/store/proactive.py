"""What we write of ourselves: planned, sent once, and as the customer wants it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short


class Proactive(Base):
    """A message that we begin: `planned`, `out` (in the outbox), `sent`, `dropped`.

    `once` makes it one of its kind for a customer. `timed` says that its hour was
    chosen; `hour` is the customer's own hour at which it went out.
    """

    __tablename__ = "proactive_messages"
    __table_args__ = (
        UniqueConstraint("customer_id", "once"),
        Index("ix_proactive_messages_due", "state", "due_at"),
    )

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[Short]
    purpose: Mapped[Short]
    about: Mapped[Payload] = mapped_column(default=dict)
    once: Mapped[Short]
    state: Mapped[Short] = mapped_column(default="planned")
    why: Mapped[str | None]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    timed: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    conversation_id: Mapped[Short | None]
    channel: Mapped[Short | None]
    hour: Mapped[int | None]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ContactWish(Base):
    """How a customer wants to be written to; quiet times in minutes of their day.

    `per_week` counts over `span_days` where they said another time than a week.
    """

    __tablename__ = "contact_wishes"

    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id"), primary_key=True
    )
    per_week: Mapped[int | None]
    span_days: Mapped[int | None]
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    channel: Mapped[Short | None]
    said: Mapped[str]
    at: Mapped[datetime]


class Watch(Base):
    """A product that a customer waits for: `back_in_stock` or `better_price`."""

    __tablename__ = "watches"
    __table_args__ = (UniqueConstraint("customer_id", "product_id", "kind"),)

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    kind: Mapped[Short]
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    state: Mapped[Short] = mapped_column(default="open", index=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Foreseen(Base):
    """When a customer is expected to need a product again, and when we look next."""

    __tablename__ = "foreseen"

    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id"), primary_key=True
    )
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    day: Mapped[datetime | None]
    chance: Mapped[float | None]


class Execution(Base):
    """One order that a mandate asks for; see executions.State.

    `order_at` is when it is placed, `act_at` when we look at it next; `price` is that
    of one piece as it was announced. `way` is how it is sent; `agreed` is the total
    that the customer said yes to this once, whatever the mandate's cap.
    """

    __tablename__ = "executions"
    __table_args__ = (UniqueConstraint("mandate_id", "number"),)

    id: Mapped[Id]
    mandate_id: Mapped[str] = mapped_column(ForeignKey("mandates.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    number: Mapped[int]
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int]
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    address: Mapped[Payload | None]
    way: Mapped[Short] = mapped_column(default="standard")
    agreed: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    state: Mapped[Short] = mapped_column(default="planned")
    why: Mapped[Short | None]
    order_at: Mapped[datetime]
    act_at: Mapped[datetime | None] = mapped_column(index=True)
    announced_at: Mapped[datetime | None]
    conversation_id: Mapped[Short | None]
    order_id: Mapped[Short | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
