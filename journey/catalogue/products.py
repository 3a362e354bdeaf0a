"""Products in the database: put there whole, found live."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from journey.catalogue.load import Catalogue
from journey.catalogue.schema import ProductEntry
from journey.store.tables import Product


def store_products(session: Session, catalogue: Catalogue) -> int:
    """Put a catalogue into the database; return how many products it has.

    A product that is no longer in it is kept for old orders and never shown.
    The stock of a product that is there already stays as orders left it.
    """
    known = {product.id: product for product in session.scalars(select(Product))}
    for entry in catalogue.products.values():
        product = known.get(entry.product)
        if product is None:
            session.add(Product(stock=entry.stock, **_columns(entry)))
        else:
            for name, value in _columns(entry).items():
                setattr(product, name, value)
    gone = set(known) - set(catalogue.products)
    session.execute(update(Product).where(Product.id.in_(gone)).values(active=False))
    return len(catalogue.products)


def find_products(session: Session, ids: Iterable[str]) -> dict[str, Product]:
    """Return products by id; unknown ids are left out.

    What this transaction has read already is not read again.
    """
    wanted = list(dict.fromkeys(ids))
    known = [session.identity_map.get(identity_key(Product, one)) for one in wanted]
    found = {product.id: product for product in known if product}
    missing = [one for one in wanted if one not in found]
    if missing:
        rows = session.scalars(select(Product).where(Product.id.in_(missing)))
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
        "delivery_days": entry.delivery_days,
        "uses_up_days": entry.uses_up_days,
        "image": entry.image,
        "attributes": entry.attributes,
        "drawback": entry.drawback,
        "about": entry.about,
        "active": True,
    }
