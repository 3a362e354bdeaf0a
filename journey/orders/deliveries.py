"""The promise of a day that goes with every order, and what became of it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.orders.orders import OVER, Status
from journey.promises.promises import State, keep_promise, make_promise, settle_promise
from journey.store.tables import Order, Promise

KIND = "delivery"


def promise_delivery(
    session: Session, order: Order, customer_id: str, now: datetime
) -> Promise:
    """Promise that an order is there on its day, once, and log it."""
    known = find_promise(session, order)
    if known is not None:
        return known
    return make_promise(
        session,
        KIND,
        customer_id=customer_id,
        due_at=order.deliver_by,
        now=now,
        keeper="shop",
        journey_id=order.journey_id,
        conversation_id=order.conversation_id,
        about={"order": order.number},
    )


def settle_delivery(session: Session, order: Order, now: datetime) -> None:
    """Close the promise of an order that arrived or was cancelled, and log it.

    It is kept when the order was there on its day, late when it came after it, and
    released when there is nothing to deliver any more.
    """
    promise = find_promise(session, order)
    if promise is None or order.status not in OVER:
        return
    if order.status != Status.DELIVERED:
        settle_promise(session, promise, State.RELEASED, now)
    else:
        keep_promise(session, promise, now)


def find_promise(session: Session, order: Order) -> Promise | None:
    """Return the open promise to deliver an order."""
    query = select(Promise).where(
        Promise.customer_id == order.customer_id,
        Promise.kind == KIND,
        Promise.state == State.OPEN,
    )
    found = session.scalars(query)
    return next((x for x in found if x.about.get("order") == order.number), None)
