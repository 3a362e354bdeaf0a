"""What a shop's system tells us of orders and products, taken once each."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select
from sqlalchemy.orm import Session

from journey import log
from journey.catalogue.products import PLENTY
from journey.orders.amendments import Cancel
from journey.orders.deliveries import note_payment, settle_delivery
from journey.orders.orders import Status, advance, is_open
from journey.orders.workdays import Workdays
from journey.shop import changes, errands
from journey.shop.errands import Kind
from journey.shop.platform import Known, Notice, Restocked
from journey.store.insert import INSERTS
from journey.store.tables import Order, Product, ShopNotice

PATH = (Status.PLACED, Status.PACKED, Status.SHIPPED, Status.DELIVERED)
KEPT = timedelta(days=30)
"""So long a second delivery of the same message is known for one."""


def take(
    session: Session,
    platform: str,
    notice: Notice,
    workdays: Workdays,
    now: datetime,
) -> bool:
    """Take what a message says; False when it was taken before."""
    insert: Any = INSERTS[session.get_bind().dialect.name](ShopNotice)
    values = {"platform": platform, "id": notice.id, "at": now}
    statement = insert.values(values).on_conflict_do_nothing()
    if not cast("CursorResult[None]", session.execute(statement)).rowcount:
        return False
    if notice.order is not None:
        hear(session, notice.order, workdays, now, by=platform)
    for restocked in notice.products:
        _restock(session, restocked)
    return True


def hear(
    session: Session, known: Known, workdays: Workdays, now: datetime, *, by: str
) -> None:
    """Bring one of our orders to what its platform says of it."""
    order = _find(session, known)
    if order is None or order.status == Status.PLACING:
        # Not ours; or its errand is about to write down the same.
        return
    if order.status == Status.FAILED:
        _take_back(session, order, known, now)
        return
    order.shop_number = known.number
    if known.paid and order.paid_at is None:
        note_payment(session, order, workdays, now)
        _log(session, order, "order_paid", now)
    if known.status is not None:
        _move(session, order, known.status, now, by)


def _find(session: Session, known: Known) -> Order | None:
    query = select(Order).where(Order.external_id == known.ref).with_for_update()
    found = session.scalar(query)
    if found is None and known.key:
        found = session.get(Order, known.key, with_for_update=True)
    return found


def _take_back(session: Session, order: Order, known: Known, now: datetime) -> None:
    """Cancel what came about there after we had told the customer that it failed."""
    if known.status in (None, Status.CANCELLED):
        return
    order.external_id = known.ref
    about = changes.kept(Cancel())
    errands.send(session, order, Kind.CHANGE, once="undo", now=now, about=about)


def _move(
    session: Session, order: Order, wanted: Status, now: datetime, by: str
) -> None:
    """Take the steps that lead there; older news than ours changes nothing."""
    before = order.status
    if wanted is Status.CANCELLED and is_open(order):
        advance(session, order, wanted, now, by=by)
    elif wanted in PATH and order.status in PATH:
        for step in PATH[PATH.index(Status(order.status)) + 1 :]:
            if PATH.index(step) > PATH.index(wanted):
                break
            # Packing is not everybody's step.
            if step is not Status.PACKED or wanted is step:
                advance(session, order, step, now, by=by)
    if order.status == before:
        return
    settle_delivery(session, order, now)
    _log(session, order, "order_moved", now, was=before, to=order.status)


def _restock(session: Session, told: Restocked) -> None:
    """Believe what is newest: messages may come late and out of order."""
    named = Product.external_id
    its = or_(named == told.product, named.startswith(f"{told.product}:"))
    for product in session.scalars(select(Product).where(its).with_for_update()):
        if told.at is None or product.told_at is None or product.told_at <= told.at:
            _believe(product, told)


def _believe(product: Product, told: Restocked) -> None:
    product.told_at = told.at or product.told_at
    product.stock = PLENTY if told.stock is None else told.stock
    product.active = told.active
    if told.price is not None:
        product.price = told.price


def _log(
    session: Session, order: Order, kind: str, now: datetime, **payload: object
) -> None:
    log.append(
        session,
        kind,
        at=now,
        customer_id=order.customer_id,
        conversation_id=order.conversation_id,
        payload={"order": order.number, **payload},
    )


def forget(session: Session, now: datetime) -> int:
    """Forget old messages; return how many."""
    old = delete(ShopNotice).where(ShopNotice.at < now - KEPT)
    return cast("CursorResult[None]", session.execute(old)).rowcount
