"""Signing in at the desk: counted tries, and sessions that can be taken back."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from journey.desk.agents import plain
from journey.store.tables import Agent, AgentSession, SignInTry

WINDOW = timedelta(minutes=15)
HERE, NAME, ADDRESS = 5, 50, 50
"""How many failed tries in a window: of a name at an address, of a name, at an address.

Only the first is low: nobody can lock an agent out from somewhere else.
"""
LASTS = timedelta(hours=12)
KEPT = timedelta(days=30)


class LockedOut(Exception):
    """There were too many failed tries; `until` says when the next one counts."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"too many failed tries, locked until {until:%H:%M}")
        self.until = until


def attempt(session: Session, name: str, address: str, now: datetime) -> SignInTry:
    """Count a try before the password is looked at, so that none goes uncounted.

    Raises:
        LockedOut: there were too many.
    """
    known = plain(name)[:200]
    by_name, by_address = SignInTry.name == known, SignInTry.address == address
    for where, most in (
        (by_name & by_address, HERE),
        (by_name, NAME),
        (by_address, ADDRESS),
    ):
        _refuse_too_many(session, where, most, now)
    session.execute(delete(SignInTry).where(SignInTry.at < now - KEPT))
    made = SignInTry(name=known, address=address, at=now)
    session.add(made)
    session.flush()
    return made


def _refuse_too_many(
    session: Session, where: ColumnElement[bool], most: int, now: datetime
) -> None:
    failed = select(SignInTry.at).where(
        where, SignInTry.state == "failed", SignInTry.at > now - WINDOW
    )
    times = session.scalars(failed.order_by(SignInTry.at.desc()).limit(most)).all()
    if len(times) == most:
        raise LockedOut(times[-1] + WINDOW)


def succeed(session: Session, tried: SignInTry) -> None:
    """Let a try count as passed, and forgive the failed ones of name and address."""
    same = (SignInTry.name == tried.name) & (SignInTry.address == tried.address)
    failed = update(SignInTry).where(same, SignInTry.state == "failed")
    session.execute(failed.values(state="forgiven"))
    passed = update(SignInTry).where(SignInTry.id == tried.id)
    session.execute(passed.values(state="passed"))


def open_session(session: Session, agent: Agent, address: str, now: datetime) -> str:
    """Sign an agent in; return the secret that the browser is to hold."""
    secret = secrets.token_urlsafe(32)
    opened = AgentSession(
        id=_hash(secret),
        agent_id=agent.id,
        address=address,
        opened_at=now,
        expires_at=now + LASTS,
    )
    session.add(opened)
    return secret


def signed_in(session: Session, secret: str, now: datetime) -> Agent | None:
    """Return who is signed in with a secret."""
    query = (
        select(Agent)
        .join(AgentSession, AgentSession.agent_id == Agent.id)
        .where(
            AgentSession.id == _hash(secret),
            AgentSession.ended_at.is_(None),
            AgentSession.expires_at > now,
            Agent.active,
        )
    )
    return session.scalars(query).first()


def close_session(session: Session, secret: str, now: datetime) -> None:
    """Sign out."""
    mine = (AgentSession.id == _hash(secret)) & AgentSession.ended_at.is_(None)
    session.execute(update(AgentSession).where(mine).values(ended_at=now))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
