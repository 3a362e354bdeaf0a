"""Conversations made by hand, for the tests of the message path."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from journey.messages import inbox
from journey.messages.conversations import opened
from journey.messages.inbox import Work
from journey.store.tables import Conversation

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Return the instant so many seconds after the beginning."""
    return NOW + timedelta(seconds=seconds)


def talk(session: Session, name: str = "c1") -> Conversation:
    """Return a conversation of a customer of its own."""
    return opened(session, name, customer_id=f"of-{name}", channel="web", now=NOW)


def accept(
    session: Session, text: str = "hello", name: str = "c1", *, urgent: bool = False
) -> int:
    """Accept a message under its own text as id."""
    conversation = talk(session, name)
    position, _ = inbox.accept(
        session, conversation, provider_id=text, text=text, urgent=urgent, now=NOW
    )
    return position


def claim(
    session: Session, worker: str = "a", now: datetime = NOW, limit: int = 10
) -> list[Work]:
    """Claim whatever there is."""
    return list(inbox.claim(session, worker, now=now, limit=limit))
