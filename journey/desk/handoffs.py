"""Handoffs: why a person is wanted, how urgent it is, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import Handoff


class State(StrEnum):
    """What became of a handoff; the first three are open."""

    REQUESTED = "requested"
    TAKEN = "taken"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Urgency(IntEnum):
    """How soon somebody must look: the queue is sorted by it."""

    LATER = 0
    NORMAL = 1
    SOON = 2
    NOW = 3


URGENCY = {
    "self_harm": Urgency.NOW,
    "threat": Urgency.NOW,
    "account_security": Urgency.SOON,
    "legal": Urgency.SOON,
    "anger": Urgency.SOON,
    "complaint": Urgency.SOON,
}
"""Reasons that are more urgent than the others."""


@dataclass(frozen=True)
class Who:
    """An agent who does something: the account's name, and what customers see."""

    name: str
    shown_as: str


class NotYours(Exception):
    """An agent acts in a conversation that a colleague, the bot or nobody has."""


class NoHandoff(Exception):
    """Nobody asked for a person here, and nobody took the conversation."""


class Unseen(Exception):
    """The customer wrote something that the agent's screen did not show yet."""


def urgency_of(reason: str) -> Urgency:
    """Return how soon somebody must look into a handoff."""
    return URGENCY.get(reason, Urgency.NORMAL)


def begin(
    session: Session, conversation_id: str, reason: str, now: datetime
) -> Handoff:
    """Open a handoff; the caller moves the owner in the same transaction."""
    handoff = Handoff(
        conversation_id=conversation_id,
        reason=reason,
        state=State.REQUESTED,
        urgency=urgency_of(reason),
        packet={},
        requested_at=now,
    )
    session.add(handoff)
    session.flush()
    return handoff


def open_one(session: Session, conversation_id: str) -> Handoff | None:
    """Return the handoff of a conversation that is not closed; there is one at most."""
    query = select(Handoff).where(
        Handoff.conversation_id == conversation_id, Handoff.closed_at.is_(None)
    )
    return session.scalar(query.execution_options(populate_existing=True))


def last_one(session: Session, conversation_id: str) -> Handoff | None:
    """Return the latest handoff of a conversation, open or closed."""
    query = select(Handoff).where(Handoff.conversation_id == conversation_id)
    newest = Handoff.closed_at.desc().nulls_first(), Handoff.requested_at.desc()
    fresh = query.order_by(*newest).limit(1)
    return session.scalar(fresh.execution_options(populate_existing=True))
