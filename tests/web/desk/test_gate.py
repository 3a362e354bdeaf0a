import re
from collections.abc import Iterator

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


@pytest.mark.parametrize(("method", "address"), sorted(guarded()))
async def test_stranger_gets_in_nowhere(desk: Desk, method: str, address: str) -> None:
    http = desk.seat().http
    assert (await http.request(method, address)).status_code == 401
    response = await http.request(method, address, headers=HTML)
    if method == "GET":
        assert response.headers["location"].startswith("/desk/sign-in?next=/desk/")
    else:
        assert response.status_code == 401


@pytest.mark.parametrize(
    ("method", "address"), sorted(pair for pair in guarded() if pair[0] == "POST")
)
@pytest.mark.parametrize("csrf", [None, "", "0" * 64])
async def test_changes_nothing_without_the_token(
    desk: Desk, method: str, address: str, csrf: str | None
) -> None:
    seat = await desk.signed_in()
    form = {} if csrf is None else {"csrf": csrf}
    response = await seat.http.request(method, address, data=form)
    assert (response.status_code, "too old" in response.text) == (403, True)


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
