from datetime import timedelta

from sqlalchemy.orm import Session

from journey.learning.monthly import Month, by_month
from tests.factories import NOW
from tests.journey.learning.acts import Person


def test_questions_count_until_the_need_is_confirmed(session: Session) -> None:
    slow, quick, lost = Person(session), Person(session), Person(session)
    later = NOW + timedelta(days=30)
    for person, questions, at in ((slow, 3, NOW), (quick, 1, later)):
        for _ in range(questions):
            person.does("question_asked", at=at, question="why")
        person.does("summary_confirmed", at=at, need="sleep")
        person.does("question_asked", at=at, question="how")
    lost.does("question_asked", question="why")
    assert list(by_month(session)) == [Month("2026-11", 1, 3), Month("2026-12", 1, 1)]


def test_no_need_no_months(session: Session) -> None:
    assert list(by_month(session)) == []
