"""An agent's browser at the desk of a running web process."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from journey.desk import agents, passwords
from journey.desk.agents import Role
from journey.store.tables import Agent
from tests.factories import NOW
from tests.web.conftest import Running

PASSWORD = "correct horse battery"
HTML = {"accept": "text/html"}


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)


@dataclass
class Seat:
    """One agent at a browser of their own."""

    http: httpx.AsyncClient

    async def sign_in(
        self, name: str, password: str = PASSWORD, **fields: str
    ) -> httpx.Response:
        page = await self.http.get("/desk/sign-in", headers=HTML)
        form = {"name": name, "password": password, "token": token_of(page), **fields}
        return await self.http.post("/desk/sign-in", data=form, headers=HTML)

    async def page(self, address: str = "/desk/") -> httpx.Response:
        return await self.http.get(address, headers=HTML)

    async def csrf(self) -> str:
        return csrf_of(await self.page())

    async def post(self, address: str, **form: str) -> httpx.Response:
        form = {"csrf": await self.csrf(), **form}
        return await self.http.post(address, data=form, headers=HTML)


def token_of(page: httpx.Response) -> str:
    return _value(page, "token")


def csrf_of(page: httpx.Response) -> str:
    return _value(page, "csrf")


def _value(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return found[1] if found else ""


@dataclass
class Desk:
    """The desk of a running web process."""

    system: Running

    def add(self, name: str = "ana", role: str = "agent", **fields: Any) -> Agent:
        with Session(self.system.service.store.engine) as session, session.begin():
            given = {"password": PASSWORD, "now": NOW, **fields}
            agent = agents.add(session, name, role=Role(role), **given)
            session.expunge(agent)
        return agent

    def close(self, name: str) -> None:
        """Make an account that is closed."""
        agent = self.add(name)
        with Session(self.system.service.store.engine) as session, session.begin():
            agents.set_active(session, session.merge(agent), False, NOW)

    async def until(self, seen: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until something can be seen."""
        for _ in range(int(seconds / 0.02)):
            if seen():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it did not come")

    def seat(self) -> Seat:
        return Seat(self.system.browser().http)

    async def signed_in(self, name: str = "ana", role: str = "agent") -> Seat:
        self.add(name, role)
        seat = self.seat()
        assert (await seat.sign_in(name)).status_code == 303
        return seat


@pytest.fixture
async def desk(system: Running) -> AsyncIterator[Desk]:
    yield Desk(system)
