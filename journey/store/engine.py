"""Engines and sessions: SQLite by default, PostgreSQL by URL."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]
DEFAULT_URL = "sqlite:///var/coach.db"
PATIENCE = 15
"""Seconds that one waits for SQLite's one writer."""
ASKS_EVERY = 0.003


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
            f"busy_timeout={PATIENCE * 1000}",
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
        if not _begun_soon(connection.connection.driver_connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begun_soon(raw: sqlite3.Connection) -> bool:
    """Begin as soon as nobody writes; False when it cannot be done, or not in time.

    SQLite's own waiting asks ever more seldom, every tenth of a second at last, and
    a process that writes one transaction after another is seldom between two just
    then: the others starve beside it.
    """
    end = time.monotonic() + PATIENCE
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < end:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(ASKS_EVERY)
            else:
                return True
    finally:
        raw.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
    return False


def open_sessions(engine: Engine) -> Sessions:
    """Return the factory of sessions on an engine."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads and never waits for a writer."""
    with Session(engine.execution_options(readonly=True)) as session:
        yield session
