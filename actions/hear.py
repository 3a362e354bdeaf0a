"""From Rasa's tracker to what the core hears."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from journey.store.tables import Conversation, Message
from journey.turn import Entity, Heard

PAYLOAD = "/"
Event = Mapping[str, Any]


class Unaddressed(Exception):
    """A message that did not come through the door: it has no id and no customer."""


def latest_user_event(events: Sequence[Event]) -> Event:
    """Return the customer's message that this turn answers.

    Raises:
        Unaddressed: there is none.
    """
    for event in reversed(events):
        if event.get("event") == "user":
            return event
    raise Unaddressed("the tracker has no message of the customer")


def run_number(events: list[dict[str, Any]], action: str) -> int:
    """Return how often an action has run since the customer's message."""
    count = 0
    for event in reversed(events):
        if event.get("event") == "user":
            break
        count += event.get("event") == "action" and event.get("name") == action
    return count


def hear(session: Session, event: Event, sender_id: str) -> Heard:
    """Return a message as the core hears it.

    Raises:
        Unaddressed: its metadata does not say which message it is.
    """
    about = event.get("metadata") or {}
    if not about.get("message_id") or not about.get("customer_id"):
        raise Unaddressed("a message without message_id and customer_id")
    data = event.get("parse_data") or {}
    intent = data.get("intent") or {}
    conversation = session.get(Conversation, sender_id)
    return Heard(
        message_id=about["message_id"],
        conversation_id=sender_id,
        customer_id=about["customer_id"],
        channel=about.get("channel") or "web",
        text=_text(session, event, about["message_id"]),
        intent=intent.get("name") or "out_of_scope",
        confidence=float(intent.get("confidence") or 0.0),
        at=datetime.fromisoformat(about["at"]).astimezone(UTC),
        owner_version=about.get("owner_version") or 1,
        language=conversation.language if conversation else "en",
        entities=tuple(_entity(found) for found in data.get("entities") or ()),
    )


def _text(session: Session, event: Event, message_id: str) -> str:
    """Return the customer's words; for a button what stood on it."""
    text = str(event.get("text") or "")
    if not text.startswith(PAYLOAD) or _typed(event):
        return text
    message = session.get(Message, message_id)
    return message.text if message else ""


def _typed(event: Event) -> bool:
    """Tell whether a text that looks like a payload was typed by the customer."""
    data = event.get("parse_data") or {}
    name = (data.get("intent") or {}).get("name")
    return not str(event.get("text")).startswith(f"{PAYLOAD}{name}")


def _entity(found: Mapping[str, Any]) -> Entity:
    return Entity(
        kind=found["entity"],
        value=found["value"],
        start=found.get("start") or 0,
        end=found.get("end") or 0,
        confidence=float(found.get("confidence_entity", 1.0)),
        negated=bool(found.get("negated")),
        soft=bool(found.get("soft")),
        attribute=found.get("attribute"),
    )
