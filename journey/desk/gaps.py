"""What the bot should have known: the messages, needs and questions it gave up on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk.redaction import redact
from journey.store.tables import Asked, Conversation, Handoff, Journey, Message

GAVE_UP = frozenset({"not_understood", "engine_failed"})
"""Reasons for a person that say that the bot did not know enough."""
MOST = 20


@dataclass(frozen=True)
class Missed:
    """A message on which the bot gave up, and what it was talking about."""

    customer_id: str
    reason: str
    words: str
    need: str | None
    question: str | None
    """What it had asked last, when that has no answer."""
    at: datetime


@dataclass(frozen=True)
class Gap:
    """A need or a question at which the bot gave up, and how often."""

    need: str | None
    question: str | None
    times: int


def missed(session: Session, since: datetime) -> list[Missed]:
    """Return the messages on which the bot gave up since a day, the latest first."""
    query = (
        select(Handoff, Conversation.customer_id)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(Handoff.requested_at >= since, Handoff.reason.in_(GAVE_UP))
        .order_by(Handoff.requested_at.desc())
    )
    return [_missed(session, row, one) for row, one in session.execute(query).all()]


def gaps(missed: Sequence[Missed]) -> list[Gap]:
    """Return at which needs and questions it gave up, the most frequent first."""
    counts = Counter((one.need, one.question) for one in missed)
    known = [(key, times) for key, times in counts.most_common() if any(key)]
    return [Gap(need, question, times) for (need, question), times in known[:MOST]]


def _missed(session: Session, handoff: Handoff, customer_id: str) -> Missed:
    journey = session.scalar(
        select(Journey)
        .where(
            Journey.conversation_id == handoff.conversation_id,
            Journey.started_at <= handoff.requested_at,
        )
        .order_by(Journey.started_at.desc())
        .limit(1)
    )
    return Missed(
        customer_id,
        handoff.reason,
        _said_before(session, handoff),
        journey.need if journey else None,
        _open_question(session, journey, handoff) if journey else None,
        handoff.requested_at,
    )


def _open_question(session: Session, journey: Journey, handoff: Handoff) -> str | None:
    last = session.scalar(
        select(Asked)
        .where(Asked.journey_id == journey.id, Asked.asked_at <= handoff.requested_at)
        .order_by(Asked.asked_at.desc())
        .limit(1)
    )
    return last.question if last and last.answer is None else None


def _said_before(session: Session, handoff: Handoff) -> str:
    query = (
        select(Message.text)
        .where(
            Message.conversation_id == handoff.conversation_id,
            Message.direction == "in",
            Message.created_at <= handoff.requested_at,
        )
        .order_by(Message.position.desc())
        .limit(1)
    )
    return redact(session.scalar(query) or "")
