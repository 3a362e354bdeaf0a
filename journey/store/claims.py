"""Work that stands in rows: claimed in order by one worker for a lease, then freed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Update,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Mapped,
    Session,
    aliased,
    mapped_column,
)

from journey.store.base import Short

FREE: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
"""The values of a row that nobody holds any more."""


class Claimable:
    """What the rows of such a table have, beside a `number` and a `state`."""

    number: Mapped[int]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[Short | None]
    claimed_until: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    failure: Mapped[str | None]


def may_claim(table: type[Claimable], now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for rows that nobody holds and that need not wait."""
    return (
        or_(table.claimed_until.is_(None), table.claimed_until <= now),
        or_(table.retry_at.is_(None), table.retry_at <= now),
    )


def is_first(
    table: type[Claimable], waits: str, of: "InstrumentedAttribute[str]"
) -> ColumnElement[bool]:
    """Return what holds when no earlier row with the same value of a column waits."""
    earlier = aliased(table)
    return ~exists().where(
        earlier.state == waits,
        getattr(earlier, of.key) == of,
        earlier.number < table.number,
    )


def held(table: type[Claimable], worker: str, waits: str) -> Update:
    """Return the update of what a worker holds."""
    return update(table).where(table.claimed_by == worker, table.state == waits)


def holders(session: Session, table: type[Claimable], waits: str) -> Collection[str]:
    """Return the workers that hold something."""
    query = select(table.claimed_by).where(
        table.state == waits, table.claimed_by.is_not(None)
    )
    return {holder for holder in session.scalars(query) if holder}


def changed(session: Session, statement: Executable) -> int:
    """Execute a change; return how many rows it found."""
    return cast("CursorResult[None]", session.execute(statement)).rowcount
