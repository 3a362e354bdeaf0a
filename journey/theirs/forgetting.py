"""A customer who is forgotten here is forgotten at the company's desk too."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from journey.store.tables import DeskCall, DeskThread
from journey.theirs import letters
from journey.theirs.letters import Kind

KEPT = timedelta(days=7)
"""Calls are known again for so long; the desk repeats them for hours at most."""


def forget_there(session: Session, conversations: Sequence[str], now: datetime) -> None:
    """Ask the desk to forget whom it knows by these conversations."""
    query = select(DeskThread.contact).where(
        DeskThread.conversation_id.in_(conversations), DeskThread.contact.is_not(None)
    )
    for contact in session.scalars(query.distinct()).all():
        letters.queue(
            session, "", Kind.FORGET, once=f"forget:{contact}", now=now, contact=contact
        )


def drop_calls(session: Session, *, now: datetime, random: Random) -> int:
    """Forget which calls were heard long ago; a job of the scheduler."""
    del random
    old = delete(DeskCall).where(DeskCall.at < now - KEPT)
    return cast("CursorResult[None]", session.execute(old)).rowcount
