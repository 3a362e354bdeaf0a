"""Orders that mandates ask for: planned, announced, placed or skipped, each once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.foresight.foresight import foretell
from journey.knowledge import Knowledge
from journey.orders import shipping
from journey.orders.orders import Status
from journey.store.tables import Customer, Execution, Mandate, Order, Product

DAY = timedelta(days=1)
PATIENCE = timedelta(days=14)
"""An announcement that could not be sent for so long, or a question that was not
answered, is a skip."""
LEAST_WAIT = timedelta(days=7)
TRANSIT = 1
"""So many days before the need it should be there."""


class State(StrEnum):
    """How far an execution is."""

    PLANNED = "planned"
    ANNOUNCING = "announcing"
    ANNOUNCED = "announced"
    ASKED = "asked"
    ORDERED = "ordered"
    SKIPPED = "skipped"


OPEN = (State.PLANNED, State.ANNOUNCING, State.ANNOUNCED, State.ASKED)


def open_of(session: Session, mandate: Mandate) -> Execution | None:
    """Return the execution of a mandate that is under way."""
    query = select(Execution).where(
        Execution.mandate_id == mandate.id, Execution.state.in_(OPEN)
    )
    return session.scalar(query)


def plan_next(
    session: Session,
    mandate: Mandate,
    knowledge: Knowledge,
    now: datetime,
    *,
    at: datetime | None = None,
) -> Execution | None:
    """Plan the next order of a mandate, unless one is under way.

    `at`: the customer has named the day.
    """
    if open_of(session, mandate) is not None:
        return None
    order_at = at or following(session, mandate, knowledge, now)
    made = select(func.count()).where(Execution.mandate_id == mandate.id)
    execution = Execution(
        mandate_id=mandate.id,
        customer_id=mandate.customer_id,
        number=(session.scalar(made) or 0) + 1,
        product_id=mandate.product_id,
        quantity=mandate.quantity,
        way=shipping.Way.STANDARD,
        state=State.PLANNED,
        order_at=order_at,
        act_at=order_at - mandate.notice_days * DAY,
        created_at=now,
    )
    session.add(execution)
    session.flush()
    return execution


def plan_anew(
    session: Session,
    mandate: Mandate,
    knowledge: Knowledge,
    now: datetime,
    *,
    at: datetime | None = None,
) -> datetime:
    """Plan the next order after one was taken back; return when it is placed."""
    planned = open_of(session, mandate)
    if planned is None or planned.state != State.PLANNED:
        planned = planned or plan_next(session, mandate, knowledge, now, at=at)
        return planned.order_at if planned else now
    planned.order_at = at or following(session, mandate, knowledge, now)
    planned.act_at = planned.order_at - mandate.notice_days * DAY
    return planned.order_at


def following(
    session: Session, mandate: Mandate, knowledge: Knowledge, now: datetime
) -> datetime:
    """Return when to order next: in its rhythm, else so that it is there in time.

    What was skipped or taken back waits for a whole round of its rhythm, or for a
    quarter of what was foreseen: whoever was asked is not asked again at once.
    """
    product = session.get_one(Product, mandate.product_id)
    due = foretell(session, mandate.customer_id, product, knowledge, now)
    times = [now + mandate.notice_days * DAY]
    skipped = _skipped_last(session, mandate)
    if mandate.every_days is not None:
        rhythm = mandate.every_days * DAY
        times += [due.last + rhythm] if due else []
        times += [skipped + rhythm] if skipped else []
    elif due is not None:
        times.append(due.day(now) - (product.delivery_days + TRANSIT) * DAY)
        if skipped:
            times.append(skipped + max(LEAST_WAIT, due.forecast.days / 4 * DAY))
    return max(times)


def _skipped_last(session: Session, mandate: Mandate) -> datetime | None:
    """Return when the order was to be placed that did not come, if it was the last."""
    query = (
        select(Execution, Order.status)
        .outerjoin(Order, Order.id == Execution.order_id)
        .where(Execution.mandate_id == mandate.id, Execution.state.not_in(OPEN))
        .order_by(Execution.number.desc())
    )
    for last, status in session.execute(query.limit(1)):
        if last.state == State.SKIPPED or status == Status.CANCELLED:
            return last.order_at
    return None


def total(execution: Execution, product: Product, knowledge: Knowledge) -> Decimal:
    """Return what the order would cost now, delivery included."""
    pairs, policy = [(product, execution.quantity)], knowledge.policies.delivery
    way = shipping.Way(execution.way)
    return shipping.goods_of(pairs) + shipping.fee_of(policy, pairs, way)


def is_over(
    execution: Execution, mandate: Mandate, product: Product, knowledge: Knowledge
) -> bool:
    """Tell whether the order would cost more than the customer has agreed to."""
    if mandate.cap is None:
        return False
    limit = max(mandate.cap, execution.agreed or mandate.cap)
    return total(execution, product, knowledge) > limit


def announce(
    execution: Execution,
    mandate: Mandate,
    product: Product,
    customer: Customer,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Note what the customer was told; the notice begins with the telling.

    It is counted in days of their clock, of which one may have 23 hours or 25.
    """
    execution.state, execution.announced_at = State.ANNOUNCED, now
    execution.price, execution.address = product.price, customer.address
    noticed = now.astimezone(zone) + mandate.notice_days * DAY
    execution.order_at = max(execution.order_at, noticed.astimezone(UTC))
    execution.act_at = execution.order_at


def postpone(execution: Execution, mandate: Mandate, until: datetime) -> None:
    """Look again later, at what the mandate is for."""
    execution.state, execution.why = State.PLANNED, None
    execution.price = execution.agreed = None
    execution.product_id = mandate.product_id
    execution.act_at, execution.order_at = until, max(execution.order_at, until)


def close(execution: Execution, state: State, why: str | None, now: datetime) -> None:
    """End an execution."""
    execution.state, execution.why = state, why
    execution.act_at, execution.closed_at = None, now


def end_open(session: Session, mandate: Mandate, why: str, now: datetime) -> None:
    """Skip what a mandate was about to order."""
    execution = open_of(session, mandate)
    if execution is not None:
        close(execution, State.SKIPPED, why, now)
