from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.learning.likelihoods import learned_counts, taught
from journey.learning.teaching import Teacher
from journey.needs.beliefs import answer_weight, rate
from tests.journey.learning.acts import Person

NEED = "sleep_through_the_night"


def confirm(session: Session, answer: str, need: str = NEED) -> None:
    person = Person(session, need)
    person.does("need_believed", need=NEED, odds=1.0, cues=["wakes_at_night"])
    person.does("question_answered", question="what_wakes_you", answer=answer, said="")
    person.does("summary_confirmed", need=need)


def test_nothing_confirmed_changes_nothing(
    session: Session, knowledge: Knowledge
) -> None:
    assert taught(knowledge, learned_counts(session)).needs == knowledge.needs


def test_a_confirmed_need_adds_to_its_cues(
    session: Session, knowledge: Knowledge
) -> None:
    confirm(session, "heat")
    before = knowledge.needs[NEED].cue("wakes_at_night")
    after = taught(knowledge, learned_counts(session)).needs[NEED].cue("wakes_at_night")
    assert before and after
    assert after.counts.with_ == tuple(x + 1 for x in before.counts.with_)
    assert after.counts.without == before.counts.without


def test_a_cue_that_led_elsewhere_speaks_less(
    session: Session, knowledge: Knowledge
) -> None:
    other = next(name for name in knowledge.needs if name != NEED)
    for _ in range(5):
        confirm(session, "heat", other)
    before = knowledge.needs[NEED].cue("wakes_at_night")
    after = taught(knowledge, learned_counts(session)).needs[NEED].cue("wakes_at_night")
    assert before and after
    assert rate(after.counts.without) > rate(before.counts.without)


def test_an_answer_that_told_the_need_weighs_more(
    session: Session, knowledge: Knowledge
) -> None:
    for _ in range(5):
        confirm(session, "heat")
    after = taught(knowledge, learned_counts(session))
    before, now = (k.answer("what_wakes_you", "heat") for k in (knowledge, after))
    assert before and now
    assert answer_weight(now, NEED, NEED) > answer_weight(before, NEED, NEED)


def test_common_needs_become_likelier(session: Session, knowledge: Knowledge) -> None:
    confirm(session, "heat")
    after = taught(knowledge, learned_counts(session)).needs
    assert after[NEED].prior > knowledge.needs[NEED].prior
    assert all(0 < need.prior < 1 for need in after.values())


def test_a_teacher_learns_only_when_there_is_news(
    session: Session, knowledge: Knowledge
) -> None:
    teacher = Teacher(knowledge)
    assert teacher.knowledge(session) is knowledge
    confirm(session, "heat")
    news = teacher.knowledge(session)
    assert news is not knowledge and news is teacher.knowledge(session)
    assert news.shelf is knowledge.shelf
