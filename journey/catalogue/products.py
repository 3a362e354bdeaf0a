"""Products in the database: put there whole, found live."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from journey.catalogue.load import Catalogue
from journey.catalogue.schema import ProductEntry
from journey.store.insert import INSERTS
from journey.store.tables import Product

PLENTY = 100
"""The stock of what a shop has and does not count."""
BATCH = 1000
OURS = frozenset({"id", "stock", "reserved", "external_id"})
"""What a catalogue does not say: an import leaves it as it is."""
BIND = 900
"""So many ids go into one query; SQLite and PostgreSQL both take that."""
_THESE = select(Product).where(Product.id.in_(bindparam("ids", expanding=True)))


def store_products(
    session: Session, catalogue: Catalogue, *, restock: bool = False
) -> int:
    """Put a catalogue into the database; return how many products it has.

    A product that is no longer in it is kept for old orders and never shown. The
    stock of a product that is there already stays as orders left it, unless
    `restock` says that the catalogue knows better.
    """
    session.flush()
    session.execute(update(Product).values(active=False))
    entries = list(catalogue.products.values())
    counted = [x for x in entries if x.stock is not None]
    _upsert(session, counted, Product.stock if not restock else None)
    some = case((Product.stock > 0, Product.stock), else_=PLENTY)
    _upsert(session, [x for x in entries if x.stock is None], some)
    session.expire_all()
    return len(entries)


def _upsert(session: Session, entries: Sequence[ProductEntry], stock: Any) -> None:
    """Insert products or change what is there; `stock` None takes the new one's."""
    insert: Any = INSERTS[session.get_bind().dialect.name](Product)
    new = {
        column.name: insert.excluded[column.name]
        for column in Product.__table__.columns
        if column.name not in OURS
    }
    new["stock"] = insert.excluded.stock if stock is None else stock
    statement = insert.on_conflict_do_update(index_elements=["id"], set_=new)
    for start in range(0, len(entries), BATCH):
        rows = [_columns(entry) for entry in entries[start : start + BATCH]]
        session.connection().execute(statement, rows)


def find_products(session: Session, ids: Iterable[str]) -> dict[str, Product]:
    """Return products by id; unknown ids are left out.

    What this transaction has read already is not read again.
    """
    wanted = list(dict.fromkeys(ids))
    known = [session.identity_map.get(identity_key(Product, one)) for one in wanted]
    found = {product.id: product for product in known if product}
    missing = [one for one in wanted if one not in found]
    for start in range(0, len(missing), BIND):
        part = missing[start : start + BIND]
        rows = session.scalars(_THESE, {"ids": part})
        found |= {product.id: product for product in rows}
    return {one: found[one] for one in wanted if one in found}


def _columns(entry: ProductEntry) -> dict[str, object]:
    return {
        "id": entry.product,
        "name": entry.name,
        "names": {"names": list(entry.names)},
        "brand": entry.brand,
        "category": entry.category,
        "price": entry.price,
        "unit": entry.unit,
        "stock": PLENTY if entry.stock is None else entry.stock,
        "delivery_days": entry.delivery_days,
        "uses_up_days": entry.uses_up_days,
        "image": entry.image,
        "variant_of": entry.variant_of,
        "sku": entry.sku,
        "link": entry.link,
        "attributes": entry.attributes,
        "drawback": entry.drawback,
        "about": entry.about,
        "active": True,
    }
