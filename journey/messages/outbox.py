"""The outbox: every answer is a row first, and sent once under a live version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from journey import log
from journey.desk import presence
from journey.messages import inbox
from journey.messages.conversations import COACH, place
from journey.owner.ownership import Owner, asked_by, locked, may_speak
from journey.store.base import new_id
from journey.store.tables import Conversation, Message, Outbox


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
    once: str | None = None,
    until: datetime | None = None,
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
        once: the writer's own id for it: a second time changes nothing.
        until: it is dropped at the send point when it is later than that.
    """
    provider_id = f"out:{once or answers_id or new_id()}:{number}"
    known = _find(session, conversation_id, provider_id)
    if known:
        known[0].send_until = until
        return _revive(known, reply, owner_version, now)
    message = Message(
        id=new_id(),
        conversation_id=conversation_id,
        direction="out",
        provider_id=provider_id,
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
        send_until=until,
    )
    session.add(row)
    return True


def _find(
    session: Session, conversation_id: str, provider_id: str
) -> tuple[Outbox, Message] | None:
    query = (
        select(Outbox, Message)
        .join(Message, Message.id == Outbox.message_id)
        .where(
            Message.conversation_id == conversation_id,
            Message.provider_id == provider_id,
        )
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


def _revive(
    known: tuple[Outbox, Message], reply: Reply, owner_version: int, now: datetime
) -> bool:
    """Make an answer ready again that was dropped; any other stays as it is."""
    row, message = known
    if row.state != State.DROPPED:
        return False
    row.state, row.failure, row.owner_version = State.READY, None, owner_version
    message.text, message.content = reply.text, dict(reply.content)
    message.author, message.created_at = reply.author, now
    return True


def waiting(session: Session, *, limit: int = 100) -> Sequence[str]:
    """Return conversations that have something ready to send."""
    query = select(Outbox.conversation_id).where(Outbox.state == State.READY)
    return session.scalars(query.distinct().limit(limit)).all()


def send(session: Session, conversation_id: str, *, now: datetime) -> int:
    """Send what is ready in one conversation; return how many were sent.

    The owner is checked here, under the lock that gives the position: what was
    made under an older version is dropped and logged, whoever made it. So is what
    had a time by which it was to go out.
    """
    conversation = locked(session, conversation_id)
    answered = aliased(Message)
    query = (
        select(Outbox, Message)
        .join(Message, Message.id == Outbox.message_id)
        .outerjoin(answered, answered.id == Outbox.answers_id)
        .where(Outbox.conversation_id == conversation_id, Outbox.state == State.READY)
        .order_by(Message.created_at, answered.position, Outbox.number)
    )
    sent = 0
    for row, message in session.execute(query).all():
        if row.send_until and now > row.send_until:
            row.state, row.failure = State.DROPPED, "too late"
            continue
        if not _is_owned(row, message, conversation):
            _drop(session, row, message, conversation, now)
            continue
        message.position = place(conversation, now)
        message.created_at = now
        row.state, row.sent_at = State.SENT, now
        sent += 1
    return sent


def _is_owned(row: Outbox, message: Message, conversation: Conversation) -> bool:
    return row.owner_version == conversation.owner_version and may_speak(
        Owner(conversation.owner), message.author, unasked=row.answers_id is None
    )


def _drop(
    session: Session,
    row: Outbox,
    message: Message,
    conversation: Conversation,
    now: datetime,
) -> None:
    """Drop what the owner of this moment did not make; nobody waits in silence.

    The message that it answered goes to the person, or to the bot once more.
    """
    row.state, row.failure = State.DROPPED, "stale owner"
    if _is_owed(session, row):
        is_bots = conversation.owner == Owner.BOT
        state = inbox.State.NEW if is_bots else inbox.State.HELD
        inbox.reopen(session, str(row.answers_id), state)
    log.append(
        session,
        "message_dropped",
        at=now,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        message_id=row.answers_id,
        payload={
            "author": message.author,
            "made_under": row.owner_version,
            "version": conversation.owner_version,
            "owner": conversation.owner,
        },
    )


def _is_owed(session: Session, row: Outbox) -> bool:
    """Tell whether the message that was answered is still to be answered or read."""
    if row.answers_id is None or row.number < 0:
        return False
    if asked_by(session, row.answers_id):
        # It asked for a person, and whoever moved the owner since has answered that.
        return False
    message = session.get_one(Message, row.answers_id)
    read = presence.read_by_agents(session, message.conversation_id)
    return message.position is not None and message.position > read
