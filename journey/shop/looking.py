"""What is done about a shop's own system by the clock, besides the errands."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from journey.orders import stock
from journey.orders.orders import Status
from journey.shop import errands, notices
from journey.shop.errands import Kind, State
from journey.store.tables import Errand, Order

SILENT = timedelta(hours=6)
"""After so long without news we look ourselves: a webhook may have been lost."""
OLDEST = timedelta(days=60)
AT_ONCE = 50
KEPT = timedelta(days=7)
UNDER_WAY = (Status.PLACED, Status.PACKED, Status.SHIPPED)


def look_after(session: Session, *, now: datetime, random: Random) -> int:
    """Have the platform asked about orders of which nothing was heard."""
    del random
    heard = exists().where(Errand.order_id == Order.id, Errand.made_at > now - SILENT)
    query = (
        select(Order)
        .where(
            Order.external_id.is_not(None),
            Order.status.in_(UNDER_WAY),
            Order.placed_at > now - OLDEST,
            ~heard,
        )
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    orders = session.scalars(query).all()
    for order in orders:
        once = f"look:{now:%Y-%m-%dT%H:%M}"
        errands.send(session, order, Kind.LOOK, once=once, now=now)
    return len(orders)


def free_stock(session: Session, *, now: datetime, random: Random) -> int:
    """Give free what was kept for customers who did not come back."""
    del random
    return stock.expire(session, now)


def tidy(session: Session, *, now: datetime, random: Random) -> int:
    """Forget what only repeats would need."""
    del random
    notices.forget(session, now)
    session.execute(
        delete(Errand).where(
            Errand.kind == Kind.LOOK,
            Errand.state != State.NEW,
            Errand.made_at < now - KEPT,
        )
    )
    return 0
