"""Statements whose text is made once, for what happens with every message.

Compiling, even from a cache, costs more than most of these statements take in the
database. Values are bound, and results read, by the types of the columns as ever.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Dialect,
    Numeric,
    String,
    bindparam,
)
from sqlalchemy.sql import Executable, Select
from sqlalchemy.types import TypeEngine

Process = Callable[[Any], Any] | None
Values = tuple[Any, ...] | dict[str, Any]
SIZES = (8, 48, 96, 480)
"""So many places has an `IN`: the fewest that do."""


@dataclass(frozen=True)
class Made:
    """A statement's text for one dialect, and how its values are bound and read."""

    text: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    binds: Mapping[str, Callable[[Any], Any]]
    reads: tuple[Process, ...]
    positional: bool

    def bound(self, given: Mapping[str, Any]) -> Values:
        """Return values as the driver takes them."""
        values = {**self.fixed, **given}
        for name, process in self.binds.items():
            values[name] = process(values[name])
        if self.positional:
            return tuple([values[name] for name in self.names])
        return values

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row as its columns' types have it."""
        pairs = zip(self.reads, row, strict=True)
        return tuple([process(x) if process else x for process, x in pairs])


@dataclass(frozen=True)
class Prepared:
    """A statement without lists of unknown length, made once per dialect."""

    statement: Executable
    _made: dict[str, Made] = field(default_factory=dict, compare=False)

    def rows(self, connection: Connection, **given: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows."""
        made = self._for(connection)
        found = connection.exec_driver_sql(made.text, made.bound(given)).fetchall()
        yield from map(made.read, found) if any(made.reads) else map(tuple, found)

    def run(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it once a row."""
        made = self._for(connection)
        values: Any = [made.bound(row) for row in rows]
        connection.exec_driver_sql(made.text, values if values[1:] else values[0])

    def _for(self, connection: Connection) -> Made:
        dialect = connection.dialect
        if dialect.name not in self._made:
            self._made[dialect.name] = made_for(self.statement, dialect)
        return self._made[dialect.name]


@dataclass(frozen=True)
class Among:
    """A statement about any number of values, made once for each of SIZES."""

    statement: Callable[[Sequence[BindParameter[str]]], Executable]
    _sizes: dict[int, Prepared] = field(default_factory=dict, compare=False)

    def rows(
        self, connection: Connection, values: Sequence[str], **given: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows; the last value stands in the places that are left over."""
        size = next((x for x in SIZES if len(values) <= x), SIZES[-1])
        names = [f"among_{number}" for number in range(size)]
        for start in range(0, len(values), size):
            part = values[start : start + size]
            asked = dict(zip_longest(names, part, fillvalue=part[-1]))
            yield from self._of(size, names).rows(connection, **asked, **given)

    def _of(self, size: int, names: Sequence[str]) -> Prepared:
        if size not in self._sizes:
            places = [bindparam(name, type_=String()) for name in names]
            self._sizes[size] = Prepared(self.statement(places))
        return self._sizes[size]


def made_for(statement: Executable, dialect: Dialect) -> Made:
    """Compile a statement for a dialect."""
    compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    binds = {x: _binds(bind.type, dialect) for x, bind in compiled.binds.items()}
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    return Made(
        text=compiled.string,
        names=tuple(compiled.positiontup or ()),
        fixed={x: bind.value for x, bind in compiled.binds.items()},
        binds={name: process for name, process in binds.items() if process},
        reads=tuple(_reads(column.type, dialect) for column in columns),
        positional=compiled.positional,
    )


def _binds(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reads(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    if isinstance(kind, Numeric) and dialect.name == "postgresql":
        return None  # Its driver gives what is asked for; a processor asks it how.
    return kind.dialect_impl(dialect).result_processor(dialect, None)
