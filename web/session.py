"""Who writes: a signed session, and the site's word for who its customer is."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from starlette.requests import Request

from journey.messages.conversations import latest, opened
from journey.people.customers import (
    add_identity,
    find_customer,
    is_verified,
    meet_customer,
)
from journey.store.base import new_id
from journey.store.tables import Customer

CHANNEL = "web"
SITE = "site"
COOKIE = "coach_session"
LASTS = 180 * 24 * 3600


@dataclass(frozen=True)
class Visitor:
    """The customer and the conversation that a session stands for."""

    customer_id: str
    conversation_id: str
    verified: bool = False


class NoSession(Exception):
    """There is no session, or it was not signed by us."""


def stranger() -> Visitor:
    """Return a visitor nobody knows; no row is written until the first message."""
    return Visitor(new_id(), new_id())


class Signer:
    """Signs sessions, and checks what the site signed."""

    def __init__(self, secret: str, site_secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="coach-session")
        self._site_secret = site_secret.encode()

    def seal(self, visitor: Visitor) -> str:
        """Return the session as a token."""
        parts = [visitor.customer_id, visitor.conversation_id, visitor.verified]
        return str(self._serializer.dumps(parts))

    def unseal(self, token: str) -> Visitor:
        """Return who a token stands for.

        Raises:
            NoSession: it was forged, or it is older than half a year.
        """
        try:
            customer, conversation, verified = self._serializer.loads(token, LASTS)
        except (BadSignature, ValueError, TypeError):
            raise NoSession from None
        return Visitor(customer, conversation, verified)

    def vouches(self, user_id: str, signature: str) -> bool:
        """Tell whether the site signed this user id (HMAC-SHA256, hexadecimal)."""
        if not self._site_secret:
            return False
        wanted = hmac.new(self._site_secret, user_id.encode(), hashlib.sha256)
        given = signature.strip().lower().encode()
        return hmac.compare_digest(wanted.hexdigest().encode(), given)

    def visitor(self, request: Request) -> Visitor:
        """Return who sent a request, by its token or its cookie.

        Raises:
            NoSession: neither is there and good, or another site sent the cookie.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.unseal(token)
        if COOKIE not in request.cookies or is_foreign(request):
            raise NoSession
        return self.unseal(request.cookies[COOKIE])


def is_foreign(request: Request) -> bool:
    """Tell whether a page of another origin sent a request."""
    origin = request.headers.get("origin")
    return origin is not None and origin != f"{request.url.scheme}://{_host(request)}"


def _host(request: Request) -> str:
    return request.headers.get("host", "")


def recognise(
    session: Session,
    user_id: str,
    *,
    name: str | None,
    now_visiting: Visitor | None,
    now: datetime,
) -> Visitor:
    """Return the visitor behind a verified user id: same customer on any device.

    Somebody who wrote before signing in keeps that conversation, unless the
    customer is known already.
    """
    if now_visiting and find_customer(session, SITE, user_id) is None:
        _adopt(session, now_visiting, user_id, now)
    customer = meet_customer(session, SITE, user_id, verified=True, name=name, now=now)
    customer.name = name or customer.name
    found = latest(session, customer.id, CHANNEL)
    conversation = found or opened(
        session, new_id(), customer_id=customer.id, channel=CHANNEL, now=now
    )
    return Visitor(customer.id, conversation.id, verified=True)


def _adopt(session: Session, visitor: Visitor, user_id: str, now: datetime) -> None:
    customer = session.get(Customer, visitor.customer_id)
    if customer and not is_verified(session, customer.id):
        add_identity(session, customer, SITE, user_id, True, now)
