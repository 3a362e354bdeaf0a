"""What is likely enough to be spoken of, with its reason in words."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from journey import log
from journey.foresight.latent import VETOED, Hint, hints
from journey.foresight.looking_wider import LookingWider
from journey.knowledge import Knowledge
from journey.learning.histories import day_of
from journey.learning.latent import LatentModel, Tally
from journey.learning.packing import pack_latent
from journey.learning.promotion import promote
from journey.people.consent import Purpose, record_consent
from journey.store.tables import Proactive
from tests.factories import NOW
from tests.journey.learning.acts import Person

SKIN = "softer_skin_in_winter"
FILTERS = "kind:coffee-filter"
YEAR = timedelta(days=352)
ENGLISH = "en"


@pytest.fixture
def person(session: Session) -> Person:
    return Person(session, need=SKIN)


def told(person: Person, knowledge: Knowledge) -> list[Hint]:
    return hints(person.session, person.id, knowledge, NOW)


def serve_what_follows(session: Session) -> None:
    """Let half of those with a coffee maker have come for filters in a month."""
    tally, today = Tally(), day_of(NOW)
    for number in range(100):
        story = [(100.0 + number, "kind:coffee-maker")]
        tally.take([*story, (120.0 + number, FILTERS)][: 1 + number % 2], today)
    data = pack_latent(LatentModel(tally))
    promote(session, "latent", weights={}, report={}, now=NOW, data=data)


def test_nobody_is_told_what_nothing_speaks_for(
    person: Person, knowledge: Knowledge
) -> None:
    assert told(person, knowledge) == []


def test_need_of_last_winter_is_told_in_this_one(
    person: Person, knowledge: Knowledge
) -> None:
    person.does("summary_confirmed", at=NOW - YEAR, need=SKIN)
    person.journey.state = "closed"
    (hint,) = told(person, knowledge)
    assert hint.name == knowledge.needs[SKIN].name
    said = hint.reason(knowledge.language(ENGLISH))
    assert said == "you came for it around this time last year"


def test_what_follows_is_told_with_how_many_of_ten(
    person: Person, knowledge: Knowledge
) -> None:
    serve_what_follows(person.session)
    products = knowledge.catalogue.products.values()
    maker = next(x.product for x in products if x.category == "coffee-maker")
    person.orders(1, maker, days=-10)
    (hint,) = told(person, knowledge)
    assert hint.thing == FILTERS
    said = hint.reason(knowledge.language(ENGLISH))
    assert said == 'about 4 of ten who came for "coffee maker" came for this soon after'


@pytest.mark.parametrize("spoilt", ["refused", "open", "unwilling"])
def test_nothing_is_told_twice_nor_unwanted(
    person: Person, knowledge: Knowledge, spoilt: str
) -> None:
    person.does("summary_confirmed", at=NOW - YEAR, need=SKIN)
    person.journey.state = "open" if spoilt == "open" else "closed"
    if spoilt == "refused":
        log.append(
            person.session,
            VETOED,
            at=NOW - timedelta(days=20),
            customer_id=person.id,
            payload={"thing": f"need:{SKIN}"},
        )
    if spoilt == "unwilling":
        agree(person, Purpose.LEARNING, granted=False)
    assert told(person, knowledge) == []


def agree(person: Person, purpose: Purpose, *, granted: bool = True) -> None:
    record_consent(
        person.session, person.id, purpose, granted, text="?", source="x", now=NOW
    )


def look(person: Person, knowledge: Knowledge, days: float = 0) -> list[Proactive]:
    wider, now = LookingWider(knowledge), NOW + timedelta(days=days)
    wider.look(person.session, now=now, random=Random(1))
    return person.session.query(Proactive).all()


def test_message_is_planned_once_for_who_agreed(
    person: Person, knowledge: Knowledge
) -> None:
    person.does("summary_confirmed", at=NOW - YEAR, need=SKIN)
    person.journey.state = "closed"
    assert look(person, knowledge) == []
    agree(person, Purpose.MAY_NEED)
    look(person, knowledge)
    (row,) = look(person, knowledge, days=1)
    assert (row.kind, row.about) == ("may_need", {"thing": f"need:{SKIN}"})
