"""Handoffs, the notes that agents leave, and who reads or types."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short


class Handoff(Base):
    """A conversation asked for by or given to a support agent, with the packet.

    `agent` is who has it, or for whom it waits; both are an account's name. `way` is
    how the customer wants to be reached instead (email, call_back), `reach` where.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index("ix_handoffs_open", "closed_at", "requested_at"),
        Index(
            "uq_handoffs_one",
            "conversation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id"), index=True
    )
    reason: Mapped[Short]
    state: Mapped[Short] = mapped_column(default="requested")
    urgency: Mapped[int] = mapped_column(default=1)
    agent: Mapped[Short | None]
    team: Mapped[Short | None]
    way: Mapped[Short | None]
    reach: Mapped[str | None]
    packet: Mapped[Payload] = mapped_column(default=dict)
    requested_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    rating: Mapped[int | None]


class Note(Base):
    """What agents tell each other about a conversation; a customer never sees it."""

    __tablename__ = "notes"

    id: Mapped[Id]
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id"), index=True
    )
    author: Mapped[Short]
    text: Mapped[str]
    at: Mapped[datetime]


class Presence(Base):
    """How far somebody has read a conversation, and until when they type or look.

    `who` is an agent's name, or `customer`.
    """

    __tablename__ = "presences"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True
    )
    who: Mapped[Short] = mapped_column(primary_key=True)
    read: Mapped[int] = mapped_column(default=0)
    typing_until: Mapped[datetime | None]
    here_until: Mapped[datetime | None]
