import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import BaseRoute, Mount, Route

from tests.web.desk.conftest import HTML, Desk
from web.desk import door, oidc
from web.desk.routes import desk_routes

OPEN = {route.path for route in (*door.ROUTES, *oidc.ROUTES)} - {"/sign-out"}


def guarded() -> Iterator[tuple[str, str]]:
    """Every method and address of the desk that is not part of signing in."""
    mount = desk_routes("secret")
    for route in routes_of(mount.routes):
        for method in sorted((route.methods or set()) - {"HEAD"}):
            if route.path not in OPEN:
                yield method, "/desk" + re.sub(r"\{[^}]*\}", "1", route.path)


def routes_of(routes: list[BaseRoute]) -> Iterator[Route]:
    for route in routes:
        if isinstance(route, Route):
            yield route
        else:
            assert isinstance(route, Mount) and route.path == "/static"


async def test_stranger_gets_in_nowhere(desk: Desk) -> None:
    http = desk.seat().http
    answers = {
        (method, address): (await http.request(method, address)).status_code
        for method, address in guarded()
    }
    assert answers == dict.fromkeys(guarded(), 401)
    assert len(answers) > 10


async def test_stranger_is_asked_to_sign_in(desk: Desk) -> None:
    http = desk.seat().http
    pages = {address for method, address in guarded() if method == "GET"}
    for address in pages:
        response = await http.get(address, headers=HTML)
        assert response.headers["location"] == f"/desk/sign-in?next={address}"


@pytest.mark.parametrize("csrf", [None, "", "0" * 64])
async def test_changes_nothing_without_the_token(desk: Desk, csrf: str | None) -> None:
    seat = await desk.signed_in()
    form = {} if csrf is None else {"csrf": csrf}
    posts = [address for method, address in guarded() if method == "POST"]
    answers = [await seat.http.post(address, data=form) for address in posts]
    assert {answer.status_code for answer in answers} == {403}
    assert all("too old" in answer.text for answer in answers)


async def test_changes_nothing_for_another_site(desk: Desk) -> None:
    seat = await desk.signed_in()
    csrf = await seat.csrf()
    response = await seat.http.post(
        "/desk/sign-out",
        data={"csrf": csrf},
        headers={"origin": "https://evil.example"},
    )
    assert response.status_code == 403
    assert (await seat.page()).status_code == 200


async def test_tokens_of_two_sessions_differ(desk: Desk) -> None:
    one, other = await desk.signed_in("ana"), await desk.signed_in("bo")
    assert await one.csrf() != await other.csrf()


async def test_pages_are_kept_nowhere(desk: Desk) -> None:
    seat = await desk.signed_in()
    response = await seat.page()
    assert response.headers["cache-control"] == "no-store"
    assert "unsafe" not in response.headers["content-security-policy"]


async def test_chat_session_opens_no_desk(desk: Desk) -> None:
    browser = desk.system.browser()
    await browser.open()
    assert (await browser.http.get("/desk/")).status_code == 401


async def test_browser_that_leaves_in_the_midst_of_a_form_is_no_fault(
    desk: Desk,
) -> None:
    seat = await desk.signed_in()
    cookie = f"coach_desk={seat.http.cookies['coach_desk']}"
    form = b"application/x-www-form-urlencoded"
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/desk/conversations/1/write",
        "query_string": b"",
        "headers": [(b"cookie", cookie.encode()), (b"content-type", form)],
    }
    sent: list[Any] = []

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await desk.system.app(scope, receive, send)
    assert sent[0]["status"] == 400
