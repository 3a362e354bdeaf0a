"""The learning state as a whole: made again from the log, compared, added up."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import Session

from journey.learning.lessons import DELETIONS, KEPT, LESSONS, learn
from journey.store.tables import Event

Key = tuple[Any, ...]
Row = Mapping[str, Any]
State = dict[str, dict[Key, Row]]
Tick = Callable[[int], None]
BATCH = 500


def read_state(session: Session) -> State:
    """Return every learned row by table and key; rows without anything are left out."""
    return {table.name: _rows(session, table) for table in _tables()}


def write_state(session: Session, state: State) -> None:
    """Put a state in the place of what was learned."""
    _clear(session)
    for table in _tables():
        names = [column.name for column in table.primary_key]
        rows = [
            {**dict(zip(names, key, strict=True)), **row}
            for key, row in sorted(state.get(table.name, {}).items())
        ]
        for start in range(0, len(rows), BATCH):
            session.execute(insert(table), rows[start : start + BATCH])
    session.expire_all()


def merge(one: State, other: State) -> State:
    """Return two states added up: what was learned from both shards' customers."""
    tables = one.keys() | other.keys()
    return {
        name: _merged(one.get(name, {}), other.get(name, {})) for name in sorted(tables)
    }


def rebuild(session: Session, tick: Tick = lambda _: None) -> int:
    """Learn everything again from the log; return how many events taught something.

    Args:
        session: the transaction in which the old state is replaced.
        tick: called after every batch with the number of events in it.
    """
    _clear(session)
    done, last = 0, 0
    while events := _after(session, last):
        for event in events:
            learn(session, event)
        done, last = done + len(events), events[-1].number
        tick(len(events))
    session.expire_all()
    return done


def lessons_in(session: Session) -> int:
    """Return how many events of the log teach something."""
    query = select(func.count()).where(Event.kind.in_([*LESSONS, *DELETIONS]))
    return session.scalar(query.select_from(Event)) or 0


def _after(session: Session, number: int) -> list[Event]:
    kinds = [*LESSONS, *DELETIONS]
    query = select(Event).where(Event.number > number, Event.kind.in_(kinds))
    return list(session.scalars(query.order_by(Event.number).limit(BATCH)))


def _tables() -> list[Table]:
    return [table.__table__ for table in KEPT]  # type: ignore[misc]


def _clear(session: Session) -> None:
    for table in _tables():
        session.execute(delete(table))


def _rows(session: Session, table: Table) -> dict[Key, Row]:
    names = [column.name for column in table.primary_key]
    found = dict[Key, Row]()
    for stored in session.execute(select(table)):
        row = dict(stored._mapping)
        key = tuple(row.pop(name) for name in names)
        if any(row.values()):
            found[key] = row
    return found


def _merged(one: Mapping[Key, Row], other: Mapping[Key, Row]) -> dict[Key, Row]:
    found = dict(one)
    for key, row in other.items():
        found[key] = _added(found[key], row) if key in found else row
    return found


def _added(one: Row, other: Row) -> Row:
    return {name: _sum(value, other[name]) for name, value in one.items()}


def _sum(one: Any, other: Any) -> Any:
    """Add numbers; of instants the later one stays."""
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    return max((x for x in (one, other) if x is not None), default=None)
