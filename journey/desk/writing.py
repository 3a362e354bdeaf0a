"""What agents write: answers to the customer, and notes for each other."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk.handoffs import Who
from journey.desk.taking import held
from journey.messages.cleaning import clean
from journey.messages.outbox import Reply, put
from journey.owner.ownership import locked
from journey.store.tables import Note

AGENT = "agent"


def answer(
    session: Session,
    conversation_id: str,
    text: str,
    *,
    by: Who,
    now: datetime,
    once: str | None = None,
) -> bool:
    """Write to the customer as an agent; False when `once` was written before.

    Raises:
        NotYours: the agent does not have the conversation.
        cleaning.Empty, cleaning.TooLong: the text cannot be sent.
    """
    conversation, handoff = held(session, conversation_id, by)
    reply = Reply(clean(text), {"agent": by.shown_as}, author=AGENT)
    handoff.answered_at = handoff.answered_at or now
    return put(
        session,
        conversation_id,
        reply,
        number=0,
        answers_id=None,
        owner_version=conversation.owner_version,
        now=now,
        once=once,
    )


def note(
    session: Session, conversation_id: str, text: str, *, by: Who, now: datetime
) -> Note:
    """Leave a note for colleagues; whoever has the conversation.

    Raises:
        cleaning.Empty, cleaning.TooLong: the text cannot be kept.
    """
    locked(session, conversation_id)
    row = Note(
        conversation_id=conversation_id, author=by.name, text=clean(text), at=now
    )
    session.add(row)
    session.flush()
    return row


def notes(session: Session, conversation_id: str) -> list[Note]:
    """Return the notes on a conversation, oldest first."""
    query = select(Note).where(Note.conversation_id == conversation_id)
    return list(session.scalars(query.order_by(Note.at, Note.id)))
