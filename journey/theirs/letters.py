"""Letters to the desk: queued with what they tell, claimed in order, sent once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from journey.store import claims
from journey.store.tables import DeskLetter, DeskThread

LEASE = timedelta(seconds=60)
TICK = timedelta(seconds=1)
"""The desk says to the second when it got something."""


class Kind(StrEnum):
    """What a letter tells the desk."""

    OPEN = "open"
    """A customer to be known there: who, and what a list can show of them."""
    ASK = "ask"
    """Somebody wants a person, now that all is there that the person needs."""
    MESSAGE = "message"
    """What the customer wrote."""
    SAID = "said"
    """What the customer was told by us."""
    NOTE = "note"
    """What only the agents see."""
    LEAVE = "leave"
    """We have it again: nobody there need answer."""
    FORGET = "forget"
    """A customer wants to be forgotten."""


class State(StrEnum):
    """What became of a letter."""

    READY = "ready"
    SENT = "sent"
    DROPPED = "dropped"
    DEAD = "dead"


@dataclass(frozen=True)
class Load:
    """A claimed letter with how the desk knows the conversation.

    `after` is the desk's number of what it got before, from which a letter is looked
    for that may have arrived although nobody said so.
    """

    number: int
    conversation_id: str
    kind: Kind
    content: Mapping[str, Any]
    attempts: int
    created_at: datetime
    contact: str | None
    key: str | None
    after: str | None


def queue(
    session: Session,
    conversation_id: str,
    kind: Kind,
    *,
    once: str,
    now: datetime,
    **content: Any,
) -> None:
    """Put a letter on its way; one that was queued under `once` already stays."""
    known = select(DeskLetter.number).where(
        DeskLetter.conversation_id == conversation_id, DeskLetter.once == once
    )
    if session.scalar(known) is not None:
        return
    letter = DeskLetter(
        conversation_id=conversation_id,
        once=once,
        kind=kind,
        content=content,
        created_at=now,
    )
    session.add(letter)
    session.flush()


def claim(
    session: Session, worker: str, *, now: datetime, limit: int
) -> Sequence[Load]:
    """Claim the next letter of up to `limit` conversations for a lease."""
    is_first = claims.is_first(DeskLetter, State.READY, DeskLetter.conversation_id)
    query = (
        select(DeskLetter)
        .where(*_is_due(now), is_first)
        .order_by(DeskLetter.number)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_claimed(session, worker, now, row) for row in session.scalars(query)]


def is_due(session: Session, now: datetime) -> bool:
    """Tell whether there may be something to send."""
    query = select(DeskLetter.number).where(*_is_due(now))
    return session.scalars(query.limit(1)).first() is not None


def finish(
    session: Session, load: Load, worker: str, key: str | None, at: datetime
) -> bool:
    """Note that the desk has a letter since `at`; False when the claim was lost."""
    done = _held(load, worker).values(
        state=State.SENT,
        key=key,
        sent_at=at,
        failure=None,
        **claims.FREE,
    )
    return claims.changed(session, done) == 1


def retry(
    session: Session, load: Load, worker: str, *, at: datetime, failure: str
) -> None:
    """Give a letter back, to be tried again from `at` on."""
    again = _held(load, worker).values(
        **claims.FREE,
        retry_at=at,
        failure=failure,
        attempts=DeskLetter.attempts + 1,
    )
    session.execute(again)


def bury(session: Session, load: Load, worker: str, failure: str) -> bool:
    """Give a letter up; False when the claim was lost."""
    dead = _held(load, worker).values(state=State.DEAD, failure=failure, **claims.FREE)
    return claims.changed(session, dead) == 1


def drop(
    session: Session, conversation_id: str, kinds: Collection[Kind] = tuple(Kind)
) -> None:
    """Do not send what waits in a conversation: it is not true any more."""
    ready = update(DeskLetter).where(
        DeskLetter.conversation_id == conversation_id,
        DeskLetter.state == State.READY,
        DeskLetter.kind.in_(kinds),
    )
    session.execute(ready.values(state=State.DROPPED, **claims.FREE))


def seen_until(session: Session, conversation_id: str, at: datetime) -> int:
    """Return the position of the last customer message that was there at an instant."""
    query = select(DeskLetter.content).where(
        DeskLetter.conversation_id == conversation_id,
        DeskLetter.kind.in_((Kind.MESSAGE, Kind.ASK)),
        DeskLetter.state == State.SENT,
        DeskLetter.sent_at <= at - TICK,
    )
    return max((row["position"] for row in session.scalars(query)), default=0)


def holders(session: Session) -> Collection[str]:
    """Return the workers that hold something."""
    return claims.holders(session, DeskLetter, State.READY)


def release(session: Session, worker: str) -> None:
    """Give back all that a worker holds: it stops, or it is known to be dead.

    What it was about to send may have arrived: that is a try.
    """
    held = claims.held(DeskLetter, worker, State.READY)
    tried = DeskLetter.attempts + 1
    session.execute(held.values(**claims.FREE, attempts=tried))


def _is_due(now: datetime) -> tuple[Any, ...]:
    return DeskLetter.state == State.READY, *claims.may_claim(DeskLetter, now)


def _claimed(session: Session, worker: str, now: datetime, row: DeskLetter) -> Load:
    if row.claimed_by:
        # Whoever held it is gone: it may have arrived.
        row.attempts += 1
    row.claimed_by, row.claimed_until = worker, now + LEASE
    thread = session.get(DeskThread, row.conversation_id)
    last = (
        select(DeskLetter.key)
        .where(
            DeskLetter.conversation_id == row.conversation_id,
            DeskLetter.key.is_not(None),
            DeskLetter.kind.in_((Kind.MESSAGE, Kind.SAID, Kind.NOTE)),
        )
        .order_by(DeskLetter.number.desc())
    )
    return Load(
        number=row.number,
        conversation_id=row.conversation_id,
        kind=Kind(row.kind),
        content=row.content,
        attempts=row.attempts,
        created_at=row.created_at,
        contact=thread.contact if thread else None,
        key=thread.key if thread else None,
        after=session.scalar(last.limit(1)),
    )


def _held(load: Load, worker: str) -> Update:
    mine = claims.held(DeskLetter, worker, State.READY)
    return mine.where(DeskLetter.number == load.number)
