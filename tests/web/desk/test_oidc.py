"""Signing in by the company's own provider: a real one, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk.agents import Role
from journey.store.tables import Agent
from tests.e2e.processes import ended, free_port, until_up
from tests.web.conftest import running
from tests.web.desk.conftest import HTML, Desk, Seat
from tests.web.door import FakeDoor
from web.settings import Oidc, Settings

CLIENT = {"client_id": "the-desk", "client_secret": "its secret"}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    with ended(subprocess.Popen(command, env=dict(os.environ))):
        url = f"http://localhost:{port}"
        until_up(f"{url}/.well-known/openid-configuration")
        yield url


@pytest.fixture
async def desk(settings: Settings, provider: str) -> AsyncIterator[Desk]:
    roles = {"support": Role.AGENT, "support-leads": Role.LEAD}
    oidc = Oidc(issuer=provider, roles=roles, **CLIENT)
    async with running(replace(settings, oidc=oidc), FakeDoor()) as system:
        yield Desk(system)


@pytest.fixture
def ana(provider: str) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "name": "Ana Ruiz",
        "email": "ana@shop.example",
        "email_verified": True,
        "groups": ["support"],
    }
    tell(provider, claims)
    return claims


def tell(provider: str, claims: dict[str, Any]) -> None:
    """Say what the provider knows of the user "ana"."""
    response = httpx.put(f"{provider}/users/ana", json=claims, trust_env=False)
    response.raise_for_status()


async def leave(seat: Seat) -> str:
    """Go to the provider; return its address with all that we ask for."""
    response = await seat.page("/desk/oidc/start?next=/desk/search")
    return str(response.headers["location"])


async def come_back(seat: Seat, asked: str, sub: str = "ana") -> httpx.Response:
    """Say at the provider who one is, and go where it sends us."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as browser:
        sent = await browser.post(asked, data={"sub": sub})
    there = urlsplit(sent.headers["location"])
    return await seat.page(f"{there.path}?{there.query}")


async def sign_in(seat: Seat) -> httpx.Response:
    return await come_back(seat, await leave(seat))


def account(desk: Desk) -> Agent:
    with Session(desk.system.service.store.engine) as session:
        return session.scalars(select(Agent)).one()


@pytest.mark.usefixtures("ana")
async def test_signs_in_and_makes_account_of_group(desk: Desk) -> None:
    seat = desk.seat()
    response = await sign_in(seat)
    assert response.headers["location"] == "/desk/search"
    assert "Hello Ana Ruiz" in (await seat.page()).text
    assert (account(desk).role, account(desk).email) == ("agent", "ana@shop.example")


async def test_asks_with_pkce_state_and_nonce(desk: Desk) -> None:
    asked = parse_qs(urlsplit(await leave(desk.seat())).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["response_type"] == ["code"]
    assert asked["state"][0] and asked["nonce"][0]
    assert asked["scope"] == ["openid email profile"]


async def test_groups_change_the_role(
    desk: Desk, ana: dict[str, Any], provider: str
) -> None:
    await sign_in(desk.seat())
    tell(provider, ana | {"groups": ["support", "support-leads"]})
    await sign_in(desk.seat())
    assert account(desk).role == "lead"


async def test_links_account_of_verified_address(
    desk: Desk, ana: dict[str, Any], provider: str
) -> None:
    desk.add("ana", "owner", email="ana@shop.example")
    tell(provider, ana | {"groups": []})
    assert (await sign_in(desk.seat())).status_code == 303
    assert (account(desk).role, account(desk).subject) == ("owner", f"{provider} ana")


async def test_links_no_account_of_unverified_address(
    desk: Desk, ana: dict[str, Any], provider: str
) -> None:
    desk.add("ana", "owner", email="ana@shop.example")
    tell(provider, ana | {"email_verified": False, "groups": []})
    assert (await sign_in(desk.seat())).status_code == 403
    assert account(desk).subject is None


async def test_refuses_who_has_no_group(
    desk: Desk, ana: dict[str, Any], provider: str
) -> None:
    tell(provider, ana | {"groups": ["cooks"]})
    response = await sign_in(desk.seat())
    assert response.status_code == 403
    assert "nobody gave you a place" in response.text


@pytest.mark.usefixtures("ana")
async def test_refuses_answer_that_another_browser_asked_for(desk: Desk) -> None:
    response = await come_back(desk.seat(), await leave(desk.seat()))
    assert response.status_code == 401


@pytest.mark.usefixtures("ana")
async def test_refuses_code_that_was_made_for_another_sign_in(desk: Desk) -> None:
    mine = parse_qs(urlsplit(await leave(seat := desk.seat())).query)["state"][0]
    asked = httpx.URL(await leave(desk.seat())).copy_set_param("state", mine)
    response = await come_back(seat, str(asked))
    assert response.status_code == 401
    assert "did not work" in response.text


@pytest.mark.usefixtures("ana")
async def test_takes_an_answer_once(desk: Desk) -> None:
    seat = desk.seat()
    asked = await leave(seat)
    async with httpx.AsyncClient(trust_env=False, timeout=20) as browser:
        sent = await browser.post(asked, data={"sub": "ana"})
    back = urlsplit(sent.headers["location"])
    address = f"{back.path}?{back.query}"
    assert (await seat.page(address)).status_code == 303
    assert (await desk.seat().page(address)).status_code == 401


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied&state=x", "?code=x&state=x"]
)
async def test_refuses_what_no_provider_sent(desk: Desk, query: str) -> None:
    assert (await desk.seat().page(f"/desk/oidc{query}")).status_code == 401


async def test_says_when_the_provider_is_away(settings: Settings) -> None:
    gone = Oidc(issuer=f"http://localhost:{free_port()}", roles={}, **CLIENT)
    async with running(replace(settings, oidc=gone), FakeDoor()) as system:
        response = await Desk(system).seat().http.get("/desk/oidc/start", headers=HTML)
    assert response.status_code == 502
    assert "did not work" in response.text
