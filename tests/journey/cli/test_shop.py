import pytest

from tests.journey.cli.conftest import Coach
from tests.journey.test_privacy import make_traces


@pytest.fixture
def ordered(coach: Coach) -> Coach:
    with coach.session() as session:
        make_traces(session)
        session.commit()
    return coach


def test_order_list_shows_number_status_and_total(ordered: Coach) -> None:
    assert (
        "1000  placed     193.90  1 x product-" in ordered.run("order", "list").output
    )


def test_order_status_moves_it_on(ordered: Coach) -> None:
    assert ordered.run("order", "status", "1000", "shipped").exit_code == 0
    assert "1000  shipped" in ordered.run("order", "list").output


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        ("1000", "delivered", "an order that is placed cannot become delivered"),
        ("7", "shipped", "no order has the number 7"),
        ("1000", "lost", "'lost' is not one of"),
    ],
)
def test_order_status_that_cannot_be_is_refused(
    ordered: Coach, number: str, status: str, said: str
) -> None:
    result = ordered.run("order", "status", number, status)
    assert result.exit_code != 0
    assert said in result.output
