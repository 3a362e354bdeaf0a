"""Which products come into question: in stock, and every constraint kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.curate.fit import CATEGORY, PRICE, Limit, keeps, value_of
from journey.store.tables import Product

Stated = Mapping[str, set[str]]


def find_shelf(
    session: Session,
    limits: Sequence[Limit],
    *,
    categories: Iterable[str] | None = None,
    among: Sequence[str] | None = None,
) -> list[Product]:
    """Return the products in stock of the categories that are spoken about.

    With `among`, only of those products.
    """
    if among is not None:
        return _of_those(session, among, categories)
    query = select(Product).where(Product.active, Product.left > 0)
    query = query.where(*_category_clauses(limits))
    if categories is not None:
        query = query.where(Product.category.in_(list(categories)))
    return list(session.scalars(query.order_by(Product.id)))


def _of_those(
    session: Session, among: Sequence[str], categories: Iterable[str] | None
) -> list[Product]:
    found = find_products(session, sorted(among)).values()
    kinds = None if categories is None else set(categories)
    return [
        product
        for product in found
        if product.active
        and product.left > 0
        and (kinds is None or product.category in kinds)
    ]


def find_stated(shelf: Iterable[Product]) -> Stated:
    """Return, by category, which attributes any product states."""
    stated = defaultdict[str, set[str]](set)
    for product in shelf:
        stated[product.category] |= set(product.attributes)
    return stated


def fits(
    product: Product, limits: Iterable[Limit], stated: Stated, now: datetime
) -> bool:
    """Tell whether a product keeps every limit that speaks about its category.

    Where no product of a category states an attribute, a limit on it does not
    speak about that category: a lamp has no seat height because it is no chair.
    """
    return all(
        keeps(product, limit, now) or _silent(product, limit, stated, now)
        for limit in limits
    )


def _silent(product: Product, limit: Limit, stated: Stated, now: datetime) -> bool:
    if limit.attribute == PRICE or value_of(product, limit.attribute, now) is not None:
        return False
    return limit.attribute not in stated[product.category]


def _category_clauses(limits: Iterable[Limit]) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    for limit in limits:
        if limit.attribute == CATEGORY:
            given = limit.value["value"]
            wanted = given if isinstance(given, list) else [given]
            among = Product.category.in_(wanted)
            clauses.append(among if limit.op == "==" else ~among)
    return clauses
