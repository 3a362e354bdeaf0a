"""The databases that the product runs on, each empty, with all tables."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
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
            engine = open_engine(put_sqlite(Path(home) / "coach.db"))
            yield engine
            engine.dispose()
            return
        assert BINARIES
        with postgres(BINARIES, Path(home)) as url:
            engine = open_engine(url.replace("postgresql:", "postgresql+psycopg:"))
            Base.metadata.create_all(engine)
            yield engine
            engine.dispose()


def put_sqlite(path: Path) -> str:
    """Put an empty SQLite database with all tables at a path; return its URL.

    Copied, since making the tables takes longer than most tests.
    """
    path.write_bytes(_empty_sqlite())
    return f"sqlite:///{path}"


@cache
def _empty_sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "coach.db"
        engine = open_engine(f"sqlite:///{path}")
        Base.metadata.create_all(engine)
        engine.dispose()
        return path.read_bytes()
