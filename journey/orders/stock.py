"""Stock: kept for a customer for a while, taken once, put back once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from sqlalchemy import CursorResult, inspect, select, update
from sqlalchemy.orm import Session

from journey.store.tables import Product, Reservation, StockMove

KEPT = timedelta(minutes=15)
"""How long pieces are kept for a customer who was asked whether to order them."""


@dataclass(frozen=True)
class Line:
    """So many pieces of a product, at no more than the price that was shown."""

    product_id: str
    quantity: int = 1
    price: Decimal | None = None


class OutOfStock(Exception):
    """Fewer pieces are left than were asked for."""

    def __init__(self, product: Product, left: int) -> None:
        """Keep the product and how many pieces are left."""
        super().__init__(f"{product.id}: {left} left")
        self.product = product
        self.left = left


def reserve(
    session: Session, customer_id: str, lines: Sequence[Line], now: datetime
) -> None:
    """Keep exactly these pieces for a customer, and nothing else any more.

    Raises:
        OutOfStock: others have or hold too many; the lines before it are kept.
    """
    wanted = _summed(lines)
    held = _held(session, customer_id)
    for product_id in sorted(wanted.keys() | held.keys()):
        row = held.get(product_id)
        _hold(session, customer_id, product_id, wanted.get(product_id, 0), row, now)


def release(session: Session, customer_id: str, now: datetime) -> None:
    """Keep nothing for a customer any more."""
    reserve(session, customer_id, [], now)


def expire(session: Session, now: datetime) -> int:
    """Give free what was kept too long; return how many reservations ended."""
    return _expire(session, now, None)


def take(
    session: Session,
    customer_id: str,
    lines: Sequence[Line],
    *,
    order_id: str,
    reason: str,
    now: datetime,
) -> None:
    """Take pieces off the shelf, those that were kept for the customer first.

    Products are always locked in the same order, so that two customers with the
    same things in another order never wait for each other.

    Raises:
        OutOfStock: fewer are left; the caller's transaction is to be given up.
    """
    held = _held(session, customer_id)
    for product_id, quantity in sorted(_summed(lines).items()):
        row = held.get(product_id)
        kept = min(row.quantity, quantity) if row else 0
        if row:
            _shrink(session, row, kept)
        _move(session, product_id, taken=quantity, freed=kept, own=kept, now=now)
        _log(session, product_id, -quantity, reason, order_id, now)


def put_back(
    session: Session, line: Line, *, order_id: str, reason: str, now: datetime
) -> None:
    """Put pieces back on the shelf."""
    _move(session, line.product_id, taken=-line.quantity, freed=0, own=0, now=now)
    _log(session, line.product_id, line.quantity, reason, order_id, now)


def _summed(lines: Iterable[Line]) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for line in lines:
        wanted[line.product_id] = wanted.get(line.product_id, 0) + line.quantity
    return wanted


def _held(session: Session, customer_id: str) -> dict[str, Reservation]:
    query = select(Reservation).where(Reservation.customer_id == customer_id)
    ordered = query.order_by(Reservation.product_id).with_for_update()
    return {row.product_id: row for row in session.scalars(ordered)}


def _hold(
    session: Session,
    customer_id: str,
    product_id: str,
    wanted: int,
    row: Reservation | None,
    now: datetime,
) -> None:
    """Bring one reservation to a number of pieces."""
    if row:
        # Before others' reservations are looked through: this one has not expired.
        row.until = now + KEPT
        session.flush()
    held = row.quantity if row else 0
    if wanted != held:
        _move(session, product_id, taken=0, freed=held - wanted, own=held, now=now)
    if not wanted:
        if row:
            session.delete(row)
    elif row:
        row.quantity = wanted
    else:
        session.add(
            Reservation(
                customer_id=customer_id,
                product_id=product_id,
                quantity=wanted,
                until=now + KEPT,
            )
        )
    session.flush()


def _shrink(session: Session, row: Reservation, by: int) -> None:
    if row.quantity > by:
        row.quantity -= by
    else:
        session.delete(row)
    session.flush()


def _move(
    session: Session,
    product_id: str,
    *,
    taken: int,
    freed: int,
    own: int,
    now: datetime,
) -> None:
    """Change what is on the shelf and what of it is kept for somebody.

    `own` pieces were kept for the customer who is served before this.

    Raises:
        OutOfStock: it would leave less than nothing, also without what expired.
    """
    if _moved(session, product_id, taken, freed):
        return
    if _expire(session, now, product_id) and _moved(session, product_id, taken, freed):
        return
    product = session.get_one(Product, product_id)
    session.refresh(product)
    left = min(product.stock, product.left + own) if product.active else 0
    raise OutOfStock(product, max(0, left))


def _moved(session: Session, product_id: str, taken: int, freed: int) -> bool:
    changed = (
        update(Product)
        .where(Product.id == product_id)
        .values(stock=Product.stock - taken, reserved=Product.reserved - freed)
        .execution_options(synchronize_session=False)
    )
    if taken > freed:
        changed = changed.where(Product.left >= taken - freed, Product.active)
    if taken > 0:
        # The owner may have counted less than what is kept.
        changed = changed.where(Product.stock >= taken, Product.active)
    done = cast("CursorResult[None]", session.execute(changed))
    _forget(session, product_id)
    return done.rowcount == 1


def _forget(session: Session, product_id: str) -> None:
    """Let the numbers of a product be read anew where they are used next."""
    key = inspect(Product).identity_key_from_primary_key((product_id,))
    known = session.identity_map.get(key)
    if known is not None:
        session.expire(known, ["stock", "reserved"])


def _expire(session: Session, now: datetime, product_id: str | None) -> int:
    query = select(Reservation).where(Reservation.until <= now)
    if product_id is not None:
        query = query.where(Reservation.product_id == product_id)
    # Skipping what another transaction holds: it takes or prolongs it right now.
    rows = session.scalars(
        query.order_by(Reservation.product_id).with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        _moved(session, row.product_id, 0, row.quantity)
        session.delete(row)
    session.flush()
    return len(rows)


def _log(
    session: Session,
    product_id: str,
    pieces: int,
    reason: str,
    order_id: str,
    now: datetime,
) -> None:
    session.add(
        StockMove(
            product_id=product_id,
            pieces=pieces,
            reason=reason,
            order_id=order_id,
            at=now,
        )
    )
