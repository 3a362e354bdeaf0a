"""The way to the action server: one open connection, and failures that are heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

TIMEOUT_SECONDS = 20.0
# Shorter than the five seconds after which the action server hangs up.
IDLE_SECONDS = 2.0
REJECTED = 400


class TurnFailed(BaseException):
    """The turn cannot be completed and must not be saved; it may be tried again.

    Not an `Exception`: Rasa catches those at several places, logs them and goes on
    as if the action had had nothing to say.
    """


class ActionEndpoint(EndpointConfig):  # type: ignore[misc]
    """An endpoint that raises `TurnFailed` where Rasa would go on in silence."""

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def like(cls, endpoint: EndpointConfig) -> ActionEndpoint:
        """Return an endpoint with the same settings."""
        copy = cls()
        copy.__dict__.update(endpoint.__dict__)
        return copy

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """Lend the open session; Rasa opens a new one for each action."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)
            self._session = aiohttp.ClientSession(
                connector=connector, headers=self.headers
            )
        yield self._session

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Call the action server.

        Raises:
            TurnFailed: it could not be reached, was too slow, or answered with an
                error other than the rejection of the action.
        """
        kwargs["timeout"] = float(self.kwargs.get("timeout", TIMEOUT_SECONDS))
        try:
            return await super().request(*args, **kwargs)
        except ClientResponseError as error:
            if error.status == REJECTED:
                raise
            raise TurnFailed(f"action server: {error.status}") from error
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            reason = str(error) or type(error).__name__
            raise TurnFailed(f"action server: {reason}") from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
