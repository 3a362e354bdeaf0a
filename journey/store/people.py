"""Customers, how they are known, and what they agreed to."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short


class Customer(Base):
    """A person we serve."""

    __tablename__ = "customers"

    id: Mapped[Id]
    name: Mapped[Short | None]
    language: Mapped[Short] = mapped_column(default="en")
    timezone: Mapped[Short] = mapped_column(default="UTC")
    address: Mapped[Payload | None]
    created_at: Mapped[datetime]


class Address(Base):
    """One place to which a customer has parcels sent.

    `label` is `home`, `work` or a person of data/language, empty when it has no name;
    `used` counts the orders that went there.
    """

    __tablename__ = "addresses"

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    label: Mapped[Short] = mapped_column(default="")
    parts: Mapped[Payload]
    used: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime]


class Identity(Base):
    """One way in which a customer is known: a channel and the id there."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    channel: Mapped[Short]
    external_id: Mapped[Short]
    verified: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Consent(Base):
    """A row of the append-only ledger: what a customer agreed to or withdrew."""

    __tablename__ = "consents"

    number: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    purpose: Mapped[Short]
    granted: Mapped[bool]
    text: Mapped[str]
    source: Mapped[Short]
    at: Mapped[datetime]


class Fact(Base):
    """Something that a customer told us and that the next journey may use."""

    __tablename__ = "facts"
    __table_args__ = (UniqueConstraint("customer_id", "about"),)

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    about: Mapped[Short]
    value: Mapped[Short]
    said: Mapped[str]
    event_id: Mapped[Short | None]
    at: Mapped[datetime]


class Erasure(Base):
    """The proof that a customer was forgotten: counts by table, no identity.

    While it is due, `customer_id` says whose rows go; it is emptied when done.
    """

    __tablename__ = "erasures"

    id: Mapped[Id]
    customer_id: Mapped[Short | None]
    requested_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    counts: Mapped[Payload] = mapped_column(default=dict)


class Referral(Base):
    """A customer who brought another one."""

    __tablename__ = "referrals"

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    brought_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    at: Mapped[datetime]
