"""Passwords: hashed with argon2, compared in the same time for anybody."""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
_hasher = PasswordHasher()


class BadPassword(ValueError):
    """A new password that would not protect an account."""


def make_hash(password: str) -> str:
    """Return what is stored of a password.

    Raises:
        BadPassword: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"a password has {SHORTEST} to {LONGEST} characters")
    return _hasher.hash(password)


def generate() -> str:
    """Return a new random password."""
    return secrets.token_urlsafe(15)


def fits(stored: str | None, given: str) -> bool:
    """Tell whether a password is the stored one.

    Without a stored one the same work is done: the time tells nobody which
    accounts exist.
    """
    try:
        right = _hasher.verify(stored or _nobodys(), given[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


@lru_cache(1)
def _nobodys() -> str:
    return _hasher.hash(generate())
