from datetime import UTC, datetime
from random import Random

from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.language.speech import load_speech
from journey.shop.news import News
from tests.factories import NOW, make_order


def test_delivery_day_is_that_of_where_parcels_leave(
    session: Session, knowledge: Knowledge
) -> None:
    order = make_order(session)
    news = News(session, order, knowledge, load_speech(), Random(0), NOW)
    late = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert news.delivery_day(late) == "Friday 6 March"
