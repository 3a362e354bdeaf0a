"""A company's own desk: how it knows a conversation, and what is on its way there."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Payload, Short
from journey.store.claims import Claimable


class DeskThread(Base):
    """A conversation as the company's own desk knows it.

    `key` is the desk's number for it, `contact` its number for the customer. It is
    `theirs` while the desk serves `handoff_id`, `ours` when our own desk took over,
    and `closed` when no person has it. `told` is the position up to which the desk was
    told everything; `status` what the desk said last, at `changed_at`.
    """

    __tablename__ = "desk_threads"
    __table_args__ = (UniqueConstraint("desk", "key"),)

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True
    )
    desk: Mapped[Short]
    contact: Mapped[Short | None]
    key: Mapped[Short | None]
    handoff_id: Mapped[Short | None]
    state: Mapped[Short] = mapped_column(default="theirs")
    told: Mapped[int] = mapped_column(default=0)
    status: Mapped[Short | None]
    changed_at: Mapped[datetime | None]
    agent: Mapped[Short | None]
    """Who there wrote last, or has it, as customers are told."""


class DeskLetter(Claimable, Base):
    """One thing that the desk is to be told: `ready`, then `sent`, `dropped` or `dead`.

    It holds no reference to the conversation: that a customer is to be forgotten there
    outlives what we know of them.
    """

    __tablename__ = "desk_letters"
    __table_args__ = (
        UniqueConstraint("conversation_id", "once"),
        Index("ix_desk_letters_work", "state", "conversation_id", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[Short]
    once: Mapped[Short]
    kind: Mapped[Short]
    content: Mapped[Payload]
    state: Mapped[Short] = mapped_column(default="ready")
    key: Mapped[Short | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class DeskCall(Base):
    """A call of the desk that was heard: the same one again changes nothing."""

    __tablename__ = "desk_calls"

    id: Mapped[Short] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
