"""Where things are and which ports they use, from the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from journey.people.tracker import DEFAULT_URL as TRACKER_URL
from journey.shop.port import Shop
from journey.shop.settings import Misconfigured, open_shop
from journey.store.engine import DEFAULT_URL


@dataclass(frozen=True)
class Settings:
    """Folders, ports and addresses of one installation."""

    root: Path
    host: str
    web_port: int
    bot_port: int
    actions_port: int
    database_url: str
    tracker_url: str

    @property
    def data(self) -> Path:
        """The owner's data."""
        return self.root / "data"

    @property
    def var(self) -> Path:
        """What the installation writes."""
        return self.root / "var"

    @property
    def models(self) -> Path:
        """The trained models."""
        return self.root / "models"

    @property
    def bot_python(self) -> Path:
        """The engine's own interpreter."""
        return self.root / "bot" / ".venv" / "bin" / "python"

    @property
    def terms(self) -> Path:
        """The catalogue's words, as the engine reads them."""
        return self.var / "terms.json"

    @property
    def url(self) -> str:
        """Where a browser finds the shop."""
        return f"http://{self.host}:{self.web_port}/"


def read_settings(environ: Mapping[str, str], root: Path) -> Settings:
    """Read the settings; a port that is no number is refused by its name.

    Raises:
        ValueError: a variable does not hold a port.
    """
    return Settings(
        root=root,
        host=environ.get("COACH_HOST", "127.0.0.1"),
        web_port=_port(environ, "COACH_WEB_PORT", 8080),
        bot_port=_port(environ, "COACH_BOT_PORT", 5005),
        actions_port=_port(environ, "COACH_ACTIONS_PORT", 5055),
        database_url=environ.get("COACH_DATABASE_URL", DEFAULT_URL),
        tracker_url=environ.get("COACH_TRACKER_URL", TRACKER_URL),
    )


def shop_of(environ: Mapping[str, str]) -> Shop:
    """Return the shop that the settings name.

    Raises:
        ClickException: a setting of it cannot be right.
    """
    try:
        return open_shop(environ)
    except Misconfigured as error:
        raise click.ClickException(str(error)) from error


def make_secrets(var: Path) -> dict[str, str]:
    """Return the installation's secrets, made once and readable by its user only."""
    names = ("COACH_SECRET", "COACH_DOOR_KEY", "COACH_SITE_SECRET")
    return {name: _secret(var / name.lower()) for name in names}


def _secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()


def _port(environ: Mapping[str, str], name: str, usual: int) -> int:
    given = environ.get(name, str(usual))
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise ValueError(f"{name} must be a port from 1 to 65535, not {given!r}")
    return int(given)
