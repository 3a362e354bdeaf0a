"""The catalogue of a shop's own system, put in the place of the one before."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from journey.catalogue.feeds.build import build_catalogue
from journey.catalogue.feeds.item import Given, Item
from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.values import product_id
from journey.catalogue.load import Catalogue
from journey.catalogue.serving import store_catalogue
from journey.shop.platform import Platform
from journey.store.tables import CatalogueHead, Product

Ids = Mapping[str, str]
"""The platform's id of each product, by ours."""


def pull_catalogue(
    platform: Platform, owner: Catalogue, given: Given, report: Report
) -> tuple[Catalogue, Ids]:
    """Read the whole catalogue over the network; nothing is stored yet."""
    ids: dict[str, str] = {}

    def items() -> Iterator[Item]:
        for pulled in platform.pull(given, report):
            ids.setdefault(product_id(pulled.item.raw_id), pulled.product)
            yield pulled.item

    catalogue = build_catalogue(items(), owner, given, report)
    return catalogue, {key: ids[key] for key in catalogue.products}


def store_pulled(
    session: Session, catalogue: Catalogue, ids: Ids, source: str, now: datetime
) -> CatalogueHead:
    """Let a pulled catalogue serve, with the platform's ids of its products."""
    head = store_catalogue(session, catalogue, source=source, now=now)
    session.execute(update(Product).values(external_id=None))
    rows = [{"id": key, "external_id": external} for key, external in ids.items()]
    session.execute(update(Product), rows)
    session.expire_all()
    return head
