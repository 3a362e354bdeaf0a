from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from journey.learning.sums import Sum, add
from journey.store.tables import LearnedTaste
from tests.factories import NOW

KEY = {"customer_id": "c", "product_id": "p"}
LATER = NOW + timedelta(days=1)


def test_amounts_add_up_and_the_latest_instant_stays(crowd: Engine) -> None:
    one = Sum(LearnedTaste, KEY, {"ordered": 1, "ordered_at": LATER})
    other = Sum(LearnedTaste, KEY, {"ordered": 2, "ordered_at": NOW, "gaps": 1})
    with Session(crowd) as session:
        add(session, [one, other])
        add(session, [other])
        row = session.scalars(select(LearnedTaste)).one()
        assert (row.ordered, row.gaps, row.ordered_at) == (5, 2, LATER)
