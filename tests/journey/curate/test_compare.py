from sqlalchemy.orm import Session

from journey.curate.compare import compare
from journey.orders.workdays import Arrivals
from tests.factories import NOW, make_product


def test_compare_shows_what_differs_and_matters_first(session: Session) -> None:
    one = make_product(session, attributes={"a": 1, "same": 1, "z": 5})
    two = make_product(session, attributes={"a": 2, "same": 1, "z": 6})
    rows = compare([one, two], ["z", "same"], Arrivals(NOW))
    assert [row.attribute for row in rows] == ["price", "z", "a"]
    assert rows[1].values == (5, 6)


def test_compare_says_none_for_what_is_not_stated(session: Session) -> None:
    one, two = make_product(session, attributes={"a": 1}), make_product(session)
    assert compare([one, two], [], Arrivals(NOW))[1].values == (1, None)


def test_compare_is_no_longer_than_asked(session: Session) -> None:
    one = make_product(session, attributes={f"a{n}": 1 for n in range(20)})
    two = make_product(session, attributes={f"a{n}": 2 for n in range(20)})
    assert len(compare([one, two], [], Arrivals(NOW), most=5)) == 5
