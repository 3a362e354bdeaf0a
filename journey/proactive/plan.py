"""What we mean to write of ourselves, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from journey.people.consent import Purpose
from journey.store.base import new_id
from journey.store.insert import INSERTS
from journey.store.tables import Proactive


class State(StrEnum):
    """How far a message of ours is."""

    PLANNED = "planned"
    OUT = "out"
    SENT = "sent"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Kind:
    """What one kind of messages is for.

    `lasts` is how long after its time it is still of use; an `urgent` one does not
    wait for the customer's best hour. A receipt is not `counted` among the messages
    that a customer wants in a week.
    """

    purpose: Purpose
    lasts: timedelta
    urgent: bool = False
    counted: bool = True


KINDS: Mapping[str, Kind] = {
    "check_in": Kind(Purpose.CHECK_IN, timedelta(days=10)),
    "promise_late": Kind(Purpose.PROMISE_NEWS, timedelta(days=3), urgent=True),
    "promise_moved": Kind(Purpose.PROMISE_NEWS, timedelta(days=3), urgent=True),
    "promise_left": Kind(Purpose.PROMISE_NEWS, timedelta(days=3), urgent=True),
    "due_again": Kind(Purpose.DUE_AGAIN, timedelta(days=7)),
    "may_need": Kind(Purpose.MAY_NEED, timedelta(days=14)),
    "back_in_stock": Kind(Purpose.BACK_IN_STOCK, timedelta(days=5), urgent=True),
    "better_price": Kind(Purpose.BETTER_PRICE, timedelta(days=5), urgent=True),
    "mandate_announced": Kind(Purpose.MANDATE, timedelta(days=14), urgent=True),
    "mandate_question": Kind(Purpose.MANDATE, timedelta(days=14), urgent=True),
    "mandate_ordered": Kind(
        Purpose.MANDATE, timedelta(days=3), urgent=True, counted=False
    ),
}


def plan(
    session: Session,
    kind: str,
    *,
    customer_id: str,
    once: str,
    due_at: datetime,
    now: datetime,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Plan a message; the same one (`once`) is planned once, whoever tries."""
    what = KINDS[kind]
    new: Any = INSERTS[session.get_bind().dialect.name](Proactive)
    values = {
        "id": new_id(),
        "customer_id": customer_id,
        "kind": kind,
        "purpose": what.purpose,
        "about": dict(about or {}),
        "once": f"{kind}:{once}",
        "state": State.PLANNED,
        "due_at": due_at,
        "expires_at": due_at + what.lasts,
        "timed": what.urgent,
        "failures": 0,
        "created_at": now,
    }
    session.execute(new.values(values).on_conflict_do_nothing())


def withdraw(
    session: Session, customer_id: str, kind: str, once: str, why: str
) -> None:
    """Take back a message that is still planned: its reason is gone."""
    gone = update(Proactive).where(
        Proactive.customer_id == customer_id,
        Proactive.once == f"{kind}:{once}",
        Proactive.state == State.PLANNED,
    )
    session.execute(gone.values(state=State.DROPPED, why=why))


def written_since(
    session: Session, customer_id: str, since: datetime
) -> Sequence[datetime]:
    """Return when we wrote of ourselves since an instant, oldest first."""
    counted = [name for name, kind in KINDS.items() if kind.counted]
    query = select(Proactive.sent_at).where(
        Proactive.customer_id == customer_id,
        Proactive.kind.in_(counted),
        Proactive.state.in_([State.OUT, State.SENT]),
        Proactive.sent_at > since,
    )
    return [at for at in session.scalars(query.order_by(Proactive.sent_at)) if at]
