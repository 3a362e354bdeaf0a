"""A shop of another kind than the sample: an outdoor shop's product feed."""

from pathlib import Path

from sqlalchemy.orm import Session

from journey.catalogue.serving import store_catalogue
from journey.knowledge import Knowledge
from journey.learning.teaching import Teacher
from tests.factories import NOW
from tests.journey.catalogue.feeds.files import catalogue

FEED = Path("tests/data/outdoor.tsv")


def open_shop(session: Session, knowledge: Knowledge) -> Knowledge:
    """Import the feed; return what the coach knows from then on."""
    new, report = catalogue(FEED)
    assert [str(x) for x in report.faults] == [
        "line 16: price: is no amount of money ('soon')"
    ]
    store_catalogue(session, new, source="feed", now=NOW)
    return Teacher(knowledge).knowledge(session)
