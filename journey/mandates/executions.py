"""Orders that mandates ask for: planned, announced, placed or skipped, each once."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from journey.curate.alike import alike
from journey.foresight.foresight import foretell
from journey.knowledge import Knowledge
from journey.orders.address import missing
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


class Obstacle(StrEnum):
    """Why nothing is ordered without asking."""

    GONE = "gone"
    STOCK = "stock"
    PRICE = "price"
    ADDRESS = "address"


def open_of(session: Session, mandate: Mandate) -> Execution | None:
    """Return the execution of a mandate that is under way."""
    query = select(Execution).where(
        Execution.mandate_id == mandate.id, Execution.state.in_(OPEN)
    )
    return session.scalar(query)


def plan_next(
    session: Session, mandate: Mandate, knowledge: Knowledge, now: datetime
) -> Execution | None:
    """Plan the next order of a mandate, unless one is under way or none is foreseen."""
    if open_of(session, mandate) is not None:
        return None
    order_at = following(session, mandate, knowledge, now)
    made = select(func.count()).where(Execution.mandate_id == mandate.id)
    execution = Execution(
        mandate_id=mandate.id,
        customer_id=mandate.customer_id,
        number=(session.scalar(made) or 0) + 1,
        product_id=mandate.product_id,
        quantity=mandate.quantity,
        state=State.PLANNED,
        order_at=order_at,
        act_at=order_at - mandate.notice_days * DAY,
        created_at=now,
    )
    session.add(execution)
    session.flush()
    return execution


def following(
    session: Session, mandate: Mandate, knowledge: Knowledge, now: datetime
) -> datetime:
    """Return when to order next: in its rhythm, else so that it is there in time.

    After a skip it waits for a whole round of its rhythm, or for a quarter of what
    was foreseen: whoever was asked is not asked again at once.
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
    """Return when the order was to be placed that was skipped, if it was the last."""
    query = (
        select(Execution)
        .where(Execution.mandate_id == mandate.id, Execution.state.not_in(OPEN))
        .order_by(Execution.number.desc())
    )
    last = session.scalars(query.limit(1)).first()
    return last.order_at if last and last.state == State.SKIPPED else None


def total(execution: Execution, product: Product, knowledge: Knowledge) -> Decimal:
    """Return what the order would cost now, delivery included."""
    goods = product.price * execution.quantity
    delivery = knowledge.policies.delivery
    free = goods >= delivery.free_from
    return goods if free else goods + delivery.standard.fee


def obstacle(
    session: Session,
    execution: Execution,
    mandate: Mandate,
    knowledge: Knowledge,
) -> Obstacle | None:
    """Return what keeps us from ordering without asking; None when nothing does."""
    product = session.get_one(Product, execution.product_id)
    if not product.active:
        return Obstacle.GONE
    if product.left < execution.quantity:
        return Obstacle.STOCK
    over_cap = mandate.cap is not None and (
        total(execution, product, knowledge) > mandate.cap
    )
    if over_cap or (execution.price is not None and product.price > execution.price):
        return Obstacle.PRICE
    customer = session.get_one(Customer, execution.customer_id)
    return None if _is_certain(session, execution, customer) else Obstacle.ADDRESS


def _is_certain(session: Session, execution: Execution, customer: Customer) -> bool:
    """Tell whether there is no doubt where the parcel goes."""
    address: Mapping[str, str] = customer.address or {}
    if missing(address):
        return False
    if execution.address is not None:
        return execution.address == address
    query = (
        select(Order.address)
        .where(Order.customer_id == customer.id, Order.address.is_not(None))
        .order_by(Order.placed_at.desc())
    )
    last = session.scalars(query.limit(1)).first()
    return last is None or last == address


def substitute(
    session: Session,
    execution: Execution,
    mandate: Mandate,
    knowledge: Knowledge,
    *,
    below: Decimal | None = None,
) -> Product | None:
    """Return what is most like the product, there, and within the cap.

    `below`: what costs as much is not meant.
    """
    wanted = session.get_one(Product, mandate.product_id)
    query = select(Product).where(
        Product.category == wanted.category,
        Product.id != wanted.id,
        Product.active,
        Product.left >= execution.quantity,
        Product.price < below if below is not None else true(),
    )
    fitting = [
        x
        for x in session.scalars(query)
        if mandate.cap is None or total(execution, x, knowledge) <= mandate.cap
    ]
    return max(fitting, key=lambda x: (alike(wanted, x), -x.price), default=None)


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


def ask(execution: Execution, why: Obstacle, now: datetime) -> None:
    """Wait for the customer's word instead of guessing."""
    execution.state, execution.why = State.ASKED, why
    execution.act_at = now + PATIENCE


def postpone(execution: Execution, until: datetime) -> None:
    """Look again later."""
    execution.state, execution.why, execution.price = State.PLANNED, None, None
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
