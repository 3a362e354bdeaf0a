"""What is on its way to providers: queued with the message, claimed and finished."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from journey import log
from journey.messages.rendering import Part
from journey.store import claims
from journey.store.tables import Conversation, Dispatch, Message, Thread

LEASE = timedelta(seconds=60)
PARTS = 1000
"""More parts than this no message has."""


class State(StrEnum):
    """What became of one part of a message."""

    READY = "ready"
    HELD = "held"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    DEAD = "dead"


ORDER = (State.SENT, State.DELIVERED, State.READ)
"""A report that comes late never takes a state back."""


@dataclass(frozen=True)
class Load:
    """One claimed part with what is needed to deliver it."""

    dispatch_id: str
    conversation_id: str
    message_id: str
    provider_id: str
    author: str
    part: Part
    address: Mapping[str, Any]
    attempts: int
    heard_at: datetime | None
    created_at: datetime


def queue(
    session: Session, thread: Thread, message: Message, parts: Sequence[Part]
) -> None:
    """Put the parts of a sent message on their way."""
    assert message.position is not None
    session.flush()
    for index, part in enumerate(parts):
        row = Dispatch(
            message_id=message.id,
            conversation_id=message.conversation_id,
            channel=thread.channel,
            number=message.position * PARTS + index,
            content=part.as_json(),
            created_at=message.created_at,
        )
        session.add(row)


def claim(
    session: Session, worker: str, channel: str, *, now: datetime, limit: int
) -> Sequence[Load]:
    """Claim the next part of up to `limit` conversations of a channel for a lease."""
    query = (
        select(Dispatch, Message, Thread)
        .join(Message, Message.id == Dispatch.message_id)
        .join(Thread, Thread.conversation_id == Dispatch.conversation_id)
        .where(
            Dispatch.state == State.READY,
            Dispatch.channel == channel,
            *claims.may_claim(Dispatch, now),
            claims.is_first(Dispatch, State.READY, Dispatch.conversation_id),
        )
        .order_by(Dispatch.created_at)
        .limit(limit)
        .with_for_update(of=Dispatch, skip_locked=True)
    )
    return [_claimed(worker, now, *row) for row in session.execute(query)]


def is_due(session: Session, channel: str, now: datetime) -> bool:
    """Tell whether a channel may have something to deliver."""
    query = select(Dispatch.id).where(
        Dispatch.state == State.READY,
        Dispatch.channel == channel,
        *claims.may_claim(Dispatch, now),
    )
    return session.scalars(query.limit(1)).first() is not None


def _claimed(
    worker: str, now: datetime, row: Dispatch, message: Message, thread: Thread
) -> Load:
    row.claimed_by, row.claimed_until = worker, now + LEASE
    return Load(
        dispatch_id=row.id,
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        provider_id=f"{message.provider_id}:{row.number % PARTS}",
        author=message.author,
        part=Part.from_json(row.content),
        address=thread.address,
        attempts=row.attempts,
        heard_at=thread.heard_at,
        created_at=row.created_at,
    )


def finish(
    session: Session, load: Load, worker: str, provider_id: str | None, now: datetime
) -> bool:
    """Note that the provider took a part; False when the claim was lost."""
    done = _held(load, worker).values(
        state=State.SENT,
        provider_id=provider_id,
        sent_at=now,
        failure=None,
        **claims.FREE,
    )
    return claims.changed(session, done) == 1


def retry(
    session: Session,
    load: Load,
    worker: str,
    *,
    at: datetime,
    failure: str,
    counted: bool = True,
) -> None:
    """Give a part back, to be tried again from `at` on."""
    again = _held(load, worker).values(
        **claims.FREE,
        retry_at=at,
        failure=failure,
        attempts=Dispatch.attempts + int(counted),
    )
    session.execute(again)


def bury(
    session: Session, load: Load, worker: str, failure: str, now: datetime
) -> bool:
    """Give a part up: a person is shown it with the reason."""
    dead = _held(load, worker).values(state=State.DEAD, failure=failure, **claims.FREE)
    if not claims.changed(session, dead):
        return False
    _log_death(session, session.get_one(Dispatch, load.dispatch_id), failure, now)
    return True


def hold(session: Session, load: Load, worker: str, failure: str) -> bool:
    """Keep a part until the customer writes again; tell whether it is the first."""
    others = select(Dispatch.id).where(
        Dispatch.conversation_id == load.conversation_id, Dispatch.state == State.HELD
    )
    first = session.scalars(others.limit(1)).first() is None
    held = _held(load, worker).values(state=State.HELD, failure=failure, **claims.FREE)
    session.execute(held)
    return first


def let_go(session: Session, conversation_id: str) -> None:
    """Send what was held: the customer wrote, and the window is open."""
    held = select(Dispatch).where(
        Dispatch.conversation_id == conversation_id, Dispatch.state == State.HELD
    )
    for row in session.scalars(held.with_for_update()):
        row.state, row.failure = State.READY, None


def report(
    session: Session,
    channel: str,
    provider_id: str,
    state: State,
    *,
    failure: str | None = None,
    now: datetime,
) -> None:
    """Take over what a provider reports about a part that it has."""
    query = select(Dispatch).where(
        Dispatch.channel == channel, Dispatch.provider_id == provider_id
    )
    row = session.scalars(query.with_for_update()).first()
    if row is None or row.state not in ORDER:
        return
    if state == State.DEAD:
        row.state, row.failure = state, failure
        _log_death(session, row, failure or "", now)
    elif ORDER.index(state) > ORDER.index(State(row.state)):
        row.state = state


def report_read(session: Session, conversation_id: str, until: datetime) -> None:
    """Note that a customer read everything that was sent until an instant."""
    seen = update(Dispatch).where(
        Dispatch.conversation_id == conversation_id,
        Dispatch.state.in_((State.SENT, State.DELIVERED)),
        Dispatch.sent_at <= until,
    )
    session.execute(seen.values(state=State.READ))


def is_ours(session: Session, channel: str, provider_id: str) -> bool:
    """Tell whether a provider's id is that of a message that we sent."""
    query = select(Dispatch.id).where(
        Dispatch.channel == channel, Dispatch.provider_id == provider_id
    )
    return session.scalars(query).first() is not None


def is_under_way(session: Session, conversation_id: str, text: str) -> bool:
    """Tell whether a text of ours is being sent: its id is not known yet."""
    query = select(Dispatch.content).where(
        Dispatch.conversation_id == conversation_id,
        Dispatch.state == State.READY,
        Dispatch.claimed_by.is_not(None),
    )
    return any(content["text"] == text for content in session.scalars(query))


def holders(session: Session) -> Collection[str]:
    """Return the workers that hold something."""
    return claims.holders(session, Dispatch, State.READY)


def states(session: Session, message_ids: Sequence[str]) -> Mapping[str, str]:
    """Return how far each message came: as far as its slowest part."""
    query = select(Dispatch.message_id, Dispatch.state).where(
        Dispatch.message_id.in_(message_ids)
    )
    rank = [State.DEAD, State.HELD, State.READY, *ORDER]
    found: dict[str, State] = {}
    for message_id, name in session.execute(query):
        state = State(name)
        found[message_id] = min(found.get(message_id, state), state, key=rank.index)
    return found


def undelivered(session: Session, limit: int = 100) -> Sequence[Dispatch]:
    """Return what was given up, the newest first."""
    query = select(Dispatch).where(Dispatch.state == State.DEAD)
    return session.scalars(
        query.order_by(Dispatch.created_at.desc()).limit(limit)
    ).all()


def revive(dispatch: Dispatch) -> None:
    """Try a part again that was given up."""
    dispatch.state, dispatch.attempts = State.READY, 0
    dispatch.retry_at = dispatch.failure = None


def count(session: Session, state: State) -> int:
    """Return how many parts are in a state."""
    query = select(func.count()).select_from(Dispatch).where(Dispatch.state == state)
    return session.scalar(query) or 0


def release(session: Session, worker: str) -> None:
    """Give back all that a worker holds: it stops."""
    session.execute(claims.held(Dispatch, worker, State.READY).values(**claims.FREE))


def _held(load: Load, worker: str) -> Update:
    mine = claims.held(Dispatch, worker, State.READY)
    return mine.where(Dispatch.id == load.dispatch_id)


def _log_death(session: Session, row: Dispatch, failure: str, now: datetime) -> None:
    conversation = session.get_one(Conversation, row.conversation_id)
    log.append(
        session,
        "message_undelivered",
        at=now,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        payload={"message": row.message_id, "why": failure},
    )
