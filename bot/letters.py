"""What comes through the door, and what goes back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

MAX_TEXT = 10_000
MAX_ID = 255
STRINGS = ("customer_id", "at", "language")


class Refused(Exception):
    """A request that cannot be served: an HTTP status and a reason."""

    def __init__(self, status: int, reason: str) -> None:
        """Keep both."""
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass(frozen=True)
class Letter:
    """One message of a customer: typed `text`, or the trusted `payload` of a button."""

    conversation_id: str
    message_id: str
    text: str = ""
    payload: str | None = None
    customer_id: str | None = None
    channel: str = "web"
    owner_version: int | None = None
    at: str | None = None
    language: str | None = None

    def metadata(self) -> dict[str, Any]:
        """Return what actions are told beside the message itself."""
        about = asdict(self)
        del about["text"], about["payload"]
        return about


def read_letter(body: bytes) -> Letter:
    """Return the letter in a request's body.

    Raises:
        Refused: 400 or 413 with the reason.
    """
    fields = read_object(body)
    text, payload = fields.get("text"), fields.get("payload")
    if (text is None) == (payload is None):
        raise Refused(400, "give either text or payload")
    version = fields.get("owner_version")
    if version is not None and type(version) is not int:
        raise Refused(400, "owner_version is a whole number")
    return Letter(
        conversation_id=identifier(fields, "conversation_id"),
        message_id=identifier(fields, "message_id"),
        text=said(text),
        payload=None if payload is None else said(payload, "payload"),
        channel=identifier({"channel": "web", **fields}, "channel"),
        owner_version=version,
        **{name: optional(fields, name) for name in STRINGS},
    )


def read_object(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "the body is not JSON") from error
    if not isinstance(fields, dict):
        raise Refused(400, "the body is not a JSON object")
    return fields


def said(text: Any, name: str = "text") -> str:
    """Return what was said, without what no database or model can read."""
    if text is None:
        return ""
    if not isinstance(text, str):
        raise Refused(400, f"{name} is a string")
    if len(text) > MAX_TEXT:
        raise Refused(413, f"{name} may have {MAX_TEXT} characters, not {len(text)}")
    if not text.strip():
        raise Refused(400, f"{name} is empty")
    return readable(text)


def readable(text: str) -> str:
    """Replace null bytes and halves of characters by the replacement character."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", "\ufffd")


def identifier(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value or readable(value) != value:
        raise Refused(400, f"{name} is missing")
    if len(value) > MAX_ID:
        raise Refused(400, f"{name} may have {MAX_ID} characters")
    return value


def optional(fields: dict[str, Any], name: str) -> str | None:
    return None if fields.get(name) is None else identifier(fields, name)


def reply(event: dict[str, Any]) -> dict[str, Any]:
    """Return what the bot said, with the metadata of its response in the domain."""
    data, about = event.get("data") or {}, event.get("metadata") or {}
    return {
        "text": event.get("text"),
        "buttons": data.get("buttons") or [],
        "image": data.get("image"),
        "custom": data.get("custom"),
        "metadata": {
            **(about.get("metadata") or {}),
            "utter_action": about.get("utter_action"),
        },
    }
