"""A table of any length in order of time, kept in a file beside it while it is read.

So memory does not grow with the table, lines of one order need not stand together,
and an import that was cut short goes on where it was.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from itertools import groupby, islice
from pathlib import Path

from journey.history.lines import Line

BATCH = 5000
COLUMNS = "line, customer, product, category, quantity, price, at, ordered"
MADE = f"CREATE TABLE IF NOT EXISTS lines ({COLUMNS}, PRIMARY KEY (line))"
SORTED = "CREATE INDEX IF NOT EXISTS sorted ON lines (at, customer, ordered, line)"
STATE = "CREATE TABLE IF NOT EXISTS state (name PRIMARY KEY, value)"
Past = list[Line]


class Staging:
    """Lines of one table, in a file of SQLite."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        for statement in (MADE, STATE):
            self._db.execute(statement)

    @property
    def whole(self) -> bool:
        """Whether all lines of the table are there."""
        return self._get("whole") == "yes"

    @property
    def done(self) -> int:
        """How many orders have been imported."""
        return int(self._get("done") or 0)

    def fill(self, lines: Iterable[Line]) -> None:
        """Put all lines in, in the order in which they come."""
        self._db.execute("DELETE FROM lines")
        told = iter(lines)
        while batch := list(islice(told, BATCH)):
            self._db.execute("BEGIN")
            rows = [_row(line) for line in batch]
            values = ", ".join("?" * len(rows[0]))
            self._db.executemany(f"INSERT INTO lines VALUES ({values})", rows)
            self._db.execute("COMMIT")
        self._db.execute(SORTED)
        self._put("whole", "yes")

    def count(self) -> int:
        """Return how many orders there are."""
        distinct = "SELECT DISTINCT at, customer, ordered FROM lines"
        found = self._db.execute(f"SELECT count(*) FROM ({distinct})").fetchone()
        return int(found[0])

    def orders(self) -> Iterator[Past]:
        """Yield the lines of each order, the oldest order first."""
        query = f"SELECT {COLUMNS} FROM lines ORDER BY at, customer, ordered, line"
        with closing(self._db.cursor()) as cursor:
            lines = (_line(row) for row in cursor.execute(query))
            for _, group in groupby(lines, key=lambda x: (x.at, x.customer, x.order)):
                yield list(group)

    def advance(self, orders: int) -> None:
        """Note that so many orders more have been imported."""
        self._put("done", str(self.done + orders))

    def close(self, *, finished: bool) -> None:
        """Close the file; when all is imported it goes."""
        self._db.close()
        if finished:
            self.path.unlink()
            for end in ("-wal", "-shm"):
                self.path.with_name(self.path.name + end).unlink(missing_ok=True)

    def _get(self, name: str) -> str | None:
        query = "SELECT value FROM state WHERE name = ?"
        row = self._db.execute(query, (name,)).fetchone()
        return str(row[0]) if row else None

    def _put(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))


def _row(line: Line) -> tuple[object, ...]:
    return (
        *(line.line, line.customer, line.product, line.category, line.quantity),
        *(str(line.price), line.at.isoformat(), line.order),
    )


def _line(row: tuple[int, str, str, str, int, str, str, str]) -> Line:
    line, customer, product, category, quantity, price, at, order = row
    when, cost = datetime.fromisoformat(at), Decimal(price)
    return Line(line, customer, product, category, quantity, cost, when, order)
