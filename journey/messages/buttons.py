"""Buttons: what travels through a browser is a token, never what it means."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from journey.store.tables import ButtonToken

LIFETIME = timedelta(days=7)


class UnknownButton(Exception):
    """The token was never given out in this conversation, or it is too old."""


def issue(
    session: Session, conversation_id: str, *, title: str, payload: str, now: datetime
) -> str:
    """Return a token that stands for a payload in one conversation for a week."""
    button = ButtonToken(
        token=secrets.token_urlsafe(12),
        conversation_id=conversation_id,
        title=title,
        payload=payload,
        expires_at=now + LIFETIME,
    )
    session.add(button)
    return button.token


def drop_expired(session: Session, *, now: datetime) -> None:
    """Remove the tokens that nobody can use any more."""
    session.execute(delete(ButtonToken).where(ButtonToken.expires_at <= now))


def redeem(
    session: Session, conversation_id: str, token: str, *, now: datetime
) -> ButtonToken:
    """Return what a token stands for; the same one may be pressed again.

    Raises:
        UnknownButton: it is not of this conversation, or it has expired.
    """
    button = session.get(ButtonToken, token)
    if button is None or button.conversation_id != conversation_id:
        raise UnknownButton
    if button.expires_at <= now:
        raise UnknownButton
    return button
