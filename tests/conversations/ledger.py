"""What must hold of every mandate, whatever a script is about."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.mandates.executions import State
from journey.people.consent import Purpose, has_consent
from journey.store.tables import Event, Execution, Mandate, Order

HOUR = timedelta(hours=1)
SAID = ("mandate_moved", "mandate_asked")
"""After these the customer has named the day, or said yes to ordering at once."""


def check_mandates(session: Session, customer: str) -> None:
    """Check that nothing was ordered without mandate, announcement and notice.

    Each order of a mandate is that of one execution, and everything is an event.
    """
    executions = session.scalars(
        select(Execution).where(Execution.customer_id == customer)
    ).all()
    ordered = {f"{x.id}:mandate": x for x in executions if x.state == State.ORDERED}
    query = select(Order).where(
        Order.customer_id == customer, Order.once.like("%:mandate")
    )
    orders = session.scalars(query).all()
    assert sorted(order.once for order in orders) == sorted(ordered)
    for order in orders:
        _check_order(session, order, ordered[order.once])
    for execution in executions:
        told = _events(session, execution)
        done = [event.kind for event in told].count("mandate_executed")
        assert done == (execution.state == State.ORDERED), (execution.id, told)


def _check_order(session: Session, order: Order, execution: Execution) -> None:
    mandate = session.get_one(Mandate, execution.mandate_id)
    assert execution.order_id == order.id
    assert mandate.customer_id == order.customer_id
    assert mandate.created_at <= order.placed_at
    assert mandate.revoked_at is None or order.placed_at <= mandate.revoked_at
    assert has_consent(
        session, order.customer_id or "", Purpose.MANDATE, order.placed_at
    )
    before = [x for x in _events(session, execution) if x.at <= order.placed_at]
    told = [x for x in before if x.kind in ("mandate_announced", "mandate_asked")]
    assert told, f"order {order.number} was not announced"
    # Of days on the customer's clock one may have an hour less.
    noticed = told[0].at + timedelta(days=mandate.notice_days) - HOUR
    said = any(x.kind in SAID for x in before)
    assert said or noticed <= order.placed_at, f"order {order.number} came too soon"


def _events(session: Session, execution: Execution) -> Sequence[Event]:
    query = select(Event).where(Event.customer_id == execution.customer_id)
    found = session.scalars(query.order_by(Event.number))
    return [x for x in found if x.payload.get("execution") == execution.id]
