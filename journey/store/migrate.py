"""Bringing a database to the newest shape with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from journey.store.engine import open_engine

HERE = Path(__file__).parent / "migrations"


def migration_config(url: str) -> Config:
    """Return Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url
    return config


def migrate_database(url: str) -> None:
    """Apply every migration that a database has not seen yet."""
    open_engine(url).dispose()
    command.upgrade(migration_config(url), "head")
