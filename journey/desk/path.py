"""A customer's journeys as an agent reads them: what happened, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk.redaction import redact
from journey.store.tables import Event

MOST = 60
DULL = frozenset(
    {"message_heard", "message_mirrored", "disclosed", "greeted", "need_believed"}
)
"""What the conversation itself shows already, or what only learning reads."""
TOLD = ("need", "reason", "why", "to", "order", "product", "name", "kind", "rating")
"""The parts of an event that say something to an agent."""


@dataclass(frozen=True)
class Step:
    """One thing that happened in a journey."""

    at: datetime
    stage: str | None
    what: str
    detail: str


def steps(session: Session, customer_id: str) -> list[Step]:
    """Return what happened last with a customer, the latest first."""
    query = (
        select(Event)
        .where(Event.customer_id == customer_id, Event.kind.not_in(DULL))
        .order_by(Event.number.desc())
        .limit(MOST)
    )
    return [
        Step(row.at, row.stage, row.kind.replace("_", " "), detail(row.payload))
        for row in session.scalars(query)
    ]


def detail(payload: Mapping[str, Any]) -> str:
    """Return what of an event can be read by a person."""
    parts = [payload[name] for name in TOLD if name in payload]
    words = [redact(str(one)) for one in parts if isinstance(one, str | int)]
    return ", ".join(word.replace("_", " ") for word in words)
