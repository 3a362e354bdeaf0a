"""The inbox: every accepted message is work, claimed in order and done once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from journey.messages.cleaning import mask_cards
from journey.messages.conversations import CUSTOMER, place
from journey.store import claims
from journey.store.base import new_id
from journey.store.tables import Conversation, Customer, Inbox, Message

LEASE = timedelta(seconds=12)


class State(StrEnum):
    """What became of an accepted message."""

    NEW = "new"
    HELD = "held"
    """A person is to read it; the bot answers it if it gets the conversation first."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Work:
    """One accepted message that is to be answered.

    `accepted_at` is on the customer's clock: "tomorrow" is their tomorrow.
    """

    message_id: str
    conversation_id: str
    customer_id: str
    channel: str
    text: str
    payload: str | None
    owner: str
    owner_version: int
    attempts: int
    accepted_at: datetime


def accept(
    session: Session,
    conversation: Conversation,
    *,
    provider_id: str,
    text: str,
    payload: str | None = None,
    content: Mapping[str, Any] | None = None,
    said_at: datetime | None = None,
    state: State = State.NEW,
    urgent: bool = False,
    now: datetime,
) -> tuple[int, bool]:
    """Store a message and the work that it asks for; return its position.

    The second value says whether the message is new: a second delivery changes
    nothing and gets the same position. For the rest see `keep`.
    """
    known = find(session, conversation.id, provider_id)
    message = known or keep(
        session,
        conversation,
        provider_id=provider_id,
        text=text,
        payload=payload,
        content=content,
        said_at=said_at,
        state=state,
        urgent=urgent,
        now=now,
    )
    assert message.position is not None
    return message.position, known is None


def find(session: Session, conversation_id: str, provider_id: str) -> Message | None:
    """Return the message that has a provider's id in a conversation."""
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.provider_id == provider_id
    )
    return session.scalars(query).first()


def keep(
    session: Session,
    conversation: Conversation,
    *,
    provider_id: str,
    text: str,
    payload: str | None = None,
    content: Mapping[str, Any] | None = None,
    said_at: datetime | None = None,
    state: State = State.NEW,
    urgent: bool = False,
    now: datetime,
) -> Message:
    """Store a new message and the work that it asks for.

    The caller holds the conversation's row. Whatever the channel, a card number is
    masked before it is stored anywhere. What was said (`said_at`) before something
    that waits is answered before it. What is `urgent` is claimed before all else,
    with what waits in the same conversation.
    """
    position = place(conversation, now)
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        direction="in",
        provider_id=provider_id,
        position=position,
        author=CUSTOMER,
        text=mask_cards(text),
        content=dict(content or {}),
        created_at=now,
    )
    work = Inbox(
        message_id=message.id,
        conversation_id=conversation.id,
        number=position,
        state=state,
        payload=payload,
        urgent=urgent,
        said_at=said_at,
    )
    session.add(message)
    # Nothing says to SQLAlchemy that the work needs its message first.
    session.flush()
    session.add(work)
    if said_at:
        _put_in_order(session, work)
    if urgent:
        _hurry(session, conversation.id)
    return message


def _put_in_order(session: Session, work: Inbox) -> None:
    """Put a message before what waits in its conversation and was said later."""
    query = select(Inbox).where(
        Inbox.conversation_id == work.conversation_id,
        Inbox.state == State.NEW,
        Inbox.claimed_by.is_(None),
        Inbox.said_at > work.said_at,
    )
    later = session.scalars(query.order_by(Inbox.number)).all()
    numbers = sorted(row.number for row in (work, *later))
    for row, number in zip((work, *later), numbers, strict=True):
        row.number = number


def _hurry(session: Session, conversation_id: str) -> None:
    """Let what waits in a conversation not stand in the way of what is urgent."""
    waits = Inbox.conversation_id == conversation_id, Inbox.state == State.NEW
    session.execute(update(Inbox).where(*waits).values(urgent=True))


def amend(session: Session, message_id: str) -> bool:
    """Tell whether a message still waits; the caller may change what it says.

    Nobody can claim it until the caller's transaction ends.
    """
    waits = _waiting(message_id).values(attempts=0)
    return claims.changed(session, waits) == 1


def withdraw(session: Session, message_id: str) -> None:
    """Take a message out of the work that its customer deleted."""
    session.execute(_waiting(message_id).values(state=State.DONE, failure="deleted"))


def _waiting(message_id: str) -> Update:
    return update(Inbox).where(
        Inbox.message_id == message_id,
        Inbox.state == State.NEW,
        Inbox.claimed_by.is_(None),
    )


def claim(
    session: Session, worker: str, *, now: datetime, limit: int, urgent: bool = False
) -> Sequence[Work]:
    """Claim an open message of up to `limit` conversations for a lease.

    Of each the oldest; the urgent ones first, and no others when `urgent`, then
    what waits longest.
    """
    query = (
        select(Inbox, Message, Conversation, Customer.timezone)
        .join(Message, Message.id == Inbox.message_id)
        .join(Conversation, Conversation.id == Inbox.conversation_id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .where(
            Inbox.state == State.NEW,
            *claims.may_claim(Inbox, now),
            claims.is_first(Inbox, State.NEW, Inbox.conversation_id),
            *((Inbox.urgent,) if urgent else ()),
        )
        .order_by(Inbox.urgent.desc(), Message.created_at)
        .limit(limit)
        .with_for_update(of=Inbox, skip_locked=True)
    )
    return [_claimed(worker, now, *row) for row in session.execute(query)]


def _claimed(
    worker: str,
    now: datetime,
    row: Inbox,
    message: Message,
    conversation: Conversation,
    zone: str,
) -> Work:
    row.claimed_by = worker
    row.claimed_until = now + LEASE
    return Work(
        message_id=message.id,
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        channel=conversation.channel,
        text=message.text,
        payload=row.payload,
        owner=conversation.owner,
        owner_version=conversation.owner_version,
        attempts=row.attempts,
        accepted_at=message.created_at.astimezone(ZoneInfo(zone)),
    )


def renew(
    session: Session, worker: str, message_ids: Collection[str], *, now: datetime
) -> None:
    """Prolong the lease of what a worker is busy with: it lives."""
    held = _held(worker).where(Inbox.message_id.in_(message_ids))
    session.execute(held.values(claimed_until=now + LEASE))


def release(session: Session, worker: str) -> None:
    """Give back all that a worker holds: it stops, or it is known to be dead."""
    session.execute(_held(worker).values(**claims.FREE))


def holders(session: Session) -> Collection[str]:
    """Return the workers that hold work."""
    return claims.holders(session, Inbox, State.NEW)


def close(
    session: Session, work: Work, worker: str, state: State, failure: str | None = None
) -> bool:
    """Take a message out of the work; return False when the claim was lost.

    Whoever lost it must write nothing: the one who has it now will.
    """
    closed = (
        _held(worker)
        .where(Inbox.message_id == work.message_id)
        .values(state=state, failure=failure, **claims.FREE)
    )
    return claims.changed(session, closed) == 1


def retry(
    session: Session,
    work: Work,
    worker: str,
    *,
    at: datetime,
    failure: str,
    counted: bool,
) -> None:
    """Give a message back, to be tried again from `at` on."""
    again = (
        _held(worker)
        .where(Inbox.message_id == work.message_id)
        .values(
            **claims.FREE,
            retry_at=at,
            failure=failure,
            attempts=Inbox.attempts + int(counted),
        )
    )
    session.execute(again)


def settle(session: Session, conversation_id: str) -> None:
    """Close what was held: a person has read it."""
    session.execute(_held_for_person(conversation_id).values(state=State.DONE))


def mark_done(session: Session, message_id: str) -> None:
    """Close a message that was held: it was answered, and nobody need read it."""
    held = Inbox.message_id == message_id, Inbox.state == State.HELD
    session.execute(update(Inbox).where(*held).values(state=State.DONE))


def owe(session: Session, conversation_id: str) -> int:
    """Let the bot answer what was held, since no person did; return how many."""
    again = _held_for_person(conversation_id).values(state=State.NEW, retry_at=None)
    return claims.changed(session, again)


def reopen(session: Session, message_id: str, state: State) -> None:
    """Put a closed message back to a state: its answer was never sent."""
    again = update(Inbox).where(
        Inbox.message_id == message_id, Inbox.state == State.DONE
    )
    session.execute(again.values(state=state, retry_at=None))


def open_conversations(
    session: Session, conversation_ids: Collection[str]
) -> Collection[str]:
    """Return those of the conversations in which a customer waits for an answer."""
    query = select(Inbox.conversation_id).where(
        Inbox.state == State.NEW, Inbox.conversation_id.in_(conversation_ids)
    )
    return set(session.scalars(query.distinct()))


def count(session: Session, state: State) -> int:
    """Return how many messages are in a state."""
    query = select(func.count()).select_from(Inbox).where(Inbox.state == state)
    return session.scalar(query) or 0


def _held_for_person(conversation_id: str) -> Update:
    return update(Inbox).where(
        Inbox.conversation_id == conversation_id, Inbox.state == State.HELD
    )


def _held(worker: str) -> Update:
    return claims.held(Inbox, worker, State.NEW)
