"""Where the company's desk does not know yet what happened here."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from journey.desk.handoffs import State as Handed
from journey.messages.dispatches import State as Delivery
from journey.store.tables import (
    Conversation,
    DeskLetter,
    DeskThread,
    Dispatch,
    Handoff,
    Message,
)
from journey.theirs.threads import State

MOST = 100
UNSENT = "unsent:"


def behind(session: Session, desk: str) -> Sequence[str]:
    """Return the conversations in which a desk is behind."""
    lost = unsent(desk).with_only_columns(Dispatch.conversation_id).limit(MOST)
    found = (*_asked(session), *_behind(session, desk), *session.scalars(lost))
    return list(dict.fromkeys(found))[:MOST]


def _asked(session: Session) -> Iterable[str]:
    """Return where a person was asked for and the desk does not know."""
    query = (
        select(Handoff.conversation_id)
        .outerjoin(DeskThread, DeskThread.handoff_id == Handoff.id)
        .where(
            Handoff.closed_at.is_(None),
            Handoff.state == Handed.REQUESTED,
            DeskThread.conversation_id.is_(None),
        )
        .order_by(Handoff.requested_at)
    )
    return session.scalars(query.limit(MOST))


def _behind(session: Session, desk: str) -> Iterable[str]:
    query = (
        select(DeskThread.conversation_id)
        .join(Conversation, Conversation.id == DeskThread.conversation_id)
        .outerjoin(
            Handoff,
            (Handoff.id == DeskThread.handoff_id) & Handoff.closed_at.is_(None),
        )
        .where(
            DeskThread.desk == desk,
            DeskThread.state == State.THEIRS,
            or_(
                Conversation.position > DeskThread.told,
                Handoff.id.is_(None),
                Handoff.agent.not_like(f"{desk}%"),
            ),
        )
    )
    return session.scalars(query.limit(MOST))


def unsent(desk: str) -> Select[Dispatch]:
    """Select what agents there wrote and a provider did not deliver."""
    known = exists().where(
        DeskLetter.conversation_id == Dispatch.conversation_id,
        DeskLetter.once == UNSENT + Dispatch.id,
    )
    return (
        select(Dispatch)
        .join(Message, Message.id == Dispatch.message_id)
        .where(
            Dispatch.state == Delivery.DEAD,
            Message.provider_id.like(f"out:{desk}:%"),
            ~known,
        )
    )
