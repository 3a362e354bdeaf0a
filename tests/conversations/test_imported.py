"""Another shop's feed is imported while everything runs, and understood at once."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from journey.catalogue.load import Catalogue, load_catalogue
from journey.catalogue.serving import OWN, store_catalogue
from journey.catalogue.terms import write_terms
from journey.cli.settings import read_settings
from journey.store.tables import Message
from tests.conversations.by_web import ByWeb
from tests.conversations.house import ROOT, House
from tests.journey.catalogue.feeds.files import catalogue
from tests.journey.coach.outdoor import FEED

pytestmark = pytest.mark.engine


def serve(house: House, new: Catalogue, source: str) -> None:
    with house.sessions.begin() as session:
        store_catalogue(session, new, source=source, now=datetime.now(UTC))
    write_terms(new, read_settings({}, ROOT).terms)


@pytest.fixture
def browser(house: House) -> Iterator[ByWeb]:
    serve(house, catalogue(FEED)[0], "feed")
    with ByWeb(house, house.web) as browser:
        browser.open("", "")
        yield browser
    serve(house, load_catalogue(ROOT / "data" / "catalogue"), OWN)


def shown(browser: ByWeb) -> set[str]:
    """Return the products of the last shortlist."""
    query = select(Message).where(Message.conversation_id == browser.conversation)
    with browser.house.reading() as session:
        rows = session.scalars(query.order_by(Message.created_at.desc())).all()
    lists = [row.content["shortlist"] for row in rows if "shortlist" in row.content]
    return {option["product"] for option in lists[0]["options"]}


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("a bottle under 80, at least 2 litres, not leather", {"b-2", "b-3", "b-6"}),
        ("I need a red jaket in size L", {"j-3"}),
        ("do you have a quiet stove?", {"s-1", "s-2"}),
        ("something for camping under 40 euros", {"b-1", "b-3"}),
    ],
)
def test_imported_shop_is_understood_at_once(
    browser: ByWeb, text: str, products: set[str]
) -> None:
    browser.send(text, None, "")
    assert shown(browser) == products
