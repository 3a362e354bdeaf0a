"""How a provider knows a conversation, and what is on its way to the provider."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short
from journey.store.claims import Claimable


class Thread(Base):
    """The provider's side of a conversation.

    `key` finds it again, `address` is what the channel needs to write there, and
    `choices` are the tokens that the customer may name by number.
    """

    __tablename__ = "threads"
    __table_args__ = (UniqueConstraint("channel", "key"),)

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True
    )
    channel: Mapped[Short]
    key: Mapped[Short]
    address: Mapped[Payload] = mapped_column(default=dict)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    heard_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]


class Arrival(Base):
    """One thing that a provider told us, on the disk before it was answered.

    It waits to be taken in, in the order of the numbers, and is deleted with that.
    """

    __tablename__ = "arrivals"

    number: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Short]
    content: Mapped[Payload]
    at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]


class Dispatch(Claimable, Base):
    """One part of a message on its way to a provider.

    `ready`, then `sent`, `delivered` and `read` as the provider reports, or `dead`:
    it could not be delivered, and a person is shown why. `held` waits until the
    customer writes again, because the channel's window is closed.
    """

    __tablename__ = "dispatches"
    __table_args__ = (
        UniqueConstraint("message_id", "number"),
        Index("ix_dispatches_work", "state", "channel", "conversation_id"),
        Index("ix_dispatches_provider_id", "channel", "provider_id"),
    )

    id: Mapped[Id]
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id"), index=True
    )
    channel: Mapped[Short]
    number: Mapped[int]
    """Its place in the conversation."""
    content: Mapped[Payload]
    state: Mapped[Short] = mapped_column(default="ready")
    provider_id: Mapped[Short | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
