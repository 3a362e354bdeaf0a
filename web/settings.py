"""What the web process is told by its environment."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from journey.desk.agents import Role
from journey.store.engine import DEFAULT_URL
from journey.wires import is_safe
from web.channels.keys import FOLDER


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
class SiteOidc:
    """The site's own sign-in, whose ID tokens say who its customers are."""

    issuer: str
    client_id: str


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
    site_oidc: SiteOidc | None = None
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
        site_oidc=_read_site_oidc(environ),
        environ=environ,
        channels=Path(environ.get("COACH_CHANNELS", str(FOLDER))),
    )


def _read_issuer(environ: Mapping[str, str], prefix: str) -> str:
    issuer = environ.get(f"{prefix}_ISSUER", "").strip()
    if not issuer:
        return ""
    if not is_safe(issuer):
        raise ValueError(f"{prefix}_ISSUER must begin with https://, not {issuer!r}")
    if not environ.get(f"{prefix}_CLIENT_ID"):
        raise ValueError(f"{prefix}_ISSUER needs {prefix}_CLIENT_ID beside it")
    return issuer


def _read_site_oidc(environ: Mapping[str, str]) -> SiteOidc | None:
    issuer = _read_issuer(environ, "COACH_SITE_OIDC")
    if not issuer:
        return None
    return SiteOidc(issuer, environ["COACH_SITE_OIDC_CLIENT_ID"])


def _read_oidc(environ: Mapping[str, str]) -> Oidc | None:
    issuer = _read_issuer(environ, "COACH_OIDC")
    if not issuer:
        return None
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
