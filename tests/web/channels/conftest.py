"""A web process with channels connected to stand-ins of their providers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import Dispatch
from tests.web.channels import telegram, webhook
from tests.web.conftest import Running, running, serving
from tests.web.door import FakeDoor
from web.settings import Settings


@asynccontextmanager
async def connected(
    settings: Settings, environ: Mapping[str, str], door: FakeDoor | None = None
) -> AsyncIterator[Running]:
    """Run a web process whose channels are told where their providers are."""
    folder = settings.channels.parent / "none"
    told = replace(settings, environ=dict(environ), channels=folder)
    async with running(told, door or FakeDoor()) as system:
        yield system


@dataclass
class Talk:
    """One person on one channel, with both ends."""

    system: Running
    provider: Any
    phone: Any

    def database(self) -> Session:
        return Session(self.system.service.store.engine)

    async def until_states(self, *states: str) -> None:
        """Wait until what was to be delivered is in these states, in order."""
        wanted = list(states)
        query = select(Dispatch.state).order_by(Dispatch.number)

        def so() -> bool:
            with self.database() as session:
                return list(session.scalars(query)) == wanted

        await self.provider.until(so)


@pytest.fixture
async def on_telegram(settings: Settings) -> AsyncIterator[Talk]:
    provider = telegram.Telegram()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(provider.app))
        environ = {
            "COACH_TELEGRAM_TOKEN": telegram.TOKEN,
            "COACH_TELEGRAM_SECRET": telegram.SECRET,
            "COACH_TELEGRAM_API": url,
        }
        system = await stack.enter_async_context(connected(settings, environ))
        http = httpx.AsyncClient(base_url=system.url, trust_env=False)
        await stack.enter_async_context(http)
        yield Talk(system, provider, telegram.Phone(http))


@pytest.fixture
async def on_webhook(settings: Settings) -> AsyncIterator[Talk]:
    provider = webhook.Webhook()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(provider.app))
        environ = {
            "COACH_WEBHOOK_SECRET": webhook.SECRET,
            "COACH_WEBHOOK_URL": f"{url}/in",
        }
        system = await stack.enter_async_context(connected(settings, environ))
        http = httpx.AsyncClient(base_url=system.url, trust_env=False)
        await stack.enter_async_context(http)
        yield Talk(system, provider, webhook.Client(http))
