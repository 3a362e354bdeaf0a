from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.learning.fading import UNIT, weigh
from journey.people import privacy
from journey.people.consent import Purpose, record_consent
from journey.store.tables import (
    LearnedGap,
    LearnedMute,
    LearnedNext,
    LearnedProduct,
    LearnedSign,
    LearnedTaste,
)
from tests.factories import NOW
from tests.journey.learning.acts import Person


def test_shown_and_chosen_count_for_the_need(session: Session) -> None:
    person = Person(session)
    person.sees("duvet", "pillow")
    person.does("option_chosen", product="duvet")
    row = session.get_one(LearnedProduct, ("sleep", "duvet"))
    assert (row.shown, row.chosen, row.weight) == (1, 1, weigh(NOW))


@pytest.mark.parametrize("why", ["price", "trait", "itself"])
def test_a_refusal_keeps_its_reason(session: Session, why: str) -> None:
    person = Person(session)
    person.does("option_refused", product="duvet", why=why)
    row = session.get_one(LearnedTaste, (person.id, "duvet"))
    assert getattr(row, f"refused_{why}") == 1
    assert (row.disliked > 0) == (why != "price")


def test_an_order_again_tells_the_gap(session: Session) -> None:
    person = Person(session)
    person.orders(1, "filters")
    person.orders(2, "filters", days=30)
    gap = session.get_one(LearnedGap, "filters")
    assert gap.count == 1
    assert gap.logs / UNIT == pytest.approx(3.4012, abs=1e-3)


def test_an_order_tells_what_follows_what(session: Session) -> None:
    person = Person(session)
    person.orders(1, "machine")
    person.orders(2, "filters", days=3)
    assert session.get_one(LearnedNext, ("machine", "filters")).count == 1


def test_a_cancelled_order_never_was(session: Session) -> None:
    person = Person(session)
    person.orders(1, "filters")
    person.does("order_cancelled", order=1)
    row = session.get_one(LearnedTaste, (person.id, "filters"))
    assert (row.ordered, row.liked) == (0, 0)


def test_a_return_counts_against_the_product(session: Session) -> None:
    person = Person(session)
    person.orders(1, "filters", "machine")
    person.does("return_requested", order=1, product="machine")
    row = session.get_one(LearnedTaste, (person.id, "machine"))
    assert row.returned == 1 and row.disliked > row.liked


def test_feedback_is_about_what_was_chosen(session: Session) -> None:
    person = Person(session)
    person.does("option_chosen", product="duvet")
    person.does("feedback_given", value="bad")
    assert session.get_one(LearnedTaste, (person.id, "duvet")).bad == 1


@pytest.mark.parametrize(
    ("kind", "times", "good"), [("asked_again", 1, 0), ("told_others", 2, 1)]
)
def test_more_than_clicks_speaks_for_a_product(
    session: Session, kind: str, times: int, good: int
) -> None:
    person = Person(session)
    person.does(kind, products=["duvet"])
    own = session.get_one(LearnedTaste, (person.id, "duvet"))
    row = session.get_one(LearnedProduct, ("sleep", "duvet"))
    assert own.liked == row.weight == times * weigh(NOW)
    assert own.good == good


def test_a_confirmed_need_counts_what_led_to_it(session: Session) -> None:
    person = Person(session)
    person.does("need_believed", need="sleep", odds=1.0, cues=["wakes"])
    person.does("question_answered", question="why", answer="heat", said="hot")
    person.does("summary_confirmed", need="sleep")
    person.does("summary_confirmed", need="sleep")
    rows = session.scalars(select(LearnedSign).order_by(LearnedSign.kind))
    assert [(row.sign, row.count) for row in rows] == [
        ("why.heat", 1),
        ("", 1),
        ("sleep.wakes", 1),
    ]


def test_nothing_is_learned_without_consent(session: Session) -> None:
    person = Person(session)
    record_consent(
        session,
        person.id,
        Purpose.LEARNING,
        False,
        text="Learn from me",
        source="test",
        now=NOW - timedelta(days=1),
    )
    person.sees("duvet")
    assert session.scalars(select(LearnedProduct)).all() == []


def test_a_deleted_line_is_gone(session: Session) -> None:
    person = Person(session)
    person.orders(1, "filters")
    person.does("lesson_deleted", product="filters")
    person.does("lesson_deleted", trait="brand=Lind")
    assert session.get(LearnedTaste, (person.id, "filters")) is None
    assert session.scalars(select(LearnedMute.trait)).all() == ["brand=Lind"]


def test_an_erased_customer_leaves_the_sums_of_the_others(session: Session) -> None:
    stays, goes = Person(session), Person(session)
    for person in (stays, goes):
        person.sees("duvet", "filters")
        person.orders(1, "duvet", "filters")
        person.orders(2, "filters", days=20)
        person.does("summary_confirmed", need="sleep")
    privacy.erase_customer(session, goes.id, NOW)
    session.expire_all()
    row = session.get_one(LearnedProduct, ("sleep", "filters"))
    assert (row.shown, row.ordered) == (1, 2)
    assert session.get_one(LearnedGap, "filters").count == 1
    assert session.get_one(LearnedNext, ("duvet", "filters")).count == 1
    assert session.get_one(LearnedSign, ("before", "", "sleep")).count == 1


def test_what_a_customer_says_of_a_product_stands_for_what_was_learned(
    session: Session,
) -> None:
    person = Person(session)
    person.orders(1, "filters")
    person.does("return_requested", order=1)
    person.does("lesson_corrected", product="filters", likes=True)
    row = session.get_one(LearnedTaste, (person.id, "filters"))
    assert (row.ordered, row.returned, row.good, row.liked) == (0, 0, 1, weigh(NOW))
