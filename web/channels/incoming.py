"""What a provider can tell us, and how it comes in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import Request

from journey.messages.threads import Origin
from web.channels.faults import Unreadable

LONGEST_ID = 150


class Kind(StrEnum):
    """What a provider can tell us; only the first four ask for an answer."""

    TEXT = "text"
    PRESS = "press"
    MEDIA = "media"
    START = "start"
    EDIT = "edit"
    DELETION = "deletion"
    REACTION = "reaction"
    RECEIPT = "receipt"
    BLOCKED = "blocked"
    OPT_OUT = "opt_out"
    PERSON = "person"
    """A person wrote in the provider's own app: they took the conversation over."""
    TAKEN = "taken"
    GIVEN_BACK = "given_back"


@dataclass(frozen=True)
class Incoming:
    """One thing that a provider told us.

    `about` is the provider's id of the message that an edit, a deletion, a reaction
    or a receipt is about; `state` and `failure` belong to receipts.
    """

    kind: Kind
    provider_id: str
    origin: Origin
    at: datetime
    text: str = ""
    token: str | None = None
    media: tuple[Mapping[str, Any], ...] = ()
    about: str | None = None
    state: str | None = None
    failure: str | None = None
    known_only: bool = False
    """Whether it is of interest only in a conversation that we have already."""


@dataclass(frozen=True)
class Raw:
    """A request as it came, before anybody believed it."""

    method: str
    url: str
    headers: Headers
    query: Mapping[str, str]
    body: bytes

    @staticmethod
    async def of(request: Request) -> "Raw":
        """Return a request with its body."""
        return Raw(
            request.method,
            str(request.url),
            request.headers,
            dict(request.query_params),
            await request.body(),
        )

    def json(self) -> Mapping[str, Any]:
        """Return the body as a JSON object.

        Raises:
            Unreadable: it is none.
        """
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreadable("the body is not JSON") from error
        if not isinstance(found, dict):
            raise Unreadable("the body is no JSON object")
        return found

    def form(self) -> Mapping[str, str]:
        """Return the body as a form.

        Raises:
            Unreadable: it is none.
        """
        try:
            text = self.body.decode()
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=1000)
        except ValueError as error:
            raise Unreadable("the body is no form") from error
        return dict(pairs)


def instant(given: Any, now: datetime) -> datetime:
    """Return a provider's time, a number or a string of it; now if it is none."""
    try:
        return datetime.fromtimestamp(float(given), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return now


def fitting(provider_id: str) -> str:
    """Return an id that fits into its column and stands for the same message."""
    if len(provider_id) <= LONGEST_ID and provider_id.isprintable():
        return provider_id
    return "sha256:" + hashlib.sha256(provider_id.encode()).hexdigest()
