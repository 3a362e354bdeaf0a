"""Asking Shopify: within its budget of points, and with what it refuses as errors."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from journey.shop.calling import LONGEST_WAIT, TRIES, Caller, error_of, json_of
from journey.shop.platform import Down, PlatformError, Refused

VERSION = "2026-10"
"""The version of the API that every query here is written for."""
TOKEN = "x-shopify-access-token"
PASSING = ("THROTTLED", "INTERNAL_SERVER_ERROR", "TIMEOUT")
Json = dict[str, Any]
T = TypeVar("T")


class Given(httpx.Auth):
    """Authorises with a token that does not end."""

    def __init__(self, token: str) -> None:
        """Keep the token."""
        self._token = token

    def auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response]:
        """Send the token along."""
        request.headers[TOKEN] = self._token
        yield request


class Granted(httpx.Auth):
    """Authorises with a token that the app's id and secret are exchanged for."""

    requires_response_body = True

    def __init__(self, shop_url: str, client_id: str, secret: str) -> None:
        """Keep the credentials; nothing is asked yet."""
        self._where = f"{shop_url}/admin/oauth/access_token"
        self._body = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
        }
        self._token: str | None = None

    def auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response]:
        """Send a token along, a new one when it has ended."""
        known = self._token
        if known is not None:
            request.headers[TOKEN] = known
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
        answer = yield httpx.Request("POST", self._where, data=self._body)
        if answer.is_error:
            raise error_of("POST /admin/oauth/access_token", answer)
        self._token = str(json_of(answer)["access_token"])
        request.headers[TOKEN] = self._token
        yield request


class Graph:
    """Sends queries and mutations to one shop."""

    def __init__(self, caller: Caller) -> None:
        """Keep who calls; the budget is known after the first answer."""
        self._caller = caller
        self._pause = 0.0

    def ask(self, query: str, **variables: Any) -> Json:
        """Ask for something; a passing fault is waited out.

        Raises:
            Down, Refused: as `send`.
        """
        for number in range(TRIES):
            try:
                return self.send(query, variables)
            except Down as down:
                if number == TRIES - 1:
                    raise
                self._caller.wait(down, number)
        raise AssertionError("unreachable")

    def change(self, mutation: str, **variables: Any) -> Json:
        """Have something done, and return what came of it.

        Raises:
            Down, Refused: as `send`; or the shop says what is wrong with it.
        """
        (answer,) = self.send(mutation, variables).values()
        errors = [x for name in answer if name.endswith("rrors") for x in answer[name]]
        if errors:
            refused = Refused("; ".join(str(x.get("message")) for x in errors))
            refused.code = str(errors[0].get("code") or "")
            raise refused
        return dict(answer)

    def send(self, query: str, variables: Json) -> Json:
        """Send one request, after the pause that the budget asks for.

        Raises:
            Down: nobody answered, or not now.
            Refused: the shop will never answer this.
        """
        if self._pause:
            self._caller.pause(self._pause)
        body = {"query": query, "variables": variables}
        answer = json_of(self._caller.send("POST", "/graphql.json", body))
        self._pause = _short_of(answer)
        if answer.get("errors"):
            raise self._error(answer["errors"])
        return dict(answer["data"])

    def _error(self, errors: Any) -> PlatformError:
        first = errors[0] if isinstance(errors, list) else {"message": errors}
        code = str(first.get("extensions", {}).get("code", ""))
        said = f"{code} {first.get('message')}".strip()
        if code not in PASSING:
            error: PlatformError = Refused(said)
        else:
            wait = timedelta(seconds=self._pause) if self._pause else None
            error, self._pause = Down(said, wait), 0.0
        error.code = code
        return error

    def close(self) -> None:
        """Close all connections."""
        self._caller.close()


def _short_of(answer: Json) -> float:
    """Return the seconds until the budget suffices for the same query again."""
    cost = answer.get("extensions", {}).get("cost")
    if not cost:
        return 0.0
    budget = cost["throttleStatus"]
    short = float(cost["requestedQueryCost"] - budget["currentlyAvailable"])
    return min(max(0.0, short / float(budget["restoreRate"])), LONGEST_WAIT)


def read(kind: TypeAdapter[T], content: Any) -> T:
    """Return a part of an answer as what it should be.

    Raises:
        Down: it is something else.
    """
    try:
        return kind.validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise Down(f"answered with {field}: {first['msg']}") from None
