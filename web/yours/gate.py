"""Whose page it is: who the site signed in, or who brings a link from the talk.

Such a link is good once and for a quarter of an hour, and opens the page for half an
hour.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from journey.people import linking
from web.edge import TooFast, address_of
from web.service import Service
from web.session import NoSession, is_foreign

templates = Jinja2Templates(Path(__file__).parent.parent / "templates")
COOKIE, LASTS, HOME = "coach_yours", 30 * 60, "/yours"
PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


@dataclass(frozen=True)
class Me:
    """Whose page it is, and the token that every form of it carries."""

    customer_id: str
    csrf: str


Handler = Callable[[Request, Me, FormData], Awaitable[Response]]


def _sealer(service: Service) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(service.settings.secret, salt="coach-yours")


def recognise(request: Request) -> Me | None:
    """Return whose page a request may see: the site's word, or an opened link."""
    service = Service.of(request)
    customer_id = _signed_in(service, request) or _opened(service, request)
    if customer_id is None:
        return None
    key = service.settings.secret.encode()
    csrf = hmac.digest(key, b"yours " + customer_id.encode(), "sha256").hex()
    return Me(customer_id, csrf)


def _signed_in(service: Service, request: Request) -> str | None:
    try:
        visitor = service.signer.visitor(request)
    except NoSession:
        return None
    return visitor.customer_id if visitor.verified else None


def _opened(service: Service, request: Request) -> str | None:
    try:
        found = _sealer(service).loads(request.cookies.get(COOKIE, ""), LASTS)
    except BadSignature:
        return None
    return str(found)


def changes(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Serve a form of our own page, for whom it was made; then show the page."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        me, form = recognise(request), await request.form(max_files=0, max_fields=40)
        if me is None:
            return close(request, 401)
        given = str(form.get("csrf", ""))
        if is_foreign(request) or not hmac.compare_digest(
            given.encode(), me.csrf.encode()
        ):
            return close(request, 403, "form_too_old")
        try:
            return await handler(request, me, form)
        except ValidationError as error:
            return close(request, 400, "field", str(error.errors()[0]["loc"][0]))

    return guarded


def close(
    request: Request, status: int, why: str | None = None, field: str = ""
) -> Response:
    """Return why the page is not shown, or nothing was changed, and how to come in.

    `why` names one of the template's reasons, `field` the field that was refused.
    """
    shop = Service.of(request).settings.shop
    context = {"shop": shop, "why": why, "field": field, "code": None}
    return templates.TemplateResponse(
        request, "yours-closed.html", context, status, PRIVATE
    )


async def open_link(request: Request) -> Response:
    """Ask for a press before the link is used up: previews of links only look."""
    code = request.query_params.get("code", "")[:40]
    shop = Service.of(request).settings.shop
    context = {"shop": shop, "why": None, "code": code}
    return templates.TemplateResponse(
        request, "yours-closed.html", context, 200, PRIVATE
    )


async def use_link(request: Request) -> Response:
    """Open the page for who brings a code that is still good."""
    service = Service.of(request)
    try:
        service.rate.count(f"yours {address_of(request)}")
    except TooFast as error:
        response = close(request, 429, "too_many")
        response.headers.update(error.headers)
        return response
    code = linking.code_in(str((await request.form()).get("code", "")))
    now = service.clock()
    customer_id = code and await service.store.write(
        lambda session: linking.redeem(session, code, now=now)
    )
    if not customer_id or is_foreign(request):
        return close(request, 403, "link_used")
    response = RedirectResponse(HOME, 303, PRIVATE)
    response.set_cookie(
        COOKIE,
        str(_sealer(service).dumps(customer_id)),
        max_age=LASTS,
        path=HOME,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


ROUTES = [
    Route(f"{HOME}/open", open_link),
    Route(f"{HOME}/open", use_link, methods=["POST"]),
]
