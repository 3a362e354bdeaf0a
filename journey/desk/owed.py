"""What agents owe customers: calls, e-mails, and answers that were promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from journey.desk.handoffs import Who
from journey.promises.promises import State, keep_promise
from journey.store.tables import Conversation, Customer, Handoff, Promise

KINDS = ("call_back", "email", "look_into")
MOST = 200


@dataclass(frozen=True)
class Owed:
    """A promise with whom it was made to, and where they are reached."""

    promise: Promise
    conversation: Conversation
    name: str | None
    reach: str | None


class NotOwed(Exception):
    """There is no such promise, or it is closed."""


def is_owed() -> ColumnElement[bool]:
    """Return what holds for a promise that an agent is to keep."""
    return and_(Promise.state == State.OPEN, Promise.kind.in_(KINDS))


def owed(session: Session) -> Sequence[Owed]:
    """Return what agents promised that is open, the nearest first."""
    query = (
        select(Promise, Conversation, Customer.name, Handoff.reach)
        .join(Handoff, Handoff.id == Promise.about["handoff"].as_string())
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .where(is_owed())
    )
    rows = session.execute(query.order_by(Promise.due_at).limit(MOST)).all()
    return [Owed(promise, one, name, reach) for promise, one, name, reach in rows]


def keep(session: Session, promise_id: str, *, by: Who, now: datetime) -> State:
    """Note that an agent has called or written; return whether it was in time.

    Raises:
        NotOwed: there is no such open promise.
    """
    promise = session.get(Promise, promise_id, with_for_update=True)
    if promise is None or promise.kind not in KINDS or promise.state != State.OPEN:
        raise NotOwed("That is settled already.")
    promise.keeper = by.name
    return keep_promise(session, promise, now)
