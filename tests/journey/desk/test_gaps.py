from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.desk import gaps
from journey.desk.gaps import Gap
from journey.owner import ownership
from journey.store.tables import Asked, Conversation
from tests.factories import NOW, make_conversation, make_customer, make_journey
from tests.journey.desk.acts import write

SINCE = NOW - timedelta(days=7)


@pytest.fixture
def conversation(session: Session) -> Conversation:
    return make_conversation(session, make_customer(session))


def give_up(session: Session, conversation: Conversation) -> None:
    given = {"why": "not_understood", "at": NOW}
    ownership.request(session, conversation.id, by="coach", **given)


def ask(
    session: Session, conversation: Conversation, question: str, answer: str | None
) -> None:
    journey = make_journey(session, conversation, need="quieter_days")
    row = Asked(journey_id=journey.id, question=question, answer=answer, asked_at=NOW)
    session.add(row)
    session.flush()


def test_missed_shows_the_words_without_what_is_secret(
    session: Session, conversation: Conversation
) -> None:
    write(session, conversation, "do you mend kettles, my pin is 1234")
    give_up(session, conversation)
    (missed,) = gaps.missed(session, SINCE)
    assert missed.words == "do you mend kettles, my pin is •••"
    assert (missed.need, missed.question) == (None, None)
    assert gaps.gaps([missed]) == []


@pytest.mark.parametrize(
    ("answer", "question"), [(None, "where_noise"), ("street", None)]
)
def test_gap_is_a_need_and_a_question_without_answer(
    session: Session, conversation: Conversation, answer: str | None, question: str
) -> None:
    ask(session, conversation, "where_noise", answer)
    give_up(session, conversation)
    found = gaps.missed(session, SINCE)
    assert gaps.gaps([*found, *found]) == [Gap("quieter_days", question, 2)]


def test_who_asked_for_a_person_is_no_gap(
    session: Session, conversation: Conversation
) -> None:
    ownership.request(session, conversation.id, by="coach", why="asked", at=NOW)
    assert gaps.missed(session, SINCE) == []
