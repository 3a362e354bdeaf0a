"""Who may in: a session of ours, a role that suffices, and no other site's request."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from journey.desk import signin
from journey.desk.agents import Role
from journey.desk.handoffs import Who
from journey.store.tables import Agent
from web.desk.pages import show_refusal
from web.service import Service
from web.session import is_foreign

COOKIE = "coach_desk"
SIGN_IN = "/desk/sign-in"
SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Me:
    """The agent who sent a request, and the secret of their session."""

    agent: Agent
    secret: str

    @property
    def who(self) -> Who:
        """Who acts, as the log and the customers know them."""
        return Who(self.agent.name, self.agent.shown_as)

    @property
    def leads(self) -> bool:
        """Whether the agent may see what is for leads."""
        return Role(self.agent.role).covers(Role.LEAD)

    @property
    def csrf(self) -> str:
        """The token that every form of this session carries."""
        return hmac.digest(self.secret.encode(), b"csrf", "sha256").hex()


Handler = Callable[[Request, Me], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def allows(role: Role) -> Callable[[Handler], Endpoint]:
    """Let only agents in who have this role or a higher one."""

    def decorate(handler: Handler) -> Endpoint:
        @wraps(handler)
        async def guarded(request: Request) -> Response:
            me = await recognise(request)
            if me is None:
                return ask_to_sign_in(request)
            if request.method not in SAFE and not await _is_ours(request, me):
                return show_refusal(request, 403, "This form is too old. Reload it.")
            if not Role(me.agent.role).covers(role):
                return show_refusal(request, 403, f"This is for role {role} only.")
            return await handler(request, me)

        return guarded

    return decorate


async def recognise(request: Request) -> Me | None:
    """Return who is signed in with a request's cookie."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    service = Service.of(request)
    now = service.clock()
    agent = await service.store.read(lambda s: signin.signed_in(s, secret, now))
    return Me(agent, secret) if agent else None


def ask_to_sign_in(request: Request) -> Response:
    """Send a browser to the sign-in; tell anything else that it is not signed in."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        there = quote(request.url.path, safe="/")
        return RedirectResponse(f"{SIGN_IN}?next={there}", 303)
    return JSONResponse({"error": "not_signed_in"}, 401)


async def read_form(request: Request) -> FormData:
    """Return what a form sent; it is read once."""
    return await request.form(max_files=0, max_fields=50)


async def _is_ours(request: Request, me: Me) -> bool:
    """Tell whether our own page sent a request that changes something."""
    if is_foreign(request):
        return False
    given = request.headers.get("x-csrf-token")
    if given is None:
        field = (await read_form(request)).get("csrf", "")
        given = field if isinstance(field, str) else ""
    return hmac.compare_digest(given.encode(), me.csrf.encode())
