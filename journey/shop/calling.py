"""Asking a platform over HTTP: bounded in time, and in words that hold no secret."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx

from journey.shop.platform import Down, PlatformError, Refused

PATIENCE = httpx.Timeout(20, connect=5)
TRIES = 4
"""Reading is tried again so often at once; writing is left to the errand."""
LONGEST_WAIT = 60.0
SHOWN = 300
"""So much of an answer goes into an error."""
Json = Any


class Caller:
    """Sends requests to one platform."""

    def __init__(
        self,
        base_url: str,
        *,
        auth: httpx.Auth | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: httpx.Timeout = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Keep where, and as whom."""
        self._client = httpx.Client(
            base_url=base_url,
            auth=auth,
            headers=dict(headers or {}),
            timeout=timeout,
            trust_env=False,
            follow_redirects=False,
        )
        self._sleep = sleep

    def read(self, path: str, **query: str | int) -> httpx.Response:
        """Ask for something; a passing fault is waited out.

        Raises:
            Down, Refused: as `send`.
        """
        for number in range(TRIES):
            try:
                return self.send("GET", path, query=query)
            except Down as down:
                if number == TRIES - 1:
                    raise
                self.wait(down, number)
        raise AssertionError("unreachable")

    def wait(self, down: Down, number: int) -> None:
        """Wait as long as the platform wants, else longer each time."""
        self.pause(down.after.total_seconds() if down.after else 0.5 * 2**number)

    def pause(self, seconds: float) -> None:
        """Leave the platform alone for a while, at most `LONGEST_WAIT`."""
        self._sleep(min(seconds, LONGEST_WAIT))

    def send(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        query: Mapping[str, str | int] | None = None,
    ) -> httpx.Response:
        """Send one request.

        Raises:
            Down: nobody answered, too late, or 429 or 5xx.
            Refused: another answer than 2xx.
        """
        try:
            response = self._client.request(
                method, path, json=body, params=dict(query or {})
            )
        except httpx.HTTPError as error:
            raise Down(f"{method} {path}: {type(error).__name__}") from error
        if response.is_success:
            return response
        raise error_of(f"{method} {path}", response)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


def json_of(response: httpx.Response) -> Json:
    """Return an answer's JSON.

    Raises:
        Down: it is none, as when a proxy answers in the platform's place.
    """
    try:
        return response.json()
    except ValueError as error:
        raise Down(f"{response.request.url.path}: answered no JSON") from error


def retry_after(response: httpx.Response) -> timedelta | None:
    """Return how long a platform wants to be left alone."""
    given = response.headers.get("retry-after", "")
    try:
        return timedelta(seconds=max(0.0, float(given)))
    except ValueError:
        return None


def error_of(what: str, response: httpx.Response) -> PlatformError:
    """Return what an answer that is no success means for us."""
    code, said = _reason(response)
    reason = f"{what}: {response.status_code} {code} {said}".strip()[:SHOWN]
    passing = response.status_code == 429 or response.status_code >= 500
    error = Down(reason, retry_after(response)) if passing else Refused(reason)
    error.code = code
    return error


def _reason(response: httpx.Response) -> tuple[str, str]:
    """Return the code and the words of an error, when it is JSON with such."""
    try:
        answer = response.json()
    except ValueError:
        return "", response.reason_phrase
    if not isinstance(answer, dict):
        return "", response.reason_phrase
    said = answer.get("message") or answer.get("errors") or answer.get("error")
    return str(answer.get("code", "")), str(said or "")
