"""A web process with channels connected to stand-ins of their providers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.store.tables import Arrival, Dispatch
from tests.web.channels.kits import KITS
from tests.web.conftest import Running, running
from tests.web.door import FakeDoor
from web.settings import Settings


@dataclass
class Talk:
    """One person on one channel, with both ends."""

    channel: str
    system: Running
    provider: Any
    phone: Any

    def database(self) -> Session:
        return Session(self.system.service.store.engine)

    def says(self, key: str) -> str:
        text: str = self.system.service.texts.say(key)
        return text

    async def until_states(self, *states: str) -> None:
        """Wait until what was to be delivered is in these states, in order."""
        wanted = list(states)
        query = select(Dispatch.state).order_by(Dispatch.number)

        def so() -> bool:
            with self.database() as session:
                return list(session.scalars(query)) == wanted

        await self.provider.until(so)


def taken_in(system: Running) -> Callable[[httpx.Response], Awaitable[None]]:
    """Return what waits, after a provider got its answer, until it has its effect."""
    engine = system.service.store.engine

    async def wait(_response: httpx.Response) -> None:
        for _ in range(3000):
            with Session(engine) as session:
                if not session.scalar(select(func.count()).select_from(Arrival)):
                    return
            await asyncio.sleep(0.01)
        raise AssertionError("what arrived is not taken in")

    return wait


@asynccontextmanager
async def talking(channel: str, settings: Settings) -> AsyncIterator[Talk]:
    """Connect a web process with one channel's provider."""
    make_provider, make_phone = KITS[channel]
    provider = make_provider()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(provider.serving())
        folder = settings.channels.parent / "none"
        told = replace(settings, environ=provider.environ(url), channels=folder)
        system = await stack.enter_async_context(running(told, FakeDoor()))
        hooks = {"response": [taken_in(system)]}
        http = httpx.AsyncClient(
            base_url=system.url, trust_env=False, event_hooks=hooks, timeout=20
        )
        await stack.enter_async_context(http)
        yield Talk(channel, system, provider, make_phone(http))


@pytest.fixture
async def talk(
    request: pytest.FixtureRequest, settings: Settings
) -> AsyncIterator[Talk]:
    async with talking(request.param, settings) as found:
        yield found


@pytest.fixture
async def on_telegram(settings: Settings) -> AsyncIterator[Talk]:
    async with talking("telegram", settings) as found:
        yield found


@pytest.fixture
async def on_webhook(settings: Settings) -> AsyncIterator[Talk]:
    async with talking("webhook", settings) as found:
        yield found
