"""The base of every channel: what came in, what goes out, and what can go wrong."""

import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import httpx
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from journey.messages.dispatches import Load
from journey.messages.threads import Origin

FRESH = timedelta(minutes=5)
"""A request that was signed longer ago is a replay."""
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


@dataclass(frozen=True)
class Setting:
    """Something that a channel must be told: its key, and what it is."""

    key: str
    about: str
    secret: bool = True
    optional: bool = False
    made: bool = False
    """Whether it is ours to choose: one is made when none is given."""


class Forged(Exception):
    """A request that the provider did not send, or that is too old."""

    def __init__(self, why: str, status: int = 401) -> None:
        super().__init__(why)
        self.status = status


class Unreadable(Exception):
    """A request of the right sender that makes no sense."""


class Later(Exception):
    """The provider did not take a message now; `after` says how long to wait."""

    def __init__(
        self, why: str, after: timedelta | None = None, *, limited: bool = False
    ) -> None:
        super().__init__(why)
        self.after, self.limited = after, limited


class Refused(Exception):
    """The provider will never take this message."""


class Gone(Refused):
    """The customer blocked us or left: nothing can be delivered to them."""


class WindowClosed(Exception):
    """Free text may not be written until the customer writes again."""


@dataclass(frozen=True)
class Line:
    """What a channel is connected with: its settings and a client for HTTP."""

    settings: Mapping[str, str]
    http: httpx.AsyncClient
    says: Mapping[str, str] = field(default_factory=dict)
    """The texts of the conversation's language, for labels that a provider needs."""


class Channel(ABC):
    """One provider: who sent a request, what it says, and how to write back."""

    name: ClassVar[str]
    settings: ClassVar[Sequence[Setting]]
    left: ClassVar[str]
    """What the owner does at the provider, since only they can sign in there."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def greet(self, raw: Raw) -> Response | None:
        """Answer a request by which the provider makes sure that we are there.

        It is called before `check`: providers do not sign it. None: it is none.
        """
        del raw
        return None

    @abstractmethod
    def check(self, raw: Raw, now: datetime) -> None:
        """Make sure that the provider sent a request.

        Raises:
            Forged: it did not, or it did so too long ago.
        """

    @abstractmethod
    def read(self, raw: Raw, now: datetime) -> Sequence[Incoming]:
        """Return what a request says, in the order in which it happened.

        Raises:
            Unreadable: it makes no sense.
        """

    def acknowledge(self, raw: Raw) -> Response:
        """Return the answer to a request whose content is stored."""
        del raw
        return Response(status_code=200)

    @abstractmethod
    async def send(self, load: Load, now: datetime) -> str | None:
        """Deliver one part; return the provider's id for it.

        Raises:
            Later: not now. Refused: never. Gone: not to this customer.
            WindowClosed: only after the customer wrote again.
        """

    async def probe(self) -> str:
        """Return under which name the provider knows us: the settings are right.

        Raises:
            Later, Refused: they are not, or nobody answers.
        """
        return self.name

    def invite(self, code: str) -> str | None:
        """Return an address that opens this channel and brings a code along."""
        del code
        return None

    async def register(self, url: str) -> str:
        """Tell the provider where to call us; return what is left to do by hand."""
        return self.left.format(**{**self._line.settings, "url": url})

    async def fault(self, url: str) -> str | None:
        """Return in a sentence what keeps messages from coming in, if it is known."""
        del url
        return None

    async def knock(self, load: Load, now: datetime) -> None:
        """Ask a customer to write, when a message waits behind a closed window."""
        del load, now

    def setting(self, key: str) -> str:
        """Return one of the settings; an optional one may be empty."""
        return self._line.settings.get(key, "")

    async def post(
        self, url: str, *, headers: Mapping[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        """Post to the provider; what is its own trouble is tried again.

        Raises:
            Later: it cannot be reached, is busy, or broke.
        """
        return await self.request("POST", url, headers=headers, **body)

    async def request(self, method: str, url: str, **content: Any) -> httpx.Response:
        """Call the provider.

        Raises:
            Later: it cannot be reached, is busy, or broke.
        """
        try:
            response = await self._line.http.request(method, url, **content)
        except httpx.HTTPError as error:
            # Without the address: a token may be part of it.
            raise Later(f"{self.name}: {type(error).__name__}") from None
        status = response.status_code
        if status == 429 or status >= 500:
            why = f"{self.name} answered {status}"
            raise Later(why, self.wait_of(response), limited=status == 429)
        return response

    def wait_of(self, response: httpx.Response) -> timedelta | None:
        """Return how long a provider asks us to wait, by its Retry-After."""
        return seconds(response.headers.get("retry-after"))


def seconds(given: Any) -> timedelta | None:
    """Return a provider's number of seconds, a day at most; None if it is none."""
    try:
        return timedelta(seconds=min(max(float(given), 0.0), 86_400.0))
    except (TypeError, ValueError):
        return None


def check_hmac(secret: str, message: bytes, given: str, *, prefix: str) -> None:
    """Compare an HMAC-SHA256 in hexadecimal, in constant time.

    Raises:
        Forged: it is another one, or there is no secret to compare with.
    """
    if not secret or not given:
        raise Forged("the signature is missing")
    digest = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"{prefix}{digest}".encode(), given.encode()):
        raise Forged("the signature does not fit")


def check_fresh(timestamp: str, now: datetime) -> None:
    """Refuse what was signed too long ago, or far in the future.

    Raises:
        Forged: the time, in seconds since 1970, is missing or not near.
    """
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        raise Forged("the timestamp is missing")
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
        raise Forged("the timestamp is too old", 403)


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
