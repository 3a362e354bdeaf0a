"""Promises: what we said that we will do, by when, and whether it was kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import log
from journey.store.tables import Journey, Promise


class State(StrEnum):
    """What became of a promise.

    `kept` in time, `late` after it, `broken` when it was never done, `released` when
    there was nothing left to do.
    """

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
    RELEASED = "released"


@dataclass(frozen=True)
class Kind:
    """What holds for one kind of promises.

    `grace` is how long after its time it still counts as kept, because we said so;
    after `patience` more it is broken.
    """

    grace: timedelta = timedelta(0)
    patience: timedelta = timedelta(days=14)


KINDS: Mapping[str, Kind] = {
    "check_in": Kind(grace=timedelta(days=3), patience=timedelta(days=30)),
    "delivery": Kind(),
    "call_back": Kind(grace=timedelta(minutes=15), patience=timedelta(days=2)),
}
OTHER = Kind(patience=timedelta(days=7))


def make_promise(
    session: Session,
    kind: str,
    *,
    customer_id: str,
    due_at: datetime,
    now: datetime,
    keeper: str,
    journey_id: str | None = None,
    conversation_id: str | None = None,
    message_id: str | None = None,
    about: Mapping[str, Any] | None = None,
) -> Promise:
    """Record a promise and log it; `keeper` is the bot, the shop or an agent."""
    promise = Promise(
        customer_id=customer_id,
        journey_id=journey_id,
        kind=kind,
        about=dict(about or {}),
        keeper=keeper,
        due_at=due_at,
        made_at=now,
    )
    session.add(promise)
    session.flush()
    log.append(
        session,
        "promise_made",
        at=now,
        customer_id=customer_id,
        conversation_id=conversation_id,
        message_id=message_id,
        journey=session.get(Journey, journey_id) if journey_id else None,
        payload={"promise": promise.id, "of": kind, "due": due_at.isoformat()},
    )
    return promise


def close_promise(promise: Promise, state: State, now: datetime) -> None:
    """Say what became of an open promise; a closed one stays as it is."""
    if promise.state == State.OPEN:
        promise.state = state
        promise.closed_at = now


def keep_promise(session: Session, promise: Promise, now: datetime) -> State:
    """Close a promise as done, in time or late, and log which of them."""
    kind = KINDS.get(promise.kind, OTHER)
    in_time = now <= (promise.first_due_at or promise.due_at) + kind.grace
    state = State.KEPT if in_time else State.LATE
    settle_promise(session, promise, state, now)
    return state


def settle_promise(
    session: Session, promise: Promise, state: State, now: datetime
) -> None:
    """Say what became of an open promise, on record."""
    if promise.state != State.OPEN:
        return
    close_promise(promise, state, now)
    log.append(
        session,
        f"promise_{state}",
        at=now,
        customer_id=promise.customer_id,
        payload={"promise": promise.id, "of": promise.kind, **promise.about},
    )


def open_promises(
    session: Session, customer_id: str, kind: str | None = None
) -> list[Promise]:
    """Return what a customer still waits for, the nearest first."""
    query = select(Promise).where(
        Promise.customer_id == customer_id, Promise.state == State.OPEN
    )
    if kind is not None:
        query = query.where(Promise.kind == kind)
    return list(session.scalars(query.order_by(Promise.due_at)))
