"""Webhooks signed as both platforms do: base64 of HMAC-SHA256 over the raw body."""

import base64
import hashlib
import hmac

from journey.shop.platform import Forged


def check(secret: str, body: bytes, signature: str | None) -> None:
    """Refuse a body that is not signed with our secret.

    Raises:
        Forged: the signature is missing or another one, or we have no secret.
    """
    given = (signature or "").encode("ascii", "replace")
    if not secret or not hmac.compare_digest(sign(secret, body), given):
        raise Forged("the signature does not fit")


def sign(secret: str, body: bytes) -> bytes:
    """Return the signature of a body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
