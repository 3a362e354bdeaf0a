"""How the desk knows our conversations, and whose they are."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk.handoffs import Who
from journey.store.tables import DeskThread, Handoff

OPEN = frozenset({"open", "snoozed"})
"""What the desk says of a conversation that its agents have."""


class State(StrEnum):
    """Whose a conversation is, as far as the company's desk goes."""

    THEIRS = "theirs"
    OURS = "ours"
    CLOSED = "closed"


def find_thread(session: Session, conversation_id: str) -> DeskThread | None:
    """Return how the desk knows a conversation; None when it never heard of it."""
    return session.get(DeskThread, conversation_id, populate_existing=True)


def thread_of(session: Session, desk: str, key: str) -> DeskThread | None:
    """Return the conversation that the desk knows by a number."""
    query = select(DeskThread).where(DeskThread.desk == desk, DeskThread.key == key)
    return session.scalar(query)


def agent_of(desk: str, number: str, name: str) -> Who:
    """Return somebody of the desk as ours know their own colleagues."""
    return Who(f"{desk} {number} {name}"[:200], name)


def is_theirs(desk: str, handoff: Handoff) -> bool:
    """Tell whether a handoff is with somebody of the desk, or waits for them."""
    agent = handoff.agent or ""
    return agent == desk or agent.startswith(f"{desk} ")
