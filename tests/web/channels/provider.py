"""What every stand-in for a provider can do: take, refuse and break as it would."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.web.conftest import serving

Fault = int | float | tuple[int, dict[str, str]]


class Bad(Exception):
    """What a provider refuses."""


@dataclass
class Provider:
    """Notes what was delivered; `plan` says what goes wrong first.

    A planned number is a status, one with a point is a wait in seconds, and a pair is
    a status with headers.
    """

    plan: list[Fault] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def fault(self) -> Response | None:
        """Do the next of the plan."""
        if not self.plan:
            return None
        step = self.plan.pop(0)
        if isinstance(step, float):
            await asyncio.sleep(step)
            return None
        status, headers = step if isinstance(step, tuple) else (step, {})
        return self.broken(status, headers)

    def broken(self, status: int, headers: dict[str, str]) -> Response:
        return JSONResponse({"error": "planned"}, status, headers)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Serve; yield the address."""
        async with serving(self.app) as url:
            yield url

    @property
    def app(self) -> Any:
        raise NotImplementedError

    def texts(self) -> list[str]:
        return [str(message["text"]) for message in self.taken]

    async def until(self, done: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until something is so."""
        for _ in range(int(seconds / 0.02)):
            if done():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"not so; taken {self.taken}, refused {self.refused}")

    async def until_taken(self, count: int, seconds: float = 30) -> list[str]:
        """Wait until so many messages were taken; return their texts."""
        await self.until(lambda: len(self.taken) >= count, seconds)
        return self.texts()


async def json_of(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = await request.json()
    return body
