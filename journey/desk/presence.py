"""Who reads, types and looks: for the ticks, the dots and the colleagues' faces."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from journey.store.insert import INSERTS
from journey.store.tables import Agent, Presence

CUSTOMER = "customer"
TYPES_FOR = timedelta(seconds=6)
LOOKS_FOR = timedelta(seconds=30)


def saw(
    session: Session, conversation_id: str, who: str, position: int, now: datetime
) -> None:
    """Note that somebody looks, and has read up to a position; it never goes back."""
    row = _row(session, conversation_id, who)
    row.read = max(row.read, position)
    row.here_until = now + LOOKS_FOR


def types(session: Session, conversation_id: str, who: str, now: datetime) -> None:
    """Note that somebody types; said again every few seconds while they do."""
    row = _row(session, conversation_id, who)
    row.typing_until, row.here_until = now + TYPES_FOR, now + LOOKS_FOR


def leaves(session: Session, conversation_id: str, who: str) -> None:
    """Note that somebody looks elsewhere, or has sent what they typed."""
    row = _row(session, conversation_id, who)
    row.typing_until = row.here_until = None


def stops_typing(session: Session, conversation_id: str, who: str) -> None:
    """Note that somebody has sent or given up what they typed."""
    row = (Presence.conversation_id == conversation_id) & (Presence.who == who)
    session.execute(update(Presence).where(row).values(typing_until=None))


def present(session: Session, conversation_id: str) -> Sequence[Presence]:
    """Return everybody who has ever read a conversation, with what they do now."""
    query = select(Presence).where(Presence.conversation_id == conversation_id)
    return session.scalars(query.order_by(Presence.who)).all()


def typists(session: Session, conversation_id: str, now: datetime) -> Sequence[str]:
    """Return who types at this moment."""
    query = select(Presence.who).where(
        Presence.conversation_id == conversation_id, Presence.typing_until > now
    )
    return session.scalars(query.order_by(Presence.who)).all()


def typing_agents(
    session: Session, conversation_ids: Sequence[str], now: datetime
) -> dict[str, str]:
    """Return, per conversation, the agent who types, as customers know them."""
    query = (
        select(Presence.conversation_id, func.coalesce(Agent.shown_as, Presence.who))
        .outerjoin(Agent, Agent.name == Presence.who)
        .where(
            Presence.conversation_id.in_(conversation_ids),
            Presence.who != CUSTOMER,
            Presence.typing_until > now,
        )
        .order_by(Presence.who.desc())
    )
    return {one: who for one, who in session.execute(query)}


def read_by_agents(session: Session, conversation_id: str) -> int:
    """Return up to which position any agent has read."""
    query = select(Presence.read).where(
        Presence.conversation_id == conversation_id, Presence.who != CUSTOMER
    )
    return max(session.scalars(query), default=0)


def _row(session: Session, conversation_id: str, who: str) -> Presence:
    # Two screens of one agent may be the first at once.
    key = {"conversation_id": conversation_id, "who": who}
    insert: Any = INSERTS[session.get_bind().dialect.name](Presence)
    session.execute(insert.values(**key, read=0).on_conflict_do_nothing())
    query = select(Presence).filter_by(**key).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
