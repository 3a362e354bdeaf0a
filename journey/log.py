"""The journey log: append-only events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.learning.lessons import DELETIONS, LESSONS, learn
from journey.store.base import new_id
from journey.store.tables import Event, Journey
from journey.turn import Heard

RULES = "rules"


def write(
    session: Session,
    heard: Heard,
    kind: str,
    *,
    journey: Journey | None = None,
    decided_by: str = RULES,
    learning_state: int = 0,
    **payload: Any,
) -> Event:
    """Append one event that a customer's message caused."""
    return append(
        session,
        kind,
        at=heard.at,
        customer_id=heard.customer_id,
        conversation_id=heard.conversation_id,
        message_id=heard.message_id,
        journey=journey,
        decided_by=decided_by,
        learning_state=learning_state,
        payload=payload,
    )


def append(
    session: Session,
    kind: str,
    *,
    at: datetime,
    customer_id: str | None = None,
    conversation_id: str | None = None,
    message_id: str | None = None,
    journey: Journey | None = None,
    decided_by: str = RULES,
    learning_state: int = 0,
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event and learn from it; only an erasure ever removes it.

    It is written with whatever else the transaction writes next; a lesson reads
    the log, so that an event that teaches is written at once.
    """
    event = Event(
        id=new_id(),
        at=at,
        customer_id=customer_id,
        conversation_id=conversation_id,
        message_id=message_id,
        journey_id=journey.id if journey else None,
        stage=journey.stage if journey else None,
        need=journey.need if journey else None,
        kind=kind,
        payload=dict(payload or {}),
        decided_by=decided_by,
        learning_state=learning_state,
    )
    session.add(event)
    if kind in LESSONS or kind in DELETIONS:
        session.flush()
        learn(session, event)
    return event


def story(session: Session, customer_id: str) -> list[Event]:
    """Return all events of one customer, oldest first."""
    query = select(Event).where(Event.customer_id == customer_id)
    return list(session.scalars(query.order_by(Event.number)))
