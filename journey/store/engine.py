"""Engines and sessions: SQLite by default, PostgreSQL by URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]
DEFAULT_URL = "sqlite:///var/coach.db"


def database_url() -> str:
    """Return the database to use, from COACH_DATABASE_URL."""
    return os.environ.get("COACH_DATABASE_URL", DEFAULT_URL)


def open_engine(url: str) -> Engine:
    """Open a database; a SQLite file's folder is made when it is missing.

    On SQLite every transaction begins `IMMEDIATE`: a writer waits for its turn
    instead of failing when two read first and write later. With WAL and
    `synchronous=NORMAL` a commit outlives the process, but the last ones may be
    lost with the machine: enough for work that is then done again. The execution
    option `durable` puts a commit, and all before it, on the disk.

    Errors never show the values of a statement: they are customers' words, and logs
    are read by others.
    """
    pinged = not url.startswith("sqlite")
    engine = create_engine(url, pool_pre_ping=pinged, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=15000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("readonly", False):
            connection.exec_driver_sql("BEGIN")
            return
        level = "FULL" if options.get("durable", False) else "NORMAL"
        connection.exec_driver_sql(f"PRAGMA synchronous={level}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def open_sessions(engine: Engine) -> Sessions:
    """Return the factory of sessions on an engine."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads and never waits for a writer."""
    with Session(engine.execution_options(readonly=True)) as session:
        yield session
