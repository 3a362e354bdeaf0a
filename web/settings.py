"""What the web process is told by its environment."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from journey.desk.agents import Role
from journey.store.engine import DEFAULT_URL
from web.channels.keys import FOLDER

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Oidc:
    """The company's own sign-in, and the roles that its groups give at the desk."""

    issuer: str
    client_id: str
    client_secret: str
    roles: Mapping[str, Role]
    claim: str = "groups"
    scope: str = "openid email profile"


@dataclass(frozen=True)
class Settings:
    """Addresses, keys and the sites that may embed the chat."""

    database_url: str
    door_url: str
    door_key: str
    secret: str
    site_secret: str
    sites: tuple[str, ...]
    language: str
    shop: str
    oidc: Oidc | None = None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Where the channels find their keys, before they look into `channels`."""
    channels: Path = FOLDER


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings; without COACH_SECRET sessions end with the process.

    Raises:
        ValueError: the company's sign-in is not described well.
    """
    port = environ.get("COACH_BOT_PORT", "5005")
    return Settings(
        database_url=environ.get("COACH_DATABASE_URL", DEFAULT_URL),
        door_url=environ.get("COACH_DOOR_URL", f"http://127.0.0.1:{port}"),
        door_key=environ.get("COACH_DOOR_KEY", ""),
        secret=environ.get("COACH_SECRET") or secrets.token_urlsafe(32),
        site_secret=environ.get("COACH_SITE_SECRET", ""),
        sites=tuple(environ.get("COACH_SITES", "").replace(",", " ").split()),
        language=environ.get("COACH_LANGUAGE", "en"),
        shop=environ.get("COACH_SHOP", "Hearth & Hale"),
        oidc=_read_oidc(environ),
        environ=environ,
        channels=Path(environ.get("COACH_CHANNELS", str(FOLDER))),
    )


def _read_oidc(environ: Mapping[str, str]) -> Oidc | None:
    issuer = environ.get("COACH_OIDC_ISSUER", "").strip()
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError(f"COACH_OIDC_ISSUER must begin with https://, not {issuer!r}")
    if not environ.get("COACH_OIDC_CLIENT_ID"):
        raise ValueError("COACH_OIDC_ISSUER needs COACH_OIDC_CLIENT_ID beside it")
    return Oidc(
        issuer=issuer,
        client_id=environ["COACH_OIDC_CLIENT_ID"],
        client_secret=environ.get("COACH_OIDC_CLIENT_SECRET", ""),
        roles=_read_roles(environ.get("COACH_OIDC_ROLES", "")),
        claim=environ.get("COACH_OIDC_CLAIM", Oidc.claim),
        scope=environ.get("COACH_OIDC_SCOPE", Oidc.scope),
    )


def _read_roles(given: str) -> Mapping[str, Role]:
    """Read `group=role, other group=role`."""
    roles = {}
    for pair in filter(None, (part.strip() for part in given.split(","))):
        group, _, role = (part.strip() for part in pair.rpartition("="))
        if not group or role not in list(Role):
            wanted = ", ".join(Role)
            raise ValueError(
                f"COACH_OIDC_ROLES: {pair!r} must be GROUP=ROLE, a role being {wanted}"
            )
        roles[group] = Role(role)
    return roles
