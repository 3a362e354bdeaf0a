"""Promises: what we said that we will do, by when, and whether it was kept."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import Promise


class State(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"


def make_promise(
    session: Session,
    kind: str,
    *,
    customer_id: str,
    due_at: datetime,
    now: datetime,
    keeper: str,
    journey_id: str | None = None,
    about: Mapping[str, Any] | None = None,
) -> Promise:
    """Record a promise; `keeper` is the bot, the shop or a support agent."""
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
    return promise


def close_promise(promise: Promise, state: State, now: datetime) -> None:
    """Say what became of an open promise; a closed one stays as it is."""
    if promise.state == State.OPEN:
        promise.state = state
        promise.closed_at = now


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
