"""The Standard Webhooks scheme: an HMAC over id, timestamp and body."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from web.channels.checks import check_fresh
from web.channels.faults import Forged
from web.channels.incoming import Raw

PREFIX = "whsec_"
VERSION = "v1"


def check_signed(secret: str, raw: Raw, now: datetime) -> None:
    """Check a request's signature, and that it was signed a moment ago.

    Raises:
        Forged: it was not.
    """
    stamp = raw.headers.get("webhook-timestamp", "")
    check_fresh(stamp, now)
    wanted = _sign(secret, raw.headers.get("webhook-id", ""), stamp, raw.body)
    # Several while a secret is changed: one that fits is enough.
    given = raw.headers.get("webhook-signature", "").split()
    fits = [hmac.compare_digest(wanted.encode(), one.encode()) for one in given]
    if not any(fits):
        raise Forged("the signature does not fit")


def signed_headers(
    secret: str, letter: str, body: bytes, now: datetime
) -> Mapping[str, str]:
    """Return the headers by which the other side knows that a request is ours."""
    stamp = str(int(now.timestamp()))
    return {
        "webhook-id": letter,
        "webhook-timestamp": stamp,
        "webhook-signature": _sign(secret, letter, stamp, body),
    }


def is_secret(secret: str) -> bool:
    """Tell whether something can be used as a secret."""
    try:
        return bool(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError):
        return False


def _sign(secret: str, letter: str, stamp: str, body: bytes) -> str:
    if not is_secret(secret):
        raise Forged("the channel's secret is not base64")
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{letter}.{stamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(digest).decode()}"
