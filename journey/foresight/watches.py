"""Products that customers wait for: back in stock, or for less."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from random import Random

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from journey.proactive.plan import plan
from journey.store.tables import Product, Watch

AT_ONCE = 50


class Kind(StrEnum):
    """What is waited for; also the kind and the purpose of the message."""

    STOCK = "back_in_stock"
    PRICE = "better_price"


def watch(
    session: Session,
    customer_id: str,
    product: Product,
    kind: Kind,
    *,
    price: Decimal | None,
    now: datetime,
) -> Watch:
    """Begin to wait, or wait anew: for less than `price` where that is waited for."""
    query = select(Watch).where(
        Watch.customer_id == customer_id,
        Watch.product_id == product.id,
        Watch.kind == kind,
    )
    row = session.scalar(query) or Watch(
        customer_id=customer_id, product_id=product.id, kind=kind
    )
    row.price = price if kind == Kind.PRICE else None
    row.state, row.created_at, row.closed_at = "open", now, None
    session.add(row)
    session.flush()
    return row


def has_come(row: Watch, product: Product) -> bool:
    """Tell whether what is waited for is there."""
    there = product.active and product.left > 0
    if row.kind == Kind.STOCK:
        return there
    return there and row.price is not None and product.price < row.price


def look(session: Session, *, now: datetime, random: Random) -> int:
    """Plan a message for each wait that is over; return how many."""
    del random
    there = and_(Product.active, Product.left > 0)
    query = (
        select(Watch)
        .join(Product, Product.id == Watch.product_id)
        .where(
            Watch.state == "open",
            there,
            or_(Watch.kind == Kind.STOCK, Product.price < Watch.price),
        )
        .limit(AT_ONCE)
        .with_for_update(of=Watch, skip_locked=True)
    )
    rows = session.scalars(query).all()
    for row in rows:
        row.state, row.closed_at = "told", now
        plan(
            session,
            row.kind,
            customer_id=row.customer_id,
            once=f"{row.id}:{row.created_at.isoformat()}:{now.isoformat()}",
            due_at=now,
            now=now,
            about={"watch": row.id},
        )
    return len(rows)
