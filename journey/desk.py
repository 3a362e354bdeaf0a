"""What a support agent does with a conversation: take it, answer, give it back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import ownership
from journey.outbox import Reply, put
from journey.ownership import Owner
from journey.store.tables import Conversation, Handoff

AGENT = "agent"


class NotYours(Exception):
    """An agent writes in a conversation that no person has taken."""


def open_handoffs(session: Session) -> list[Handoff]:
    """Return what waits for a person or is with one, the longest waiting first."""
    query = select(Handoff).where(Handoff.closed_at.is_(None))
    return list(session.scalars(query.order_by(Handoff.requested_at)))


def take(session: Session, handoff: Handoff, *, by: str, now: datetime) -> None:
    """Give a waiting conversation to an agent; the bot is silent from here on.

    Raises:
        ownership.WrongMove: somebody else was faster, or nobody asked.
    """
    _move(session, handoff, Owner.HUMAN, by=by, why="taken", now=now)
    handoff.state = "taken"


def answer(
    session: Session, handoff: Handoff, text: str, *, by: str, now: datetime
) -> None:
    """Write to the customer as an agent.

    Raises:
        NotYours: the conversation was not taken.
    """
    conversation = ownership.locked(session, handoff.conversation_id)
    if conversation.owner != Owner.HUMAN:
        raise NotYours(f"the conversation is with {conversation.owner}: take it first")
    put(
        session,
        conversation.id,
        Reply(text, {"agent": by}, author=AGENT),
        number=1,
        answers_id=None,
        owner_version=conversation.owner_version,
        now=now,
    )


def give_back(
    session: Session, handoff: Handoff, *, by: str, outcome: str, now: datetime
) -> Conversation:
    """Hand a conversation back to the bot with one line on how it ended.

    Raises:
        ownership.WrongMove: no person has it.
    """
    _move(session, handoff, Owner.RETURNING, by=by, why=outcome, now=now)
    handoff.state, handoff.closed_at = "returned", now
    return _move(session, handoff, Owner.BOT, by=by, why=outcome, now=now)


def _move(
    session: Session, handoff: Handoff, to: Owner, *, by: str, why: str, now: datetime
) -> Conversation:
    return ownership.move(session, handoff.conversation_id, to, by=by, why=why, at=now)
