from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from journey.learning.contest import settle
from journey.learning.promotion import roll_back
from journey.learning.refit import challenge_weights, past_choices
from journey.learning.weights import FIRST, KIND, serving_model
from journey.people.consent import Purpose, record_consent
from journey.store.tables import Option, Shortlist
from tests.factories import NOW
from tests.journey.learning.acts import Person

Amounts = list[tuple[float, float]]


def show(
    session: Session, person: Person, at: datetime, amounts: Amounts, taken: int
) -> None:
    """A shortlist of options, each with what the need and the taste say."""
    shortlist = Shortlist(journey_id=person.journey.id, decided_by="x", at=at)
    session.add(shortlist)
    session.flush()
    for rank, (need, taste) in enumerate(amounts):
        terms = [["need", "category", need], ["learned", "taste", taste]]
        session.add(
            Option(
                shortlist_id=shortlist.id,
                journey_id=person.journey.id,
                rank=rank,
                product_id=f"p{rank}",
                price=1.0,
                reason="",
                drawback="",
                terms={"terms": terms},
                propensity=1.0,
                choice="chosen" if rank == taken else None,
            )
        )
    session.flush()


def live(session: Session, taste_matters: bool) -> Person:
    """Choices over sixty days that follow the taste, or only the need."""
    random, person = Random(4), Person(session)
    for n in range(240):
        amounts = [(random.random(), random.random() / 5) for _ in range(4)]
        worth = [t if taste_matters else d for d, t in amounts]
        at = NOW - timedelta(days=60 - n / 4)
        show(session, person, at, amounts, worth.index(max(worth)))
    return person


def refit(session: Session) -> str | None:
    return settle(session, challenge_weights(session, NOW), NOW)


def test_few_choices_change_nothing(session: Session) -> None:
    assert refit(session) is None


def test_a_better_challenger_serves(session: Session) -> None:
    live(session, taste_matters=True)
    before = serving_model(session).weights.taste
    name = refit(session)
    assert name is not None and serving_model(session).id == name
    assert serving_model(session).weights.taste > before


def test_taste_that_says_nothing_counts_less(session: Session) -> None:
    live(session, taste_matters=False)
    before = serving_model(session).weights.taste
    refit(session)
    assert serving_model(session).weights.taste <= before


def test_a_promotion_can_be_taken_back(session: Session) -> None:
    live(session, taste_matters=True)
    refit(session)
    assert roll_back(session, KIND) is None
    assert serving_model(session).id == FIRST


def test_choices_of_the_unwilling_are_left_out(session: Session) -> None:
    person = live(session, taste_matters=True)
    record_consent(
        session,
        person.id,
        Purpose.LEARNING,
        False,
        text="Learn from me",
        source="test",
        now=NOW,
    )
    assert past_choices(session) == []
