"""The catalogue that serves: the newest one that was put into the database whole."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.catalogue.load import Catalogue
from journey.catalogue.products import store_products
from journey.catalogue.schema import Attribute, Category, ProductEntry
from journey.store.tables import CatalogueHead, Product

T = TypeVar("T", Attribute, Category)
OWN = "data"
"""The source of a catalogue that stands in the owner's own files."""
UNCHANGED = ("source", "currency", "attributes", "categories", "products")


def store_catalogue(
    session: Session, catalogue: Catalogue, *, source: str, now: datetime
) -> CatalogueHead:
    """Let a catalogue serve, with all its products; the caller's commit does it."""
    count = store_products(session, catalogue, restock=source != OWN)
    head = CatalogueHead(
        source=source,
        currency=catalogue.currency,
        attributes=_dumped(catalogue.attributes),
        categories=_dumped(catalogue.categories),
        products=count,
        at=now,
    )
    session.add(head)
    session.flush()
    return head


def renew(session: Session, *, now: datetime) -> None:
    """Let every process read the catalogue anew: other prices serve with it now."""
    old = serving_head(session)
    if old is not None:
        same = {x: getattr(old, x) for x in UNCHANGED}
        session.add(CatalogueHead(**same, at=now))


def _dumped(entries: Mapping[str, T]) -> dict[str, object]:
    return {key: entry.model_dump(mode="json") for key, entry in entries.items()}


def serving_head(session: Session) -> CatalogueHead | None:
    """Return the head of the catalogue that serves, None before there is one."""
    query = select(CatalogueHead).order_by(CatalogueHead.number.desc()).limit(1)
    return session.scalar(query)


def read_catalogue(session: Session, head: CatalogueHead) -> Catalogue:
    """Return the catalogue that serves; it was checked when it was put there."""
    unsaid = ("active", "reserved", "external_id")
    columns = [x for x in Product.__table__.columns if x.name not in unsaid]
    rows = session.execute(select(*columns).where(Product.active).order_by(Product.id))
    entries = [_entry(dict(row._mapping)) for row in rows]
    return Catalogue(
        currency=head.currency,
        attributes=_read(Attribute, head.attributes),
        categories=_read(Category, head.categories),
        products={entry.product: entry for entry in entries},
    )


def _read(kind: type[T], stored: dict[str, object]) -> dict[str, T]:
    return {key: kind.model_validate(value) for key, value in stored.items()}


def _entry(row: dict[str, object]) -> ProductEntry:
    row["product"] = row.pop("id")
    row["names"] = tuple(row["names"].get("names", ()))  # type: ignore[attr-defined]
    return ProductEntry.model_construct(**row)  # type: ignore[arg-type]
