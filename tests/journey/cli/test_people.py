import json

import pytest
from sqlalchemy import select

from journey.store.tables import Customer, Erasure
from tests.factories import make_customer
from tests.journey.cli.conftest import Coach
from tests.journey.people.test_privacy import make_traces


@pytest.fixture
def ada(coach: Coach) -> str:
    with coach.session() as session:
        customer = make_traces(session).customer_id
        session.commit()
    return customer


def test_journey_prints_the_story(coach: Coach, ada: str) -> None:
    result = coach.run("journey", ada)
    assert result.exit_code == 0, result.output
    assert "Monday, 23 November 2026" in result.output
    assert "message heard" in result.output
    assert "[rules]" in result.output


def test_export_is_json_of_every_table(coach: Coach, ada: str) -> None:
    rows = json.loads(coach.run("export", ada).output)
    assert rows["customers"][0]["name"] == "Ada"
    assert rows["engine"] == {}


def test_erase_asks_first(coach: Coach, ada: str) -> None:
    assert coach.run("erase", ada, given="n\n").exit_code == 1
    with coach.session() as session:
        assert session.get(Customer, ada) is not None


def test_erase_forgets(coach: Coach, ada: str) -> None:
    result = coach.run("erase", "Ada", "--yes")
    assert "events: 2 erased" in result.output
    with coach.session() as session:
        assert session.get(Customer, ada) is None
        assert session.scalars(select(Erasure)).one().done_at is not None


@pytest.mark.parametrize("command", ["journey", "export", "erase"])
def test_unknown_customer_is_one_sentence(coach: Coach, command: str) -> None:
    result = coach.run(command, "nobody")
    assert result.exit_code == 1
    assert result.output == "Error: no customer is known as 'nobody'\n"


def test_journey_of_a_name_that_two_have_names_both(coach: Coach) -> None:
    with coach.session() as session:
        ids = [make_customer(session, name="Bo").id for _ in range(2)]
        session.commit()
    output = coach.run("journey", "Bo").output
    assert all(one in output for one in ids)
