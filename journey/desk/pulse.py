"""What tells cheaply that an agent's screen is behind."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from journey.desk.lists import LIVE, MOST_LIVE
from journey.desk.owed import is_owed
from journey.owner.ownership import Owner
from journey.store.tables import Conversation, Handoff, Note, Presence, Promise

Print = tuple[Any, ...]
"""A value that differs when there is something new to see."""


def people_print(session: Session) -> Print:
    """Return the print of what people do: who waits, who has whom, what is owed."""
    handoffs = (
        select(
            Handoff.id,
            Handoff.state,
            Handoff.agent,
            Handoff.team,
            Handoff.urgency,
            Handoff.snoozed_until,
            Conversation.position,
        )
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(Handoff.closed_at.is_(None))
        .order_by(Handoff.id)
    )
    owed = select(Promise.id, Promise.due_at).where(is_owed()).order_by(Promise.id)
    closed = session.scalar(select(func.max(Handoff.closed_at)))
    return tuple(session.execute(handoffs)), tuple(session.execute(owed)), closed


def bot_print(session: Session, now: datetime) -> Print:
    """Return the print of what the bot serves, and of how far people have read."""
    live = (
        select(Conversation.id, Conversation.position)
        .where(Conversation.owner == Owner.BOT, Conversation.active_at > now - LIVE)
        .order_by(Conversation.active_at.desc())
        .limit(MOST_LIVE)
    )
    read = session.scalar(select(func.sum(Presence.read)))
    return tuple(session.execute(live)), read


def prints(
    session: Session, conversation_ids: Iterable[str], now: datetime
) -> Mapping[str, Print]:
    """Return the print of each conversation that exists."""
    ids = set(conversation_ids)
    query = (
        select(
            Conversation.id,
            Conversation.position,
            Conversation.owner_version,
            Handoff.state,
            Handoff.agent,
            Handoff.team,
            Handoff.snoozed_until,
        )
        .outerjoin(
            Handoff,
            (Handoff.conversation_id == Conversation.id) & Handoff.closed_at.is_(None),
        )
        .where(Conversation.id.in_(ids))
    )
    people, notes = _people(session, ids, now), _notes(session, ids)
    return {
        row.id: (*row, people.get(row.id), notes.get(row.id))
        for row in session.execute(query)
    }


def _people(session: Session, ids: set[str], now: datetime) -> dict[str, Print]:
    query = (
        select(Presence)
        .where(Presence.conversation_id.in_(ids))
        .where(or_(Presence.here_until > now, Presence.read > 0))
        .order_by(Presence.who)
    )
    found: dict[str, Print] = {}
    for row in session.scalars(query):
        types = row.typing_until is not None and row.typing_until > now
        here = row.here_until is not None and row.here_until > now
        mine = (row.who, row.read, types, here)
        found[row.conversation_id] = (*found.get(row.conversation_id, ()), mine)
    return found


def _notes(session: Session, ids: set[str]) -> dict[str, int]:
    query = (
        select(Note.conversation_id, func.count())
        .where(Note.conversation_id.in_(ids))
        .group_by(Note.conversation_id)
    )
    return {one: count for one, count in session.execute(query)}
