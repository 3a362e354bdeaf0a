"""ID tokens of the site's own sign-in: whom they stand for, and every forgery."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.web.conftest import Running, running, serving
from tests.web.door import FakeDoor
from web.settings import Settings, SiteOidc, read_settings

KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
FOREIGN = RSAKey.generate_key(2048, {"kid": "1"})
CLIENT = "the-shop"


async def describe(request: Request) -> Response:
    issuer = str(request.base_url).rstrip("/")
    return JSONResponse({"issuer": issuer, "jwks_uri": f"{issuer}/keys"})


async def keys(_: Request) -> Response:
    return JSONResponse({"keys": [KEY.as_dict(private=False)]})


@pytest.fixture
async def issuer() -> AsyncIterator[str]:
    path = "/.well-known/openid-configuration"
    app = Starlette(routes=[Route(path, describe), Route("/keys", keys)])
    async with serving(app) as url:
        yield url


@pytest.fixture
async def shop(settings: Settings, issuer: str) -> AsyncIterator[Running]:
    told = replace(settings, site_oidc=SiteOidc(issuer, CLIENT))
    async with running(told, FakeDoor()) as system:
        yield system


def claims(issuer: str, **others: Any) -> dict[str, Any]:
    end = int(time.time()) + 300
    return {"iss": issuer, "aud": CLIENT, "sub": "ada", "exp": end, **others}


def token(claims: dict[str, Any], key: Any = KEY) -> str:
    return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)


def by_hand(head: dict[str, str], said: dict[str, Any], secret: bytes) -> str:
    """Make a token as no library does: with our public key as an HMAC's secret."""
    parts = [base64url(json.dumps(part).encode()) for part in (head, said)]
    digest = hmac.new(secret, ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, base64url(digest if secret else b"")])


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def test_same_customer_on_every_device(shop: Running, issuer: str) -> None:
    phone, laptop = shop.browser(), shop.browser()
    first = await phone.open(id_token=token(claims(issuer, name="Ada")))
    await phone.say("hello")
    await phone.until("re: hello")
    second = await laptop.open(id_token=token(claims(issuer)))
    assert first["verified"] and second["verified"]
    assert await laptop.texts() == ["hello", "re: hello"]
    third = await shop.browser().open(id_token=token(claims(issuer, sub="bob")))
    assert third["conversation"] != first["conversation"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-shop"},
        {"aud": [CLIENT, "another-shop"], "azp": "another-shop"},
        {"exp": 1_700_000_000},
        {"sub": None},
        {"exp": None},
    ],
    ids=["issuer", "audience", "party", "expired", "nobody", "endless"],
)
async def test_token_for_others_or_over_is_refused(
    shop: Running, issuer: str, wrong: dict[str, Any]
) -> None:
    said = {k: v for k, v in claims(issuer, **wrong).items() if v is not None}
    answer = await shop.browser().http.post(
        "/chat/session", json={"id_token": token(said)}
    )
    assert answer.status_code == 401


async def test_token_that_the_issuer_did_not_sign_is_refused(
    shop: Running, issuer: str
) -> None:
    said = claims(issuer)
    good = token(said)
    forged = [
        token(said, FOREIGN),
        by_hand({"alg": "HS256", "kid": "1"}, said, KEY.as_pem(private=False)),
        by_hand({"alg": "none"}, said, b""),
        good[:-8] + "AAAAAAAA",
        "not a token",
    ]
    for one in forged:
        sent = {"id_token": one}
        answer = await shop.browser().http.post("/chat/session", json=sent)
        assert answer.status_code == 401, one
    assert (await shop.browser().open(id_token=good))["verified"]


async def test_shop_without_sign_in_believes_no_token(system: Running) -> None:
    sent = {"id_token": token(claims("https://issuer.example"))}
    answer = await system.browser().http.post("/chat/session", json=sent)
    assert answer.status_code == 401


def test_issuer_must_be_secret_on_its_way() -> None:
    environ = {
        "COACH_SITE_OIDC_ISSUER": "http://issuer.example",
        "COACH_SITE_OIDC_CLIENT_ID": CLIENT,
    }
    with pytest.raises(ValueError, match="COACH_SITE_OIDC_ISSUER must begin"):
        read_settings(environ)
