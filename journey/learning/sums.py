"""Adding to sums in the database: one statement per table, made once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, case
from sqlalchemy.orm import Session

from journey.store.base import Base
from journey.store.insert import INSERTS
from journey.store.prepared import Prepared


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
    tables: dict[type[Base], list[Sum]] = {}
    for one in sums:
        tables.setdefault(one.table, []).append(one)
    connection = session.connection()
    for table in sorted(tables, key=lambda table: table.__tablename__):
        statement = _statement(table, connection.dialect.name)
        statement.run(connection, _rows(table, tables[table]))


def _rows(table: type[Base], sums: Iterable[Sum]) -> list[dict[str, Any]]:
    """Return one row a key: amounts added, of instants the latest."""
    keys, zero = _keys(table), _zero(table)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in sums:
        row = found.setdefault(tuple([one.key[x] for x in keys]), {**zero, **one.key})
        for name, amount in one.amounts.items():
            if isinstance(amount, datetime):
                row[name] = max(amount, row[name] or amount)
            else:
                row[name] += amount
    return [found[key] for key in sorted(found)]


@cache
def _keys(table: type[Base]) -> tuple[str, ...]:
    return tuple(column.name for column in table.__table__.primary_key)


@cache
def _zero(table: type[Base]) -> dict[str, Any]:
    values = [column for column in table.__table__.columns if not column.primary_key]
    return {column.name: 0 if _adds(column) else None for column in values}


def _adds(column: ColumnElement[Any]) -> bool:
    return isinstance(column.type, Integer | BigInteger)


@cache
def _statement(table: type[Base], dialect: str) -> Prepared:
    """Return "insert, or add to what is there"; of instants the latest stays."""
    statement: Any = INSERTS[dialect](table)
    new = statement.excluded
    sets: dict[str, Any] = {}
    for column in table.__table__.columns:
        if column.primary_key:
            continue
        if _adds(column):
            sets[column.name] = column + new[column.name]
        else:
            older = column.is_(None) | (new[column.name] > column)
            sets[column.name] = case((older, new[column.name]), else_=column)
    done = statement.on_conflict_do_update(index_elements=_keys(table), set_=sets)
    return Prepared(done)
