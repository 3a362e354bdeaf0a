"""Signing in and out: with a password, or by the company's own sign-in."""

import asyncio
import hmac
import secrets

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from journey.desk import agents, passwords, signin
from journey.desk.agents import Role
from journey.store.tables import Agent, SignInTry
from web.desk.gate import COOKIE, SIGN_IN, Me, allows, read_form, recognise
from web.desk.pages import PRIVATE, show
from web.edge import address_of
from web.service import Service
from web.session import is_foreign

HOME, PATH = "/desk/", "/desk"
WRONG = "The name or the password is not right."


async def show_sign_in(request: Request) -> Response:
    """Show the form; who is signed in already goes on."""
    if await recognise(request):
        return RedirectResponse(local(request.query_params.get("next")), 303)
    return sign_in_page(request)


def sign_in_page(request: Request, fault: str = "", status: int = 200) -> Response:
    """Return the form with a token of this browser, and what went wrong."""
    token = request.session.setdefault("form", secrets.token_urlsafe(16))
    context = {
        "fault": fault,
        "token": token,
        "next": local(request.query_params.get("next")),
        "company": Service.of(request).settings.oidc,
    }
    return show(request, "sign-in.html", context, status)


async def sign_in(request: Request) -> Response:
    """Take a name and a password."""
    form = await read_form(request)
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    token = request.session.get("form", "")
    fits = hmac.compare_digest(given.get("token", "").encode(), token.encode())
    if is_foreign(request) or not token or not fits:
        return sign_in_page(request, "This form is too old. Please try again.", 403)
    try:
        agent = await _check(
            request, given.get("name", "")[:200], given.get("password", "")
        )
    except signin.LockedOut as locked:
        response = sign_in_page(request, _wait(request, locked), 429)
        return response
    if agent is None:
        return sign_in_page(request, WRONG, 401)
    return await admit(request, agent, local(given.get("next")))


def _wait(request: Request, locked: signin.LockedOut) -> str:
    left = locked.until - Service.of(request).clock()
    minutes = int(left.total_seconds() // 60) + 1
    return f"Too many failed tries. Wait {minutes} minutes, or ask for a new password."


async def _check(request: Request, name: str, password: str) -> Agent | None:
    """Return who fits the name and the password; each try counts before it is made."""
    service, address = Service.of(request), address_of(request)
    now = service.clock()

    def begin(session: Session) -> tuple[SignInTry, Agent | None]:
        return signin.attempt(session, name, address, now), agents.find(session, name)

    tried, agent = await service.store.write(begin)
    stored = agent.password if agent and agent.active else None
    # Outside of the transaction: a comparison is slow on purpose.
    if not await asyncio.to_thread(passwords.fits, stored, password):
        return None
    await service.store.write(lambda session: signin.succeed(session, tried))
    return agent


async def admit(request: Request, agent: Agent, there: str) -> Response:
    """Open a session for an agent and go on."""
    service, address = Service.of(request), address_of(request)
    now = service.clock()
    secret = await service.store.write(
        lambda session: signin.open_session(session, agent, address, now)
    )
    request.session.clear()
    response = RedirectResponse(there, 303, PRIVATE)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(signin.LASTS.total_seconds()),
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


@allows(Role.AGENT)
async def sign_out(request: Request, me: Me) -> Response:
    """End the session, here and on the server."""
    service = Service.of(request)
    now = service.clock()
    await service.store.write(lambda s: signin.close_session(s, me.secret, now))
    response = RedirectResponse(SIGN_IN, 303, PRIVATE)
    response.delete_cookie(COOKIE, path=PATH)
    return response


def local(there: str | None) -> str:
    """Return a page of the desk to go to, never another site's."""
    inside = (there or "").startswith(HOME)
    return there if there and inside and "\\" not in there else HOME


ROUTES = [
    Route("/sign-in", show_sign_in),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
]
