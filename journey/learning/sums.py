"""Adding to sums in the database: one statement per table, made once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, Insert, Integer, Table, case
from sqlalchemy.orm import Session

from journey.store.base import Base
from journey.store.insert import INSERTS


@dataclass(frozen=True)
class Sum:
    """What is added to one row: its key, and the amounts (or a latest instant)."""

    table: type[Base]
    key: Mapping[str, Any]
    amounts: Mapping[str, Any]

    def __neg__(self) -> "Sum":
        """Return the same amounts, to be taken away."""
        return Sum(self.table, self.key, {k: -v for k, v in self.amounts.items()})


def add(session: Session, sums: Iterable[Sum]) -> None:
    """Add to rows, making those that are missing; keys in one order for all."""
    tables: dict[Table, list[dict[str, Any]]] = {}
    for one in sums:
        table: Table = one.table.__table__  # type: ignore[assignment]
        row = {**_zero(table), **one.key, **one.amounts}
        tables.setdefault(table, []).append(row)
    dialect = session.get_bind().dialect.name
    for table in sorted(tables, key=lambda table: table.name):
        names = [column.name for column in table.primary_key]
        rows = sorted(tables[table], key=lambda row: [row[name] for name in names])
        session.connection().execute(_statement(table, dialect), rows)


@cache
def _zero(table: Table) -> dict[str, Any]:
    values = [column for column in table.columns if not column.primary_key]
    return {column.name: 0 if _adds(column) else None for column in values}


def _adds(column: Column[Any]) -> bool:
    return isinstance(column.type, Integer | BigInteger)


@cache
def _statement(table: Table, dialect: str) -> Insert:
    """Return "insert, or add to what is there"; of instants the latest stays."""
    statement: Any = INSERTS[dialect](table)
    new = statement.excluded
    sets: dict[str, Any] = {}
    for column in table.columns:
        if column.primary_key:
            continue
        if _adds(column):
            sets[column.name] = column + new[column.name]
        else:
            older = column.is_(None) | (new[column.name] > column)
            sets[column.name] = case((older, new[column.name]), else_=column)
    keys = [column.name for column in table.primary_key]
    done: Insert = statement.on_conflict_do_update(index_elements=keys, set_=sets)
    return done
