"""Tables of the conversations, and the few statements that read and write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.database import (
    conversations,
    database_url,
    events,
    metadata,
    open_engine,
    turns,
)


class Conflict(Exception):
    """Another process has written to the conversation since it was read."""


@dataclass(frozen=True)
class Row:
    """One event as it is stored: `data` is its JSON."""

    type: str
    at: float
    data: str


@dataclass(frozen=True)
class Window:
    """What the next turn needs: the events after `since`, and what was before them."""

    since: int
    snapshot: str
    events: Sequence[str]


@dataclass(frozen=True)
class Change:
    """One turn: new rows after the event `last`, and the snapshot up to `since`."""

    last: int
    rows: Sequence[Row]
    since: int
    snapshot: str
    at: float
    message_id: str | None = None


class History:
    """Conversations in SQLite or PostgreSQL; every method is one transaction."""

    def __init__(self, url: str) -> None:
        """Open the database and create the tables that are missing."""
        self.engine = open_engine(database_url(url))
        metadata.create_all(self.engine)

    def window(self, sender_id: str) -> Window | None:
        with self.engine.connect() as connection:
            return read_window(connection, sender_id)

    def turn(self, sender_id: str, message_id: str) -> Sequence[str] | None:
        """Return what the bot said in a turn that was saved, else None."""
        where = (turns.c.sender_id == sender_id, turns.c.message_id == message_id)
        with self.engine.connect() as connection:
            turn = connection.execute(
                sa.select(turns.c.first_seq, turns.c.last_seq).where(*where)
            ).first()
            if turn is None:
                return None
            said = (
                events.c.seq.between(turn.first_seq, turn.last_seq),
                events.c.type == "bot",
            )
            return read_events(connection, sender_id, *said)

    def everything(self, sender_id: str) -> tuple[int, Sequence[str]]:
        """Return every event kept, and how many before them were pruned."""
        with self.engine.connect() as connection:
            return read_from(connection, sender_id, 1)

    def session(self, sender_id: str) -> tuple[int, Sequence[str]]:
        """Return every event kept of the latest session, and how many came before."""
        began = sa.select(sa.func.max(events.c.seq)).where(
            events.c.sender_id == sender_id, events.c.type == "session_started"
        )
        with self.engine.connect() as connection:
            return read_from(
                connection, sender_id, connection.execute(began).scalar() or 1
            )

    def senders(self) -> Sequence[str]:
        with self.engine.connect() as connection:
            return list(
                connection.execute(sa.select(conversations.c.sender_id)).scalars()
            )

    def exists(self, sender_id: str) -> bool:
        query = sa.select(conversations.c.events).where(
            conversations.c.sender_id == sender_id
        )
        with self.engine.connect() as connection:
            return connection.execute(query).first() is not None

    def append(self, sender_id: str, change: Change) -> None:
        """Save one turn whole.

        Raises:
            Conflict: the conversation is no longer at the event `change.last`.
        """
        try:
            with self._writing() as connection:
                advance(connection, sender_id, change)
                insert_rows(connection, sender_id, change)
        except sa.exc.IntegrityError as error:
            raise Conflict(sender_id) from error

    def erase(self, sender_id: str) -> int:
        """Delete every trace of a conversation; return how many events that were."""
        with self._writing() as connection:
            deleted: int = connection.execute(
                sa.delete(events).where(events.c.sender_id == sender_id)
            ).rowcount
            for table in (turns, conversations):
                connection.execute(
                    sa.delete(table).where(table.c.sender_id == sender_id)
                )
        self._empty_journal()
        return deleted

    def prune(self, before: float) -> int:
        """Delete what is older than `before` (seconds since 1970).

        A conversation silent since then goes whole; a living one keeps its window.
        """
        with self._writing() as connection:
            deleted = prune_silent(connection, before)
            return deleted + prune_old(connection, before)

    def close(self) -> None:
        self.engine.dispose()

    def _writing(self) -> Any:
        return self.engine.execution_options(writes=True).begin()

    def _empty_journal(self) -> None:
        """Fold SQLite's journal into the file, where deleted text is overwritten."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def read_window(connection: Connection, sender_id: str) -> Window | None:
    found = connection.execute(
        sa.select(conversations.c.since, conversations.c.snapshot).where(
            conversations.c.sender_id == sender_id
        )
    ).first()
    if found is None:
        return None
    kept = read_events(connection, sender_id, events.c.seq > found.since)
    return Window(found.since, found.snapshot, kept)


def read_events(connection: Connection, sender_id: str, *where: Any) -> Sequence[str]:
    query = sa.select(events.c.data).where(events.c.sender_id == sender_id, *where)
    return list(connection.execute(query.order_by(events.c.seq)).scalars())


def read_from(
    connection: Connection, sender_id: str, seq: int
) -> tuple[int, Sequence[str]]:
    oldest = sa.select(sa.func.min(events.c.seq)).where(
        events.c.sender_id == sender_id, events.c.seq >= seq
    )
    first = connection.execute(oldest).scalar() or 1
    return first - 1, read_events(connection, sender_id, events.c.seq >= first)


def advance(connection: Connection, sender_id: str, change: Change) -> None:
    values = {
        "events": change.last + len(change.rows),
        "since": change.since,
        "snapshot": change.snapshot,
        "at": change.at,
    }
    if change.last == 0:
        connection.execute(conversations.insert(), {"sender_id": sender_id, **values})
        return
    where = (
        conversations.c.sender_id == sender_id,
        conversations.c.events == change.last,
    )
    if connection.execute(sa.update(conversations).where(*where), values).rowcount != 1:
        raise Conflict(sender_id)


def insert_rows(connection: Connection, sender_id: str, change: Change) -> None:
    rows = [
        {"sender_id": sender_id, "seq": seq, "type": r.type, "at": r.at, "data": r.data}
        for seq, r in enumerate(change.rows, change.last + 1)
    ]
    if rows:
        connection.execute(events.insert(), rows)
    if change.message_id is None:
        return
    turn = {
        "sender_id": sender_id,
        "message_id": change.message_id,
        "first_seq": change.last + 1,
        "last_seq": change.last + len(rows),
        "at": change.at,
    }
    connection.execute(turns.insert(), turn)


def prune_silent(connection: Connection, before: float) -> int:
    silent = sa.select(conversations.c.sender_id).where(conversations.c.at < before)
    deleted: int = connection.execute(
        sa.delete(events).where(events.c.sender_id.in_(silent))
    ).rowcount
    connection.execute(sa.delete(turns).where(turns.c.sender_id.in_(silent)))
    connection.execute(sa.delete(conversations).where(conversations.c.at < before))
    return deleted


def prune_old(connection: Connection, before: float) -> int:
    folded = sa.select(conversations.c.since).where(
        conversations.c.sender_id == events.c.sender_id
    )
    old = events.c.at < before, events.c.seq <= folded.scalar_subquery()
    deleted: int = connection.execute(sa.delete(events).where(*old)).rowcount
    connection.execute(sa.delete(turns).where(turns.c.at < before))
    return deleted
