"""Which products come into question: in stock, and every constraint kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from journey.curate.candidate import Candidate, Candidates
from journey.curate.fit import CATEGORY, PRICE, Limit, Sold, keeps, value_of
from journey.orders.workdays import Arrivals
from journey.store.prepared import Among
from journey.store.tables import Product

Stated = Mapping[str, set[str]]
_PRODUCTS = Product.__table__.c
_IN_STOCK = _PRODUCTS.active & (_PRODUCTS.stock > _PRODUCTS.reserved)
_PRICES = select(_PRODUCTS.id, _PRODUCTS.price).where(_IN_STOCK)
_THESE = Among(lambda these: _PRICES.where(_PRODUCTS.id.in_(these)))


def find_shelf(
    session: Session,
    candidates: Candidates,
    limits: Sequence[Limit],
    *,
    categories: Iterable[str] | None = None,
) -> list[Candidate]:
    """Return the products in stock of the categories that are spoken about."""
    query = _PRICES.where(*_category_clauses(limits))
    if categories is not None:
        query = query.where(_PRODUCTS.category.in_(list(categories)))
    rows = session.execute(query.order_by(_PRODUCTS.id))
    found = (candidates.get(name, price) for name, price in rows)
    return [product for product in found if product]


def find_candidates(
    session: Session,
    candidates: Candidates,
    among: Sequence[str],
    categories: Collection[str] | None,
) -> list[Candidate]:
    """Return which of some products are in stock, at their prices of this instant."""
    session.flush()
    found = []
    for name, price in _THESE.rows(session.connection(), among):
        product = candidates.get(name, price)
        if product and (categories is None or product.category in categories):
            found.append(product)
    return found


def find_stated(shelf: Iterable[Sold]) -> Stated:
    """Return, by category, which attributes any product states."""
    stated = defaultdict[str, set[str]](set)
    for product in shelf:
        stated[product.category] |= set(product.attributes)
    return stated


def fits(
    product: Sold, limits: Iterable[Limit], stated: Stated, arrivals: Arrivals
) -> bool:
    """Tell whether a product keeps every limit that speaks about its category.

    Where no product of a category states an attribute, a limit on it does not
    speak about that category: a lamp has no seat height because it is no chair.
    """
    return all(
        keeps(product, limit, arrivals) or _silent(product, limit, stated, arrivals)
        for limit in limits
    )


def _silent(product: Sold, limit: Limit, stated: Stated, arrivals: Arrivals) -> bool:
    if (
        limit.attribute == PRICE
        or value_of(product, limit.attribute, arrivals) is not None
    ):
        return False
    return limit.attribute not in stated[product.category]


def _category_clauses(limits: Iterable[Limit]) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    for limit in limits:
        if limit.attribute == CATEGORY:
            given = limit.value["value"]
            wanted = given if isinstance(given, list) else [given]
            among = _PRODUCTS.category.in_(wanted)
            clauses.append(among if limit.op == "==" else ~among)
    return clauses
