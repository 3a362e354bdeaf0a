"""The promise of a day that goes with every order, and what became of it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.orders.orders import OVER, Status
from journey.orders.workdays import Workdays
from journey.proactive.plan import plan
from journey.promises.promises import State, keep_promise, make_promise, settle_promise
from journey.store.tables import Order, Promise

KIND = "delivery"
MOVED = "promise_moved"


def waits_for_payment(order: Order) -> bool:
    """Tell whether the shop sends nothing before an order is paid."""
    return order.pay_url is not None and order.paid_at is None


def promise_delivery(
    session: Session, order: Order, customer_id: str, now: datetime
) -> Promise | None:
    """Promise that an order is there on its day, once, and log it.

    What waits for its payment is promised when it is paid.
    """
    if waits_for_payment(order):
        return None
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


def note_payment(
    session: Session, order: Order, workdays: Workdays, now: datetime
) -> None:
    """Note that an order is paid, once: only now its day can be promised.

    The day that was named held for who paid at once; it moves on by as many days as
    the payment took, and the customer is written to.
    """
    if order.paid_at is not None:
        return
    waited = workdays.day_of(now) - workdays.day_of(order.placed_at)
    moves = waits_for_payment(order) and waited > timedelta(0)
    if moves:
        order.deliver_by = workdays.deliver_by(order.deliver_by + waited, 0)
    order.paid_at, order.pay_url = now, None
    if order.status in OVER:
        return
    promise = promise_delivery(session, order, order.customer_id or "", now)
    if moves and promise is not None:
        plan(
            session,
            MOVED,
            customer_id=promise.customer_id,
            once=promise.id,
            due_at=now,
            now=now,
            about={"promise": promise.id},
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
