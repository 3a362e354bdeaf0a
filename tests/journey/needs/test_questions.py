from dataclasses import replace

import pytest

from journey.knowledge import Knowledge
from journey.needs import questions
from journey.needs.questions import Situation, next_question, open_questions, weigh

SLEEP = "sleep_through_the_night"


@pytest.fixture
def situation(knowledge: Knowledge) -> Situation:
    believed = {need: 0.05 for need in knowledge.needs} | {SLEEP: 0.9}
    return Situation(believed, {}, (), frozenset(), frozenset())


def test_asked_and_known_questions_are_not_open(
    knowledge: Knowledge, situation: Situation
) -> None:
    pool = knowledge.needs[SLEEP].questions
    seen = replace(
        situation,
        asked=frozenset({"what_wakes_you"}),
        known=frozenset({"sleep_position"}),
    )
    names = {question.question for question in open_questions(pool, seen)}
    assert names.isdisjoint({"what_wakes_you", "sleep_position"})


def test_question_that_changes_nothing_is_not_asked(
    knowledge: Knowledge, situation: Situation
) -> None:
    question = knowledge.by_question["what_wakes_you"]
    same = question.answers[0].model_copy(update={"prefers": {}, "constrains": ()})
    flat = question.model_copy(
        update={
            "answers": tuple(
                same.model_copy(update={"answer": name, "counts": {"other": (5, 9)}})
                for name in ("yes", "no")
            )
        }
    )
    assert weigh(knowledge, situation, flat).change == 0
    assert next_question(knowledge, situation, [flat]) is None


def test_patience_runs_out(knowledge: Knowledge, situation: Situation) -> None:
    question = knowledge.by_question["what_wakes_you"]
    tired = replace(situation, asked=frozenset("abcd"))
    assert next_question(knowledge, situation, [question]) is not None
    assert next_question(knowledge, tired, [question]) is None


def test_chances_of_answers_add_up(knowledge: Knowledge, situation: Situation) -> None:
    for name, question in knowledge.by_question.items():
        owner = knowledge.need_of.get(name)
        chances = questions.answer_chances(question, owner, situation.beliefs)
        assert sum(chances) == pytest.approx(1)


def test_information_is_never_negative(
    knowledge: Knowledge, situation: Situation
) -> None:
    for name, question in knowledge.by_question.items():
        owner = knowledge.need_of.get(name)
        assert questions.information(question, owner, situation.beliefs) >= 0


def test_shared_question_tells_needs_apart(
    knowledge: Knowledge, situation: Situation
) -> None:
    even = replace(situation, beliefs={need: 0.2 for need in knowledge.needs})
    worth = next_question(knowledge, even, knowledge.questions)
    assert worth is not None and worth.information > 0
