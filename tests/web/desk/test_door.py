from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import signin
from journey.store.tables import Agent, AgentSession, SignInTry
from tests.web.desk.conftest import HTML, PASSWORD, Desk
from web.desk.door import local


async def test_signs_in_and_out(desk: Desk) -> None:
    seat = await desk.signed_in()
    assert "Hello ana" in (await seat.page()).text
    cookie = seat.http.cookies["coach_desk"]
    response = await seat.post("/desk/sign-out")
    assert response.headers["location"] == "/desk/sign-in"
    # Also a copy of the cookie is worth nothing from now on.
    seat.http.cookies.set("coach_desk", cookie)
    assert (await seat.page()).status_code == 303


async def test_cookie_is_out_of_reach(desk: Desk) -> None:
    desk.add()
    response = await desk.seat().sign_in("ana")
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/desk" in cookie
    assert "secure" not in cookie


async def test_cookie_is_secure_behind_tls(desk: Desk) -> None:
    desk.add()
    seat = desk.seat()
    seat.http.headers["x-forwarded-proto"] = "https"
    page = await seat.page("/desk/sign-in")
    assert "secure" in page.headers["set-cookie"].lower()
    begun = page.headers["set-cookie"].partition(";")[0]
    form = {"name": "ana", "password": PASSWORD}
    form["token"] = page.text.partition('name="token" value="')[2].partition('"')[0]
    response = await seat.http.post(
        "/desk/sign-in", data=form, headers={"cookie": begun}
    )
    assert "secure" in response.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "wrong horse battery"), ("bo", PASSWORD), ("", "")]
)
async def test_refuses_wrong_name_or_password_in_the_same_words(
    desk: Desk, name: str, password: str
) -> None:
    desk.add()
    response = await desk.seat().sign_in(name, password)
    assert response.status_code == 401
    assert "The name or the password is not right." in response.text


async def test_refuses_closed_account(desk: Desk) -> None:
    desk.close("ana")
    assert (await desk.seat().sign_in("ana")).status_code == 401


async def test_locks_after_five_failures(desk: Desk) -> None:
    desk.add()
    seat = desk.seat()
    for _ in range(5):
        await seat.sign_in("ana", "wrong horse battery")
    response = await seat.sign_in("ana")
    assert response.status_code == 429
    assert "Wait 15 minutes" in response.text


async def test_session_ends_by_itself(desk: Desk) -> None:
    seat = await desk.signed_in()
    with Session(desk.system.service.store.engine) as session, session.begin():
        for row in session.scalars(select(AgentSession)):
            row.expires_at -= signin.LASTS + timedelta(seconds=1)
    assert (await seat.page()).status_code == 303


async def test_keeps_neither_password_nor_secret(desk: Desk) -> None:
    seat = await desk.signed_in()
    with Session(desk.system.service.store.engine) as session:
        agent = session.scalars(select(Agent)).one()
        opened = session.scalars(select(AgentSession)).one()
        tried = session.scalars(select(SignInTry)).one()
    assert agent.password and PASSWORD not in agent.password
    assert opened.id != seat.http.cookies["coach_desk"]
    assert (tried.name, tried.state) == ("ana", "passed")


@pytest.mark.parametrize("token", ["", "guessed"])
async def test_refuses_form_of_another_site(desk: Desk, token: str) -> None:
    desk.add()
    assert (await desk.seat().sign_in("ana", token=token)).status_code == 403


async def test_refuses_foreign_origin(desk: Desk) -> None:
    desk.add()
    seat = desk.seat()
    seat.http.headers["origin"] = "https://evil.example"
    assert (await seat.sign_in("ana")).status_code == 403


async def test_goes_on_to_the_page_that_was_wanted(desk: Desk) -> None:
    desk.add()
    response = await desk.seat().sign_in("ana", next="/desk/search")
    assert response.headers["location"] == "/desk/search"


@pytest.mark.parametrize(
    "there", [None, "", "//evil.example", "https://evil.example", "/desk/\\evil", "/x"]
)
def test_goes_nowhere_else(there: str | None) -> None:
    assert local(there) == "/desk/"


async def test_sign_in_page_is_for_strangers_only(desk: Desk) -> None:
    seat = await desk.signed_in()
    assert (await seat.page("/desk/sign-in")).headers["location"] == "/desk/"


async def test_shows_no_company_when_there_is_none(desk: Desk) -> None:
    assert "your company" not in (await desk.seat().page("/desk/sign-in")).text
    response = await desk.seat().http.get("/desk/oidc/start", headers=HTML)
    assert response.status_code == 404
