"""Promises that cannot be kept in time: seen before they break, with a new time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.orders.orders import Status, find_number
from journey.promises.promises import State
from journey.store.tables import Promise

DAY = timedelta(days=1)
TRAVELS = 2
"""So many working days a parcel travels that has not left yet.

Each new time lies further ahead by as long as it is late already: who waits does not
hear every few days that it will be in a few days.
"""
SILENT = timedelta(hours=12)
"""So long after its time a parcel on its way is said to be late."""
WARNING = timedelta(minutes=30)
"""So long before its time a person's promise is said to become later."""
LONGER = timedelta(hours=2)


@dataclass(frozen=True)
class Delay:
    """Why a promise will be late, and by when it shall be done instead."""

    why: str
    until: datetime


def delay_of(
    session: Session, promise: Promise, knowledge: Knowledge, now: datetime
) -> Delay | None:
    """Return the delay of a promise, None as long as it can be kept."""
    if promise.state != State.OPEN:
        return None
    judge = KINDS.get(promise.kind, _of_person)
    return judge(session, promise, knowledge, now)


def move(session: Session, promise: Promise, delay: Delay, now: datetime) -> None:
    """Note that the customer heard of a delay, and the new time."""
    promise.first_due_at = promise.first_due_at or promise.due_at
    promise.due_at, promise.told_at = delay.until, now
    order = find_number(session, promise.about.get("order", 0))
    if order is not None:
        order.deliver_by = delay.until


def _of_parcel(
    session: Session, promise: Promise, knowledge: Knowledge, now: datetime
) -> Delay | None:
    order = find_number(session, promise.about.get("order", 0))
    if order is None:
        return _of_person(session, promise, knowledge, now)
    workdays = knowledge.policies.delivery.workdays
    late = _late(promise) // DAY
    if order.status in (Status.PLACED, Status.PACKED):
        if now < promise.due_at - DAY:
            return None
        return Delay("not_left", workdays.deliver_by(now, TRAVELS + late))
    if order.status == Status.SHIPPED and now > promise.due_at + SILENT:
        return Delay("on_its_way", workdays.deliver_by(now, 1 + late))
    return None


def _late(promise: Promise) -> timedelta:
    """Return by how much a promise was put off already."""
    return promise.due_at - (promise.first_due_at or promise.due_at)


def _of_person(
    _session: Session, promise: Promise, knowledge: Knowledge, now: datetime
) -> Delay | None:
    """A call back, something looked into: a person has not done it yet."""
    if now < promise.due_at - WARNING:
        return None
    people = knowledge.policies.people
    begin = now if people.are_there(now) else people.next_there(now)
    longer = max(LONGER, _late(promise))
    return Delay("not_done", max(begin, promise.due_at) + longer)


def _never(*_: object) -> Delay | None:
    """What the bot promised to ask it asks itself, at the next visit at the latest."""
    return None


Judge = Callable[[Session, Promise, Knowledge, datetime], Delay | None]
KINDS: Mapping[str, Judge] = {"delivery": _of_parcel, "check_in": _never}
