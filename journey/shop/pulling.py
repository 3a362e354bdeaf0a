"""The catalogue of a shop's own system, put in the place of the one before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import update
from sqlalchemy.orm import Session

from journey.catalogue.feeds.build import build_catalogue
from journey.catalogue.feeds.item import Given, Item
from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.values import product_id
from journey.catalogue.load import Catalogue
from journey.catalogue.serving import serving_head, store_catalogue
from journey.catalogue.terms import write_terms
from journey.knowledge import Knowledge
from journey.shop.platform import Platform
from journey.store.tables import CatalogueHead, JobState, Product

PULL = "pull_catalogue"
LEASE = timedelta(hours=1)
"""No other scheduler pulls for so long."""
FEWEST = 0.5
"""With less than this share of its products a catalogue is not taken by itself."""
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


class Odd(Exception):
    """A catalogue that is not taken without the owner's word."""


@dataclass(frozen=True)
class Pulling:
    """Takes the catalogue by the clock; what fails leaves the one before it."""

    platform: Platform
    knowledge: Knowledge
    terms: Path

    def run(self, session: Session, *, now: datetime, random: Random) -> int:
        """Take the whole catalogue.

        Raises:
            PlatformError: the shop does not answer as it should.
            Odd: nothing or little is left of the one before it.
        """
        del random
        state = session.get_one(JobState, PULL)
        state.due_at = now + LEASE
        # Nothing is asked while anybody could wait for this transaction.
        session.commit()
        try:
            self._take(session, now)
        except Exception:
            session.rollback()
            state.due_at = now
            session.commit()
            raise
        return 0

    def _take(self, session: Session, now: datetime) -> None:
        days = self.knowledge.policies.delivery.standard.days[0]
        given = Given(self.platform.currency(), days, "", now)
        owner = self.knowledge.catalogue
        catalogue, ids = pull_catalogue(self.platform, owner, given, Report())
        _check_size(session, self.platform.name, len(catalogue.products))
        store_pulled(session, catalogue, ids, self.platform.name, now)
        session.commit()
        write_terms(catalogue, self.terms)


def _check_size(session: Session, source: str, products: int) -> None:
    head = serving_head(session)
    before = head.products if head and head.source == source else 0
    if not products or products < before * FEWEST:
        raise Odd(
            f"the shop sells {products} products now, {before} before: run"
            " `coach shop pull` if that is right"
        )
