"""The engine's own memory of conversations, for export and erasure.

The engine is sealed: nothing is known of its tables but that each row about a
conversation carries its id in `sender_id`.
"""

import os
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, delete, select

DEFAULT_URL = "sqlite:///var/tracker.db"


def tracker_url() -> str:
    """Return the engine's database, from COACH_TRACKER_URL."""
    return os.environ.get("COACH_TRACKER_URL", DEFAULT_URL)


def read_tracker(engine: Engine, conversations: Sequence[str]) -> dict[str, Any]:
    """Return every row that the engine holds about conversations, by table."""
    found = {}
    with engine.connect() as connection:
        for table in _tables(connection):
            query = select(table).where(table.c.sender_id.in_(conversations))
            found[table.name] = [
                dict(row._mapping) for row in connection.execute(query)
            ]
    return found


def erase_tracker(engine: Engine, conversations: Sequence[str]) -> dict[str, int]:
    """Remove every row that the engine holds about conversations."""
    counts = {}
    with engine.begin() as connection:
        for table in _tables(connection):
            gone = delete(table).where(table.c.sender_id.in_(conversations))
            counts[table.name] = connection.execute(gone).rowcount
    return counts


def _tables(connection: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    tables = reversed(metadata.sorted_tables)
    return [x for x in tables if x.name.startswith("bot_") and "sender_id" in x.c]
