"""The packet: all that an agent needs to know of a conversation, on one screen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import advice, handoffs, told
from journey.desk.handoffs import Urgency
from journey.desk.mood import Mood, mood_of
from journey.desk.redaction import redact
from journey.knowledge import Knowledge
from journey.people.consent import Purpose, ledger
from journey.people.customers import is_proved
from journey.promises import promises
from journey.store.tables import Conversation, Customer, Message

TURNS = 10
MOST = 40
"""Messages that ten turns take at most."""


@dataclass(frozen=True)
class Line:
    """One message of the last turns."""

    author: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Due:
    """A promise that is open."""

    what: str
    due: datetime
    overdue: bool
    keeper: str


@dataclass(frozen=True)
class Packet:
    """What one screen shows; no address, and no number that pays for anything."""

    reason: str
    urgency: Urgency
    since: datetime
    said: str
    name: str | None
    verified: bool
    customer_since: datetime
    channel: str
    language: str
    mood: Mood
    told: told.Told
    promises: Sequence[Due]
    consents: Mapping[str, bool]
    turns: Sequence[Line]
    next: str


def build(
    session: Session, conversation_id: str, knowledge: Knowledge, now: datetime
) -> Packet:
    """Return the packet of a conversation as things are now."""
    conversation = session.get_one(Conversation, conversation_id)
    customer = session.get_one(Customer, conversation.customer_id)
    handoff = handoffs.last_one(session, conversation_id)
    reason = handoff.reason if handoff else "takeover"
    lines = last_turns(session, conversation_id)
    spoken = [line.text for line in lines if line.author == "customer"]
    known = told.told(session, conversation, knowledge, now)
    due = _due(session, conversation.customer_id, now)
    language = knowledge.language(conversation.language)
    return Packet(
        reason=reason,
        urgency=Urgency(handoff.urgency if handoff else Urgency.NORMAL),
        since=handoff.requested_at if handoff else conversation.active_at,
        said=spoken[-1] if spoken else "",
        name=customer.name,
        verified=is_proved(session, customer.id, conversation.channel),
        customer_since=customer.created_at,
        channel=conversation.channel,
        language=language.name,
        mood=mood_of(spoken, knowledge.risks, language),
        told=known,
        promises=due,
        consents=_consents(session, customer.id),
        turns=lines,
        next=advice.next_step(
            knowledge.rules, reason, known, [d.what for d in due if d.overdue]
        ),
    )


def as_json(packet: Packet) -> dict[str, Any]:
    """Return a packet as it is stored and sent."""
    made: dict[str, Any] = _plain(asdict(packet))
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def last_turns(session: Session, conversation_id: str) -> list[Line]:
    """Return the last ten turns: a customer's message and what came after it."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .where(Message.position.is_not(None))
        .order_by(Message.position.desc())
        .limit(MOST)
    )
    lines: list[Line] = []
    turns = 0
    for row in session.scalars(query):
        lines.append(Line(row.author, redact(row.text), row.created_at))
        turns += row.direction == "in"
        if turns == TURNS:
            break
    return lines[::-1]


def _due(session: Session, customer_id: str, now: datetime) -> list[Due]:
    held = promises.open_promises(session, customer_id)
    return [
        Due(_what(x.kind, x.about), x.due_at, x.due_at < now, x.keeper) for x in held
    ]


def _what(kind: str, about: Mapping[str, Any]) -> str:
    name = kind.replace("_", " ")
    return f"{name} of order {about['order']}" if "order" in about else name


def _consents(session: Session, customer_id: str) -> dict[str, bool]:
    decided = {row.purpose: row.granted for row in ledger(session, customer_id)}
    return {purpose: decided[purpose] for purpose in Purpose if purpose in decided}
