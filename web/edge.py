"""The edge: what is too large, too fast or unreadable stops here, with a reason."""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.texts import Texts

LARGEST = 64 * 1024
LARGEST_OF_PROVIDERS = 3 * 1024 * 1024
"""Batches and letters are larger than what a browser sends."""
PROVIDERS = ("/channels/", "/desks/", "/shop/")
MANY = 20
WINDOW = timedelta(seconds=10)
REMEMBERED = 10_000

M = TypeVar("M", bound=BaseModel)


class Refusal(Exception):
    """A request that is not served: status, text key, and what fills the text."""

    def __init__(self, status: int, key: str, **values: str) -> None:
        super().__init__(key)
        self.status, self.key, self.values = status, key, values
        self.headers: dict[str, str] = {}


class TooFast(Refusal):
    """A conversation sent more than it may; `after` says when it may again."""

    def __init__(self, after: int) -> None:
        super().__init__(429, "too_fast")
        self.headers = {"retry-after": str(after)}


def refused(texts: Texts, refusal: Refusal) -> JSONResponse:
    """Return the answer to a request that is not served."""
    body = {
        "error": refusal.key,
        "message": texts.say(refusal.key, **refusal.values),
    }
    return JSONResponse(body, refusal.status, refusal.headers)


async def read_body(request: Request, model: type[M]) -> M:
    """Return a request's body as a model.

    Raises:
        Refusal: 400 with the field and the reason, or 415.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # Another site's form cannot send this type without asking first (CORS).
    if kind != "application/json":
        raise Refusal(415, "bad_request", reason="send application/json")
    try:
        return model.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        raise Refusal(400, "bad_request", reason=_reason(error)) from None


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(map(str, first["loc"])) or "body"
    return f"{field}: {first['msg']}"


def read_number(given: str | None) -> int | None:
    """Return a position that a query names.

    Raises:
        Refusal: 400 when it is no whole number.
    """
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 15:
        raise Refusal(400, "bad_request", reason="a position is a whole number")
    return int(given)


class BodyLimit:
    """Cuts a body off at 64 kB, a provider's at 3 MB; the rest is never read."""

    def __init__(self, app: ASGIApp, texts: Texts) -> None:
        self._app, self._texts = app, texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose body is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        by_provider = scope["path"].startswith(PROVIDERS)
        largest = LARGEST_OF_PROVIDERS if by_provider else LARGEST
        if announced.isdigit() and int(announced) > largest:
            await self._refuse(scope, receive, send)
            return
        await self._app(scope, _limited(receive, largest), send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = refused(self._texts, Refusal(413, "too_large"))
        response.headers["connection"] = "close"
        await response(scope, receive, send)


def _limited(receive: Receive, largest: int) -> Receive:
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > largest:
            raise Refusal(413, "too_large")
        return message

    return limited


def address_of(request: Request) -> str:
    """Return where a request comes from."""
    return request.client.host if request.client else ""


class RateLimit:
    """Counts what each conversation, or whoever else, sent in the last ten seconds."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._sent: OrderedDict[str, deque[datetime]] = OrderedDict()

    def count(self, conversation_id: str, at: datetime | None = None) -> None:
        """Count one message, of now or of when it arrived.

        Raises:
            TooFast: there were 20 in the last 10 seconds already.
        """
        now = at or self._clock()
        times = self._sent.setdefault(conversation_id, deque())
        self._sent.move_to_end(conversation_id)
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= MANY:
            raise TooFast(int((times[0] + WINDOW - now).total_seconds()) + 1)
        times.append(now)
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)
