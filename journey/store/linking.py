"""One person on several channels: codes that prove it, merges that can be undone."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short


class LinkCode(Base):
    """A code that a customer takes along to another channel, good once and shortly."""

    __tablename__ = "link_codes"

    code: Mapped[Short] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    expires_at: Mapped[datetime]


class Merge(Base):
    """Two customers found to be one: which rows moved, so that it can be undone."""

    __tablename__ = "merges"

    id: Mapped[Id]
    kept_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    gone_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    moved: Mapped[Payload] = mapped_column(default=dict)
    """The keys of the rows that moved, by table."""
    added: Mapped[Payload] = mapped_column(default=dict)
    """The rows whose numbers were added up, by table."""
    by: Mapped[Short]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
