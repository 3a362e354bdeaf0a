"""What a customer's own orders say about products."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.curate.score import LEARNED, Term
from journey.orders import NOTHING_SENT
from journey.store.tables import Order, OrderItem, Return

Learned = Mapping[str, Sequence[Term]]
Learning = Callable[[Session, str, Sequence[str], datetime], Learned]
KEPT, RETURNED = Term(LEARNED, "kept", 0.5), Term(LEARNED, "returned", -1.0)


def own_history(
    session: Session, customer_id: str, product_ids: Sequence[str], now: datetime
) -> Learned:
    """Return terms per product: what was kept counts for, what went back against."""
    query = (
        select(OrderItem.product_id, Return.id)
        .join(Order, Order.id == OrderItem.order_id)
        .outerjoin(Return, Return.item_id == OrderItem.id)
        .where(Order.customer_id == customer_id, Order.placed_at <= now)
        .where(Order.status.not_in(NOTHING_SENT), ~OrderItem.cancelled)
    )
    wanted, terms = set(product_ids), defaultdict[str, set[Term]](set)
    for product_id, returned in session.execute(query):
        if product_id in wanted:
            terms[product_id].add(RETURNED if returned else KEPT)
    return {
        product: (RETURNED,) if RETURNED in found else tuple(found)
        for product, found in terms.items()
    }
