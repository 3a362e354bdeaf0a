"""What Chatwoot calls us with, read strictly where it matters to us."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from journey.theirs.answers import Wrote
from journey.theirs.changing import Changed
from journey.theirs.rewriting import Rewrote
from web.channels.faults import Unreadable

MESSAGES = frozenset({"message_created", "message_updated"})
CHANGES = frozenset({"conversation_status_changed", "conversation_updated"})
OUTCOME = "coach_outcome"
"""The attribute of a conversation in which agents say how it ended."""
Call = Wrote | Rewrote | Changed


class Part(BaseModel):
    """A part of a call: what we do not use is left out."""

    model_config = ConfigDict(extra="ignore")


class Numbered(Part):
    """Something that Chatwoot knows by a number."""

    id: int


class Person(Part):
    """Who did something; `type` tells agents from bots and customers."""

    id: int
    name: str | None = None
    type: str | None = None


class OfMessage(Part):
    """The calls about messages."""

    id: int
    content: str | None = None
    created_at: str | float | None = None
    message_type: str | int
    private: bool = False
    content_attributes: dict[str, Any] | None = None
    attachments: list[Any] | None = None
    sender: Person | None = None
    conversation: Numbered
    inbox: Numbered
    account: Numbered


class Meta(Part):
    """Who has a conversation."""

    assignee: Person | None = None


class OfConversation(Part):
    """The calls about conversations."""

    id: int
    inbox_id: int
    status: str
    meta: Meta = Field(default_factory=Meta)
    snoozed_until: str | float | None = None
    custom_attributes: dict[str, Any] | None = None
    updated_at: str | float | None = None
    timestamp: str | float | None = None
    account: Numbered | None = None
    account_id: int | None = None


def place_of(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return in which account and inbox something happened; empty when not said."""
    account = body.get("account")
    number = account.get("id") if isinstance(account, dict) else body.get("account_id")
    inbox = body.get("inbox")
    within = inbox.get("id") if isinstance(inbox, dict) else body.get("inbox_id")
    return str(number or ""), str(within or "")


def read_call(body: Mapping[str, Any], now: datetime) -> Call | None:
    """Return what a call says; None when it is of no interest here.

    Raises:
        Unreadable: a call of a kind that matters is not of its shape.
    """
    event = body.get("event")
    try:
        if event in MESSAGES:
            message = OfMessage.model_validate(body)
            return _message(message, is_new=event == "message_created", now=now)
        if event in CHANGES:
            return _change(OfConversation.model_validate(body), now)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise Unreadable(f"{field}: {first['msg']}") from error
    return None


def _message(given: OfMessage, *, is_new: bool, now: datetime) -> Call | None:
    """Return what an agent wrote; notes, bots, customers and automations are not it."""
    sender = given.sender
    if given.private or str(given.message_type) not in ("outgoing", "1"):
        return None
    if sender is None or sender.type != "user":
        return None
    key, number = str(given.conversation.id), str(given.id)
    name = sender.name or f"agent {sender.id}"
    at = moment(given.created_at) or now
    gone = bool((given.content_attributes or {}).get("deleted"))
    if not is_new or gone:
        return Rewrote(key, number, None if gone else given.content or "", name, at)
    files = len(given.attachments or ())
    text = given.content or ""
    return Wrote(key, number, text, str(sender.id), name, files, at)


def _change(given: OfConversation, now: datetime) -> Changed:
    who = given.meta.assignee
    if who and who.type not in (None, "user"):
        who = None
    outcome = (given.custom_attributes or {}).get(OUTCOME)
    return Changed(
        key=str(given.id),
        status=given.status,
        agent=str(who.id) if who else None,
        name=who.name if who else None,
        until=moment(given.snoozed_until),
        outcome=outcome.strip()[:500] if isinstance(outcome, str) else "",
        at=moment(given.updated_at) or moment(given.timestamp) or now,
    )


def moment(given: str | float | None) -> datetime | None:
    """Return an instant, which Chatwoot writes as seconds or as text; None: none."""
    if given is None:
        return None
    try:
        return datetime.fromtimestamp(float(given), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    try:
        found = datetime.fromisoformat(str(given).replace(" UTC", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
