"""Put aside until a time, or until the customer writes."""

from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import handoffs
from journey.desk.handoffs import State, Who
from journey.desk.taking import held
from journey.store.tables import Handoff


def snooze(
    session: Session,
    conversation_id: str,
    *,
    by: Who,
    until: datetime | None = None,
) -> None:
    """Put a conversation aside; the customer's next message wakes it in any case.

    Raises:
        NotYours: the agent does not have it.
    """
    _, handoff = held(session, conversation_id, by)
    handoff.state, handoff.snoozed_until = State.SNOOZED, until


def wake(session: Session, conversation_id: str) -> bool:
    """Bring a conversation back to its agent; False when it was not put aside."""
    handoff = handoffs.open_one(session, conversation_id)
    if handoff is None or handoff.state != State.SNOOZED:
        return False
    handoff.state, handoff.snoozed_until = State.TAKEN, None
    return True


def wake_due(session: Session, *, now: datetime, random: Random) -> int:
    """Bring back whatever was put aside until now; a job of the scheduler."""
    del random
    due = select(Handoff).where(
        Handoff.state == State.SNOOZED, Handoff.snoozed_until <= now
    )
    rows = session.scalars(due.with_for_update(skip_locked=True)).all()
    for handoff in rows:
        handoff.state, handoff.snoozed_until = State.TAKEN, None
    return len(rows)
