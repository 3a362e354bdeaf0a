"""Conversations: opened, numbered and read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from journey import log
from journey.desk import presence
from journey.people.customers import add_identity
from journey.store.base import new_id
from journey.store.tables import Conversation, Customer, Inbox, Message

COACH = "coach"
CUSTOMER = "customer"
SYSTEM = "system"
WITH_PERSON = frozenset({"requested", "human"})


@dataclass(frozen=True)
class Pulse:
    """What a page must know of a conversation to see that it is behind.

    `position` is 0 when there is no such conversation; `working` says that the
    bot owes an answer, `person` that a person has it or is asked for, `typist`
    who of the team is typing.
    """

    position: int = 0
    working: bool = False
    person: bool = False
    typist: str | None = None


def opened(
    session: Session,
    conversation_id: str,
    *,
    customer_id: str,
    channel: str,
    now: datetime,
) -> Conversation:
    """Return a conversation; it and its customer are made when they are missing."""
    found = session.get(Conversation, conversation_id, with_for_update=True)
    if found:
        return found
    if session.get(Customer, customer_id) is None:
        customer = Customer(id=customer_id, created_at=now)
        session.add(customer)
        session.flush()
        add_identity(session, customer, channel, customer_id, False, now)
    conversation = Conversation(
        id=conversation_id,
        customer_id=customer_id,
        channel=channel,
        position=0,
        created_at=now,
        active_at=now,
    )
    session.add(conversation)
    session.flush()
    return conversation


def latest(session: Session, customer_id: str, channel: str) -> Conversation | None:
    """Return the conversation that a customer had last on a channel."""
    query = select(Conversation).where(
        Conversation.customer_id == customer_id, Conversation.channel == channel
    )
    return session.scalars(query.order_by(Conversation.active_at.desc())).first()


def place(conversation: Conversation, now: datetime) -> int:
    """Return the next position; the caller holds the conversation's row."""
    conversation.position += 1
    conversation.active_at = now
    return conversation.position


def disclose(
    session: Session, conversation: Conversation, text: str, *, now: datetime
) -> Message | None:
    """Say once that an assistant answers, and record the words that were shown.

    Returns the message, or None when it was said before.
    """
    if conversation.disclosed_at or not text:
        return None
    conversation.disclosed_at = now
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        direction="out",
        provider_id="disclosure",
        position=place(conversation, now),
        author=COACH,
        text=text,
        content={},
        created_at=now,
    )
    session.add(message)
    log.append(
        session,
        "disclosed",
        at=now,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        payload={"text": text},
    )
    return message


def last_said(session: Session, conversation_id: str) -> Message | None:
    """Return what the coach said last in a conversation."""
    query = select(Message).where(
        Message.conversation_id == conversation_id,
        Message.author == COACH,
        Message.position.is_not(None),
    )
    return session.scalars(query.order_by(Message.position.desc())).first()


def after(
    session: Session, conversation_id: str, position: int, *, limit: int = 200
) -> Sequence[Message]:
    """Return the messages behind a position, oldest first."""
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.position > position
    )
    return session.scalars(query.order_by(Message.position).limit(limit)).all()


def before(
    session: Session, conversation_id: str, position: int | None, *, limit: int = 50
) -> Sequence[Message]:
    """Return the last messages in front of a position (or of all), oldest first."""
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.position.is_not(None)
    )
    if position is not None:
        query = query.where(Message.position < position)
    rows = session.scalars(query.order_by(Message.position.desc()).limit(limit))
    return list(reversed(rows.all()))


def pulses(
    session: Session, conversation_ids: Sequence[str], now: datetime
) -> Mapping[str, Pulse]:
    """Return the pulse of each of the conversations that exist."""
    typists = presence.typing_agents(session, conversation_ids, now)
    owed = exists().where(
        Inbox.conversation_id == Conversation.id, Inbox.state == "new"
    )
    query = select(Conversation.id, Conversation.position, Conversation.owner, owed)
    rows = session.execute(query.where(Conversation.id.in_(conversation_ids)))
    return {
        conversation_id: Pulse(
            position,
            working and owner == "bot",
            owner in WITH_PERSON,
            typists.get(conversation_id),
        )
        for conversation_id, position, owner, working in rows
    }


def shown(message: Message) -> dict[str, Any]:
    """Return a message as the page gets it."""
    return {
        "position": message.position,
        "id": message.provider_id,
        "direction": message.direction,
        "author": message.author,
        "text": message.text,
        "content": message.content,
        "at": message.created_at.isoformat(),
    }
