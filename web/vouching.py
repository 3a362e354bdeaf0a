"""The site's own sign-in: an OpenID Connect ID token says who its customer is."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from web.channels.incoming import fitting
from web.settings import SiteOidc

logger = logging.getLogger(__name__)
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
"""Signatures only: with HMAC, who can check a token can also make one."""
FETCHED_EVERY = timedelta(minutes=1)
"""Keys are fetched again for an unknown one, but not for every forged token."""
SKEW = 60


class NotVouched(Exception):
    """A token that the issuer did not make for us, or that is too old."""


@dataclass(frozen=True)
class Subject:
    """Whom the issuer vouches for; `user_id` is theirs alone."""

    user_id: str
    name: str | None


class IdTokens:
    """Checks ID tokens with the keys that the issuer publishes."""

    def __init__(
        self, site: SiteOidc, http: httpx.AsyncClient, clock: Callable[[], datetime]
    ) -> None:
        self._site, self._http, self._clock = site, http, clock
        self._keys: KeySet | None = None
        self._fetched_at: datetime | None = None
        self._lock = asyncio.Lock()

    async def subject(self, token: str) -> Subject:
        """Return whom a token stands for.

        Raises:
            NotVouched: it was forged, is not for us or is over, or nobody can tell.
        """
        try:
            claims = await self._claims(token)
        except (JoseError, httpx.HTTPError, ValueError, KeyError) as error:
            logger.warning("an ID token is refused: %r", error)
            raise NotVouched from None
        # One made for another client may name us among its audience.
        if claims.get("azp", self._site.client_id) != self._site.client_id:
            raise NotVouched
        name = claims.get("name")
        return Subject(
            fitting(f"{self._site.issuer} {claims['sub']}"),
            name[:150] if isinstance(name, str) and name else None,
        )

    async def _claims(self, token: str) -> Mapping[str, Any]:
        keys = self._keys or await self._fetch()
        try:
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            if not self._may_fetch():
                raise
            decoded = jwt.decode(token, await self._fetch(), algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=SKEW,
            iss={"essential": True, "value": self._site.issuer},
            aud={"essential": True, "value": self._site.client_id},
            exp={"essential": True},
            sub={"essential": True},
        )
        rules.validate(decoded.claims)
        return decoded.claims

    def _may_fetch(self) -> bool:
        at = self._fetched_at
        return at is None or self._clock() - at >= FETCHED_EVERY

    async def _fetch(self) -> KeySet:
        async with self._lock:
            if self._keys is None or self._may_fetch():
                self._fetched_at = self._clock()
                base = self._site.issuer.rstrip("/")
                about = await self._read(f"{base}/.well-known/openid-configuration")
                if about["issuer"] != self._site.issuer:
                    raise ValueError("the issuer names itself otherwise")
                keys = await self._read(str(about["jwks_uri"]))
                self._keys = KeySet.import_key_set({"keys": keys["keys"]})
            return self._keys

    async def _read(self, url: str) -> Mapping[str, Any]:
        response = await self._http.get(url)
        response.raise_for_status()
        found: Mapping[str, Any] = response.json()
        return found
