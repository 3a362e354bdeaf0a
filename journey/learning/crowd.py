"""What others took: by the same need, and after the same products."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from journey.store.prepared import Among
from journey.store.tables import LearnedNext, LearnedProduct

CAUTION = 10.0
"""So many showings weigh as much as the mean over all products."""
FEW_ORDERS = 4.0
NEIGHBOURS = 60
"""Of what follows a product, so many are looked at."""
_SUMS = LearnedProduct.__table__.c


class Taken(NamedTuple):
    """How customers with a need took a product."""

    product_id: str
    shown: int
    chosen: int
    ordered: int
    returned: int
    weight: int


_OF_NEED = select(*(_SUMS[name] for name in Taken._fields)).where(
    _SUMS.need == bindparam("need")
)
_THESE = Among(lambda these: _OF_NEED.where(_SUMS.product_id.in_(these)))


@dataclass(frozen=True)
class Crowd:
    """Sums over customers with one need, by product."""

    rows: Mapping[str, Taken]
    shown: int
    chosen: int

    def lift(self, product: str) -> float:
        """Return the log of how much likelier than others a product is chosen."""
        row = self.rows.get(product)
        if row is None or not self.shown or not self.chosen:
            return 0.0
        mean = self.chosen / self.shown
        rate = (row.chosen + CAUTION * mean) / (max(row.shown, row.chosen) + CAUTION)
        return math.log(rate / mean)

    def returns(self, product: str) -> float:
        """Return the share of orders that went back, shrunk to none."""
        row = self.rows.get(product)
        return row.returned / (max(row.ordered, 0) + FEW_ORDERS) if row else 0.0

    def chosen_by_others(self, product: str, own: int) -> int:
        """Return how often a product was chosen, without a customer's own choices."""
        row = self.rows.get(product)
        return max(0, row.chosen - own) if row else 0


def crowd_of(
    session: Session, need: str, products: Sequence[str], totals: tuple[int, int]
) -> Crowd:
    """Return what customers with a need did about products.

    `totals` are how often any product was shown and chosen for it.
    """
    rows = _THESE.rows(session.connection(), products, need=need)
    return Crowd({row.product_id: row for row in map(Taken._make, rows)}, *totals)


def totals_of(session: Session, need: str) -> tuple[int, int]:
    """Return how often products were shown and chosen for a need."""
    query = select(func.sum(LearnedProduct.shown), func.sum(LearnedProduct.chosen))
    shown, chosen = session.execute(query.where(LearnedProduct.need == need)).one()
    return shown or 0, chosen or 0


def followers(session: Session, products: Sequence[str]) -> dict[str, float]:
    """Return what follows products, as shares of all that followed them."""
    if not products:
        return {}
    total = func.sum(LearnedNext.weight)
    query = (
        select(LearnedNext.next_id, total)
        .where(LearnedNext.product_id.in_(products))
        .group_by(LearnedNext.next_id)
        .having(total > 0)
        .order_by(total.desc(), LearnedNext.next_id)
    )
    rows = session.execute(query.limit(NEIGHBOURS)).all()
    whole = float(sum(weight for _, weight in rows))
    return {product: float(weight) / whole for product, weight in rows}
