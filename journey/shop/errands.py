"""Errands: what a shop's system is to do, written down with what asks for it.

An errand is claimed in one transaction, run outside of any, and finished in another.
Whoever dies in between leaves a claim that ends; the next one asks the system for what
was done under the same key before it does it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store import claims
from journey.store.base import new_id
from journey.store.tables import Errand, Order

LEASE = timedelta(minutes=3)
"""Longer than the calls of one errand can take together."""


class Kind(StrEnum):
    """What is to be done."""

    PLACE = "place"
    CHANGE = "change"
    REPAY = "repay"
    LOOK = "look"


class State(StrEnum):
    """How far an errand is."""

    NEW = "new"
    DONE = "done"
    FAILED = "failed"


def send(
    session: Session,
    order: Order,
    kind: Kind,
    *,
    once: str,
    now: datetime,
    about: Mapping[str, Any] | None = None,
) -> Errand:
    """Write down what is to be done, once under its key.

    Under the key of one that failed it is to be tried anew.
    """
    query = select(Errand).where(Errand.order_id == order.id, Errand.once == once)
    known = session.scalar(query)
    if known is not None:
        if known.state == State.FAILED:
            known.state, known.retry_at, known.made_at = State.NEW, None, now
        return known
    errand = Errand(
        order_id=order.id, kind=kind, once=once, about=dict(about or {}), made_at=now
    )
    session.add(errand)
    session.flush()
    return errand


@dataclass(frozen=True)
class Claim:
    """An errand that is ours until the lease ends; `token` says whose it is."""

    errand: Errand
    order: Order
    token: str


def claim(session: Session, now: datetime) -> Claim | None:
    """Claim the oldest errand that may be run now, the first of its order."""
    query = (
        select(Errand)
        .where(
            Errand.state == State.NEW,
            *claims.may_claim(Errand, now),
            claims.is_first(Errand, State.NEW, Errand.order_id),
        )
        .order_by(Errand.number)
        .limit(1)
        .with_for_update(of=Errand, skip_locked=True)
    )
    errand = session.scalar(query)
    if errand is None:
        return None
    token = new_id()
    errand.claimed_by, errand.claimed_until = token, now + LEASE
    session.flush()
    return Claim(errand, session.get_one(Order, errand.order_id), token)


def close(
    session: Session,
    claimed: Claim,
    state: State,
    now: datetime,
    failure: str | None = None,
) -> bool:
    """Take an errand out of the work; False when the claim was lost meanwhile.

    Whoever lost it must write nothing: the one who has it now will.
    """
    values = {"state": state, "failure": failure, "done_at": now}
    return _held(session, claimed, values)


def retry(session: Session, claimed: Claim, at: datetime, failure: str) -> bool:
    """Give an errand back, to be tried again from `at` on."""
    attempts = claimed.errand.attempts + 1
    values = {"retry_at": at, "failure": failure, "attempts": attempts}
    return _held(session, claimed, values)


def _held(session: Session, claimed: Claim, values: Mapping[str, Any]) -> bool:
    errand = claimed.errand
    change = (
        claims.held(Errand, claimed.token, State.NEW)
        .where(Errand.number == errand.number)
        .values(**claims.FREE, **values)
        .execution_options(synchronize_session=False)
    )
    found = claims.changed(session, change)
    session.expire(errand)
    return found == 1


def waiting(session: Session, order: Order) -> list[Errand]:
    """Return what is still to be done for an order."""
    query = select(Errand).where(Errand.order_id == order.id, Errand.state == State.NEW)
    return list(session.scalars(query.order_by(Errand.number)))
