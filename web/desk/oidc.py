"""The company's own sign-in: OpenID Connect, code flow with PKCE, by Authlib."""

import logging
from collections.abc import Mapping
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from joserfc.errors import JoseError
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from journey.desk import agents
from journey.desk.agents import NotLetIn, Vouched
from journey.store.tables import Agent
from web.desk.door import admit, local, sign_in_page
from web.service import Service
from web.settings import Oidc

logger = logging.getLogger(__name__)
FAILED = "Your company's sign-in did not work. Please try again."
NO_PLACE = "Your company knows you, but nobody gave you a place at this desk."
PATIENCE = 10


class Company:
    """A company's provider, as it describes itself."""

    def __init__(self, settings: Oidc) -> None:
        self.settings = settings
        self._client: StarletteOAuth2App = OAuth().register(
            "company",
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=(
                f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            ),
            client_kwargs={
                "scope": settings.scope,
                "code_challenge_method": "S256",
                "timeout": PATIENCE,
            },
        )

    async def ask(self, request: Request, there: str) -> Response:
        """Send a browser to the provider; state, nonce and verifier are kept."""
        response: Response = await self._client.authorize_redirect(request, there)
        return response

    async def answer(self, request: Request) -> Vouched:
        """Return whom the provider vouches for, its word verified."""
        token = await self._client.authorize_access_token(
            request,
            claims_options={
                "iss": {"essential": True, "value": self.settings.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
                "sub": {"essential": True},
            },
        )
        return self._vouched(token["userinfo"])

    def _vouched(self, claims: Mapping[str, Any]) -> Vouched:
        email = claims.get("email") if claims.get("email_verified") is True else None
        groups = claims.get(self.settings.claim) or []
        return Vouched(
            subject=f"{self.settings.issuer} {claims['sub']}",
            name=str(claims.get("name") or email or claims["sub"]),
            email=email,
            groups=frozenset([groups] if isinstance(groups, str) else groups),
        )


async def start(request: Request) -> Response:
    """Send a browser to the company's sign-in."""
    company = _company(request)
    request.session["next"] = local(request.query_params.get("next"))
    try:
        return await company.ask(request, _back(request))
    except (AuthlibBaseError, httpx.HTTPError, ValueError) as error:
        logger.error("the company's sign-in cannot be reached: %s", error)
        return sign_in_page(request, FAILED, 502)


async def finish(request: Request) -> Response:
    """Take the company's word for who somebody is."""
    company = _company(request)
    try:
        vouched = await company.answer(request)
        agent = await _meet(request, company, vouched)
    except NotLetIn as error:
        logger.warning("not let in: %s", error)
        return sign_in_page(request, NO_PLACE, 403)
    except (AuthlibBaseError, JoseError, httpx.HTTPError, ValueError) as error:
        logger.warning("a sign-in by the company failed: %r", error)
        return sign_in_page(request, FAILED, 401)
    return await admit(request, agent, local(request.session.get("next")))


async def _meet(request: Request, company: Company, vouched: Vouched) -> Agent:
    service = Service.of(request)
    roles, now = company.settings.roles, service.clock()

    def meet(session: Session) -> Agent:
        return agents.meet(session, vouched, roles, now)

    return await service.store.write(meet)


def _company(request: Request) -> Company:
    settings = Service.of(request).settings.oidc
    if settings is None:
        raise HTTPException(404)
    state = request.app.state
    if not hasattr(state, "company"):
        state.company = Company(settings)
    company: Company = state.company
    return company


def _back(request: Request) -> str:
    return str(request.url_for("desk:oidc"))


ROUTES = [
    Route("/oidc/start", start),
    Route("/oidc", finish, name="oidc"),
]
