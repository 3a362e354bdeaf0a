"""The watch over promises: a delay is told before it happens, a broken one is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.orders.orders import Status, find_number
from journey.proactive.plan import plan
from journey.promises.delays import delay_of
from journey.promises.promises import KINDS, OTHER, State, settle_promise
from journey.store.tables import Promise

AT_ONCE = 100
AGAIN = timedelta(minutes=15)
EARLY = timedelta(days=2)
"""Sooner before its time a promise need not be looked at."""


@dataclass(frozen=True)
class PromiseWatch:
    """Looks at each open promise when it is time to."""

    knowledge: Knowledge

    def run(self, session: Session, *, now: datetime, random: Random) -> int:
        """Look at the promises whose time it is; return how many."""
        del random
        query = (
            select(Promise)
            .where(
                Promise.state == State.OPEN,
                or_(Promise.look_at.is_(None), Promise.look_at <= now),
            )
            .order_by(Promise.due_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        rows = session.scalars(query).all()
        for promise in rows:
            promise.look_at = max(now + AGAIN, promise.due_at - EARLY)
            self._look(session, promise, now)
        return len(rows)

    def _look(self, session: Session, promise: Promise, now: datetime) -> None:
        kind = KINDS.get(promise.kind, OTHER)
        # What is put off again and again is broken as what was never spoken of.
        first = promise.first_due_at or promise.due_at
        if now > first + kind.grace + kind.patience:
            settle_promise(session, promise, State.BROKEN, now)
            return
        if delay_of(session, promise, self.knowledge, now) is not None:
            _write(session, promise, "promise_late", now)
        elif _has_left(session, promise):
            _write(session, promise, "promise_left", now)


def _has_left(session: Session, promise: Promise) -> bool:
    """Tell whether a parcel has left of which the customer heard that it is late."""
    if promise.told_at is None:
        return False
    order = find_number(session, promise.about.get("order", 0))
    return order is not None and order.status == Status.SHIPPED


def _write(session: Session, promise: Promise, kind: str, now: datetime) -> None:
    """Plan the message, once for each time that was promised."""
    plan(
        session,
        kind,
        customer_id=promise.customer_id,
        once=f"{promise.id}:{promise.due_at.isoformat()}",
        due_at=now,
        now=now,
        about={"promise": promise.id},
    )
