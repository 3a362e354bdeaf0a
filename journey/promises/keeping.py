"""How promises are kept: counted by kind and by keeper."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.promises.promises import State
from journey.store.tables import Promise


@dataclass
class Count:
    """What became of the promises of one kind and one keeper."""

    kind: str
    keeper: str
    states: dict[State, int] = field(default_factory=lambda: defaultdict(int))
    overdue: int = 0
    warned: int = 0
    hours_late: list[float] = field(default_factory=list)

    @property
    def share_kept(self) -> float | None:
        """The share kept in time, of those of which we know what became of them."""
        known = sum(self.states[x] for x in (State.KEPT, State.LATE, State.BROKEN))
        return self.states[State.KEPT] / known if known else None

    @property
    def usual_delay(self) -> float | None:
        """The middle of the delays of the late ones, in hours."""
        return median(self.hours_late) if self.hours_late else None


def count(session: Session, since: datetime, now: datetime) -> Sequence[Count]:
    """Count the promises made since an instant, by kind and keeper."""
    found: dict[tuple[str, str], Count] = {}
    for promise in session.scalars(select(Promise).where(Promise.made_at >= since)):
        key = promise.kind, promise.keeper
        _add(found.setdefault(key, Count(*key)), promise, now)
    return [found[key] for key in sorted(found)]


def _add(row: Count, promise: Promise, now: datetime) -> None:
    first = promise.first_due_at or promise.due_at
    row.states[State(promise.state)] += 1
    row.overdue += promise.state == State.OPEN and promise.due_at < now
    row.warned += promise.told_at is not None and promise.told_at <= first
    if promise.state == State.LATE and promise.closed_at is not None:
        row.hours_late.append((promise.closed_at - first).total_seconds() / 3600)


def open_ones(session: Session, most: int = 50) -> Sequence[Promise]:
    """Return the promises that are to be kept: those that were moved first."""
    query = select(Promise).where(Promise.state == State.OPEN)
    moved_first = query.order_by(Promise.told_at.is_(None), Promise.due_at)
    return session.scalars(moved_first.limit(most)).all()
