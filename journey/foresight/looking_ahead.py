"""The daily look ahead: which customers will need which thing again, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.foresight.foresight import LIKELY, Due, foretell
from journey.knowledge import Knowledge
from journey.people.consent import Purpose, has_consent
from journey.proactive.plan import plan
from journey.store.tables import Foreseen, Mandate, Order, OrderItem, Product

AT_ONCE = 100
SPARE = timedelta(days=2)
SOONEST, LATEST, NEVER = timedelta(days=1), timedelta(days=7), timedelta(days=30)
"""After so long a pair is looked at again: at the least, at the most, without a day."""


@dataclass(frozen=True)
class LookingAhead:
    """Keeps a row for each customer and product, and looks at it when it is time."""

    knowledge: Knowledge

    def list_pairs(self, session: Session, *, now: datetime, random: Random) -> int:
        """Make a row for each pair of customer and product that has none yet."""
        del random
        query = (
            select(Order.customer_id, OrderItem.product_id)
            .join(OrderItem, OrderItem.order_id == Order.id)
            .outerjoin(
                Foreseen,
                (Foreseen.customer_id == Order.customer_id)
                & (Foreseen.product_id == OrderItem.product_id),
            )
            .where(Order.customer_id.is_not(None), Foreseen.customer_id.is_(None))
            .distinct()
            .limit(AT_ONCE)
        )
        pairs = session.execute(query).all()
        for customer_id, product_id in pairs:
            row = Foreseen(customer_id=customer_id, product_id=product_id, look_at=now)
            session.merge(row)
        return len(pairs)

    def look(self, session: Session, *, now: datetime, random: Random) -> int:
        """Foretell what is to be looked at; plan a message where it is due."""
        del random
        query = (
            select(Foreseen)
            .where(Foreseen.look_at <= now)
            .order_by(Foreseen.look_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        rows = session.scalars(query).all()
        for row in rows:
            self._foretell(session, row, now)
        return len(rows)

    def _foretell(self, session: Session, row: Foreseen, now: datetime) -> None:
        product = session.get_one(Product, row.product_id)
        due = foretell(session, row.customer_id, product, self.knowledge, now)
        if due is None:
            row.day, row.chance, row.look_at = None, None, now + NEVER
            return
        lead = timedelta(days=product.delivery_days) + SPARE
        row.day, row.chance = due.needed_at(LIKELY), due.needed(now, lead)
        wanted = due.not_before if due.named and due.not_before else row.day - lead
        row.look_at = min(max(wanted, now + SOONEST), now + LATEST)
        if due.is_due(now, lead) and self._may_write(session, row, product, now):
            _plan(session, row, due, now)

    def _may_write(
        self, session: Session, row: Foreseen, product: Product, now: datetime
    ) -> bool:
        if not product.active or product.left < 1:
            return False
        minded = select(Mandate.id).where(
            Mandate.customer_id == row.customer_id,
            Mandate.product_id == row.product_id,
            Mandate.state == "active",
        )
        if session.scalar(minded.limit(1)) is not None:
            return False
        return has_consent(session, row.customer_id, Purpose.DUE_AGAIN, now)


def _plan(session: Session, row: Foreseen, due: Due, now: datetime) -> None:
    """Plan one message for this need, and another one after each "not yet"."""
    last = due.last.isoformat()
    plan(
        session,
        "due_again",
        customer_id=row.customer_id,
        once=f"{row.product_id}:{last}:{due.vetoes}",
        due_at=now,
        now=now,
        about={"product": row.product_id, "last": last},
    )
