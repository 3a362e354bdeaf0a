"""The databases that the product runs on, each empty, with all tables."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from journey.store.engine import open_engine
from journey.store.tables import Base
from tests.bot.databases import installed, postgres

BINARIES = installed()
NEEDS_POSTGRES = pytest.mark.skipif(BINARIES is None, reason="no PostgreSQL")
BOTH = ["sqlite", pytest.param("postgresql", marks=NEEDS_POSTGRES)]


@contextmanager
def filled(kind: str) -> Iterator[Engine]:
    """Open a database of a kind with the tables made."""
    # A socket's path may have 107 characters: pytest's own folders are too deep.
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        if kind == "sqlite":
            with _engine(f"sqlite:///{home}/coach.db") as engine:
                yield engine
            return
        assert BINARIES
        with postgres(BINARIES, Path(home)) as url:
            address = url.replace("postgresql:", "postgresql+psycopg:")
            with _engine(address) as engine:
                yield engine


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
