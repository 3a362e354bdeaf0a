"""What a provider can tell us, and how it comes in."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.requests import Request

from journey.messages.cleaning import mask_cards
from journey.messages.threads import Origin
from web.channels.faults import Unreadable

LONGEST_ID = 150
LARGEST_NUMBER = 2**63
NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps: the end of a string in C, and half of a character."""


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

    def as_content(self) -> dict[str, Any]:
        """Return it as it is kept until it is taken in: JSON."""
        return {**vars(self), "origin": vars(self.origin), "at": self.at.isoformat()}

    @staticmethod
    def of_content(content: Mapping[str, Any]) -> "Incoming":
        """Return what `as_content` made such JSON of."""
        return Incoming(
            **{
                **content,
                "kind": Kind(content["kind"]),
                "origin": Origin(**content["origin"]),
                "at": datetime.fromisoformat(content["at"]),
                "media": tuple(content["media"]),
            }
        )


@dataclass(frozen=True)
class Raw:
    """A request as it came, before anybody believed it."""

    method: str
    headers: Headers
    query: Mapping[str, str]
    body: bytes

    @staticmethod
    async def of(request: Request) -> "Raw":
        """Return a request with its body."""
        return Raw(
            request.method,
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
    """Return an id that fits into its column and stands for the same thing."""
    if len(provider_id) <= LONGEST_ID and provider_id.isprintable():
        return provider_id
    whole = provider_id.encode(errors="surrogatepass")
    return "sha256:" + hashlib.sha256(whole).hexdigest()


def checked(one: Incoming) -> Incoming:
    """Return a thing as it may be kept, whatever its provider put where.

    What somebody wrote is without card numbers from here on: arrivals are stored
    before anything else is done with them.

    Raises:
        Unreadable: there is something else where an id or a text should be.
    """
    origin = one.origin
    ids = (one.provider_id, origin.key, origin.person)
    words = (one.text, one.token, one.about, one.failure, origin.name)
    if not all(isinstance(x, str) for x in ids):
        raise Unreadable("an id is none")
    if not all(isinstance(x, str | None) for x in words):
        raise Unreadable("a text is none")
    if not (one.provider_id and (origin.key or one.kind == Kind.RECEIPT)):
        raise Unreadable("an id is empty")
    return replace(
        one,
        provider_id=fitting(one.provider_id),
        origin=Origin(
            fitting(origin.key),
            fitting(origin.person),
            _kept(origin.address),
            origin.name and mask_cards(_kept(origin.name))[:LONGEST_ID],
        ),
        text=mask_cards(_kept(one.text)),
        token=_kept(one.token),
        media=tuple(_kept(medium) for medium in one.media),
        about=one.about and fitting(one.about),
        failure=_kept(one.failure),
    )


def _kept(value: Any) -> Any:
    """Return what a JSON column and a text column can hold of a value."""
    if isinstance(value, str):
        return value if value.isprintable() else NO_TEXT.sub("", value)
    if isinstance(value, Mapping):
        return {_kept(key): _kept(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_kept(part) for part in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < LARGEST_NUMBER:
        return value
    raise Unreadable("a number is none")
