from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.learning.explain import Line, delete_line, lines
from tests.factories import NOW, make_heard, make_product
from tests.journey.learning.acts import Person

LATER = NOW + timedelta(days=30)


@pytest.fixture
def person(session: Session) -> Person:
    for name, brand in [("tall", "Lind"), ("low", "Ask"), ("wide", "Ask")]:
        make_product(session, id=name, name=f"Chair {name}", brand=brand)
    return Person(session)


def told(session: Session, person: Person, knowledge: Knowledge) -> dict[str, Line]:
    english = knowledge.languages["en"]
    found = lines(session, person.id, knowledge.catalogue, LATER)
    return {line.words(english): line for line in found}


def test_nothing_learned_says_nothing(
    session: Session, person: Person, knowledge: Knowledge
) -> None:
    assert told(session, person, knowledge) == {}


def test_a_line_names_its_events(
    session: Session, person: Person, knowledge: Knowledge
) -> None:
    event = person.orders(1, "tall")
    line = told(session, person, knowledge)["you took Chair tall and kept it"]
    assert line.events == (event,)


def test_a_liked_trait_is_told(
    session: Session, person: Person, knowledge: Knowledge
) -> None:
    person.orders(1, "tall")
    assert "you seem to like Lind" in told(session, person, knowledge)


def test_every_line_can_be_deleted(
    session: Session, person: Person, knowledge: Knowledge
) -> None:
    person.orders(1, "tall")
    heard = make_heard(person.conversation)
    while found := told(session, person, knowledge):
        words, line = found.popitem()
        delete_line(session, heard, line)
        assert words not in told(session, person, knowledge)
