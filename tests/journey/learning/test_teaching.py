from pathlib import Path

from sqlalchemy.orm import Session

from journey.catalogue.serving import store_catalogue
from journey.knowledge import Knowledge
from journey.learning.teaching import Teacher
from journey.store.tables import LearnedSign
from tests.factories import NOW
from tests.journey.catalogue.feeds.files import FEED, catalogue, write


def test_teacher_hears_of_an_import_at_the_next_message(
    session: Session, knowledge: Knowledge, tmp_path: Path
) -> None:
    teacher = Teacher(knowledge)
    assert "desk-chair" in teacher.knowledge(session).catalogue.categories
    new, _ = catalogue(write(tmp_path, FEED))
    store_catalogue(session, new, source="feed", now=NOW)
    kinds = set(teacher.knowledge(session).catalogue.categories)
    assert kinds == {"stove", "camping-stove", "tent"}


def test_teacher_makes_nothing_anew_while_nothing_changes(
    session: Session, knowledge: Knowledge
) -> None:
    teacher = Teacher(knowledge)
    first = teacher.knowledge(session)
    assert teacher.knowledge(session) is first
    sign = LearnedSign(kind="before", sign="", need="first_flat", count=9)
    session.add(sign)
    session.flush()
    assert teacher.knowledge(session) is not first
