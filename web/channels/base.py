"""The base of every channel: who sent a request, what it says, how to write back."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx
from starlette.responses import Response

from journey.messages.dispatches import Load
from web.channels.faults import Later
from web.channels.incoming import Incoming, Raw


@dataclass(frozen=True)
class Setting:
    """Something that a channel must be told: its key, and what it is."""

    key: str
    about: str
    secret: bool = True
    optional: bool = False
    made: bool = False
    """Whether it is ours to choose: one is made when none is given."""


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

    def parts(self, raw: Raw) -> Iterable[Any]:
        """Return the parts of a request that are read each for itself.

        It is one: the JSON that was sent. Where a provider puts several into a
        request, one that makes no sense takes none of the others with it.
        """
        return [raw.json()]

    @abstractmethod
    def read(self, part: Any, now: datetime) -> Iterable[Incoming]:
        """Return what one part of a request says, in the order in which it happened.

        Raises:
            Unreadable: it makes no sense. A KeyError and its like mean the same: no
            value need be looked at before it is used.
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

    async def unregister(self) -> str:
        """Take our address back at the provider; return what is left to do by hand."""
        return "Take our address out at the provider: it still calls us."

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
            why = f"{self.name} cannot be reached ({type(error).__name__})"
            raise Later(why) from None
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
