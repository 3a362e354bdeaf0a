"""Conversations, their messages, and the work of receiving and sending them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from journey.store.base import Base, Id, Payload, Short
from journey.store.claims import Claimable


class Conversation(Base):
    """One customer on one channel; exactly one owner at any instant."""

    __tablename__ = "conversations"

    id: Mapped[Id]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    channel: Mapped[Short]
    owner: Mapped[Short] = mapped_column(default="bot")
    owner_version: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    language: Mapped[Short] = mapped_column(default="en")
    disclosed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    active_at: Mapped[datetime]


class Message(Base):
    """One utterance in or out.

    `provider_id` is the id under which the channel knows it: a second delivery
    finds the row. `position` is its place in the conversation, given when the
    message becomes visible: on acceptance for `in`, on sending for `out`.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "provider_id"),
        UniqueConstraint("conversation_id", "position"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    direction: Mapped[Short]
    provider_id: Mapped[Short]
    position: Mapped[int | None]
    author: Mapped[Short]
    text: Mapped[str] = mapped_column(default="")
    content: Mapped[Payload] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Inbox(Claimable, Base):
    """The work that an accepted message still asks for: `new`, then `done`.

    `said_at` is when the provider says that it was written: what arrives out of
    order is answered in order. What is `urgent` does not wait behind what is not.
    """

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_work", "state", "conversation_id"),)

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    number: Mapped[int]
    state: Mapped[Short] = mapped_column(default="new")
    payload: Mapped[str | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    said_at: Mapped[datetime | None]


class Outbox(Base):
    """A message to send: `ready`, then `sent`, `dropped` (stale, late) or `failed`."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("answers_id", "number"),
        Index("ix_outbox_work", "state", "conversation_id"),
    )

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    answers_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    number: Mapped[int]
    state: Mapped[Short] = mapped_column(default="ready")
    owner_version: Mapped[int]
    sent_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    send_until: Mapped[datetime | None]


class ButtonToken(Base):
    """What a button means, kept here so that no intent travels through a browser."""

    __tablename__ = "button_tokens"

    token: Mapped[Short] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id"), index=True
    )
    title: Mapped[str]
    payload: Mapped[str]
    expires_at: Mapped[datetime]


class ActionRun(Base):
    """The stored result of one custom action for one message: it runs once.

    `number` counts the runs of the same action within one turn.
    """

    __tablename__ = "action_runs"

    message_id: Mapped[Short] = mapped_column(primary_key=True)
    action: Mapped[Short] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[Short] = mapped_column(index=True)
    result: Mapped[Payload]
    at: Mapped[datetime]


class Pending(Base):
    """What the coach last asked, against which a short answer is read."""

    __tablename__ = "pending"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True
    )
    expects: Mapped[Short]
    about: Mapped[Payload] = mapped_column(default=dict)
    misses: Mapped[int] = mapped_column(default=0)
    stack: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime]
