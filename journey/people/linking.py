"""One-time codes: who brings one from another channel is the same person."""

import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from journey.store.tables import LinkCode

LIFETIME = timedelta(minutes=15)
SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that are taken for one another when they are typed."""
LONG = 12
PREFIX = "LINK-"
CODE = re.compile(rf"{PREFIX}([{SIGNS}]{{{LONG}}})", re.I)


def issue(session: Session, customer_id: str, *, now: datetime) -> str:
    """Return a code that stands for a customer once, for a quarter of an hour."""
    session.execute(delete(LinkCode).where(LinkCode.expires_at <= now))
    code = PREFIX + "".join(secrets.choice(SIGNS) for _ in range(LONG))
    expires_at = now + LIFETIME
    session.add(LinkCode(code=code, customer_id=customer_id, expires_at=expires_at))
    session.flush()
    return code


def code_in(text: str) -> str | None:
    """Return the code that is all there is in a text."""
    found = CODE.fullmatch(text.strip())
    return found.group().upper() if found else None


def whose(session: Session, code: str, *, now: datetime) -> str | None:
    """Return the customer whom a code stands for, and leave it; None: it is none."""
    row = session.get(LinkCode, code, with_for_update=True)
    return row.customer_id if row and row.expires_at > now else None


def redeem(session: Session, code: str, *, now: datetime) -> str | None:
    """Return the customer whom a code stands for, once; None when it is too old."""
    customer_id = whose(session, code, now=now)
    session.execute(delete(LinkCode).where(LinkCode.code == code))
    session.flush()
    return customer_id
