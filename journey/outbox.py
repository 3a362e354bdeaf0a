"""The outbox: every answer is a row first, and sent once under a live version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.conversations import COACH, place
from journey.ownership import locked
from journey.store.base import new_id
from journey.store.tables import Message, Outbox


class State(StrEnum):
    """What became of a message that was to be sent."""

    READY = "ready"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True)
class Reply:
    """One message to a customer: text, and what the page shows beside it."""

    text: str
    content: Mapping[str, Any] = field(default_factory=dict)
    author: str = COACH


def put(
    session: Session,
    conversation_id: str,
    reply: Reply,
    *,
    number: int,
    answers_id: str | None,
    owner_version: int,
    now: datetime,
) -> bool:
    """Make a message ready to send; False when this answer is there already.

    Args:
        session: the transaction that also closes the work that is answered.
        conversation_id: whom it goes to.
        reply: what to say.
        number: its place among the answers to one message.
        answers_id: the message that it answers; None for a proactive one.
        owner_version: the version of ownership under which it was made.
        now: when it was made; orders the messages that are ready.
    """
    if answers_id and _exists(session, answers_id, number):
        return False
    message = Message(
        id=new_id(),
        conversation_id=conversation_id,
        direction="out",
        provider_id=f"out:{answers_id or new_id()}:{number}",
        position=None,
        author=reply.author,
        text=reply.text,
        content=dict(reply.content),
        created_at=now,
    )
    session.add(message)
    session.flush()
    row = Outbox(
        message_id=message.id,
        conversation_id=conversation_id,
        answers_id=answers_id,
        number=number,
        owner_version=owner_version,
    )
    session.add(row)
    return True


def _exists(session: Session, answers_id: str, number: int) -> bool:
    query = select(Outbox.message_id).where(
        Outbox.answers_id == answers_id, Outbox.number == number
    )
    return session.scalars(query).first() is not None


def waiting(session: Session, *, limit: int = 100) -> Sequence[str]:
    """Return conversations that have something ready to send."""
    query = select(Outbox.conversation_id).where(Outbox.state == State.READY)
    return session.scalars(query.distinct().limit(limit)).all()


def send(session: Session, conversation_id: str, *, now: datetime) -> int:
    """Send what is ready in one conversation; return how many were sent.

    The owner is checked here, under the lock that gives the position: an answer
    made under an older version is dropped, whoever made it.
    """
    conversation = locked(session, conversation_id)
    query = (
        select(Outbox, Message)
        .join(Message, Message.id == Outbox.message_id)
        .where(Outbox.conversation_id == conversation_id, Outbox.state == State.READY)
        .order_by(Message.created_at, Outbox.number)
    )
    sent = 0
    for row, message in session.execute(query).all():
        if row.owner_version != conversation.owner_version:
            row.state, row.failure = State.DROPPED, "stale owner"
            continue
        message.position = place(conversation, now)
        message.created_at = now
        row.state, row.sent_at = State.SENT, now
        sent += 1
    return sent
