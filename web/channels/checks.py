"""Whether a provider sent a request: its signature, and that it is fresh."""

import hashlib
import hmac
from datetime import datetime, timedelta

from web.channels.faults import Forged

FRESH = timedelta(minutes=5)
"""A request that was signed longer ago is a replay."""


def check_hmac(secret: str, message: bytes, given: str, *, prefix: str) -> None:
    """Compare an HMAC-SHA256 in hexadecimal, in constant time.

    Raises:
        Forged: it is another one, or there is no secret to compare with.
    """
    if not secret or not given:
        raise Forged("the signature is missing")
    digest = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"{prefix}{digest}".encode(), given.encode()):
        raise Forged("the signature does not fit")


def check_fresh(timestamp: str, now: datetime) -> None:
    """Refuse what was signed too long ago, or far in the future.

    Raises:
        Forged: the time, in seconds since 1970, is missing or not near.
    """
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        raise Forged("the timestamp is missing")
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
        raise Forged("the timestamp is too old", 403)
