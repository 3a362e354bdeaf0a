"""What the web process is told by its environment."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from journey.store.engine import DEFAULT_URL


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


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings; without COACH_SECRET sessions end with the process."""
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
    )
