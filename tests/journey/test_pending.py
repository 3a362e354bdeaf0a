import pytest

from journey import pending
from journey.turn import Move
from tests.journey.talking import Talk

PROMPT = Move("utter_ask_open", {"question": "Why?"}, buttons=(("A", "/affirm"),))


def test_prompt_is_said_again_as_it_was(talk: Talk) -> None:
    turn = talk.turn("greet")
    pending.expect(turn, "answer", PROMPT, question="q")
    assert pending.prompt(pending.row(turn)) == PROMPT


def test_interruption_comes_back(talk: Talk) -> None:
    turn = talk.turn("greet")
    pending.expect(turn, "answer", PROMPT, question="q")
    pending.interrupt(turn, "forget", Move("utter_confirm_forget"))
    assert pending.done(turn).expects == "answer"
    assert pending.row(turn).about["question"] == "q"


@pytest.mark.parametrize(("about", "left"), [({}, ""), ({"execution": "e"}, "answer")])
def test_question_of_last_week_comes_back_only_for_a_mandate(
    talk: Talk, about: dict[str, str], left: str
) -> None:
    pending.expect(talk.turn("greet"), "answer", PROMPT, **about)
    talk.wait(days=7)
    pending.interrupt(talk.turn("greet"), "forget", PROMPT)
    assert pending.done(talk.turn("greet")).expects == left


def test_nothing_is_waited_for_when_all_is_done(talk: Talk) -> None:
    turn = talk.turn("greet")
    pending.expect(turn, "answer", PROMPT)
    pending.done(turn)
    assert pending.prompt(pending.row(turn)) is None


def test_same_interruption_twice_is_one(talk: Talk) -> None:
    turn = talk.turn("greet")
    pending.expect(turn, "answer", PROMPT)
    pending.interrupt(turn, "forget", PROMPT)
    pending.interrupt(turn, "forget", PROMPT)
    assert pending.done(turn).expects == "answer"


def test_stack_does_not_grow_without_end(talk: Talk) -> None:
    turn = talk.turn("greet")
    for number in range(20):
        pending.interrupt(turn, f"kind{number}", PROMPT)
    assert len(pending.row(turn).stack) == pending.DEEPEST


def test_what_was_told_is_heard_and_never_said_again(talk: Talk) -> None:
    turn = talk.turn("greet")
    pending.listen(turn, "told", execution="e")
    assert pending.row(turn).expects == "told"
    assert pending.prompt(pending.row(turn)) is None
    pending.interrupt(turn, "forget", PROMPT)
    assert pending.done(turn).expects == ""


def test_two_orders_are_asked_about_one_after_the_other(talk: Talk) -> None:
    turn = talk.turn("greet")
    pending.interrupt(turn, "announced", PROMPT, execution="a")
    pending.interrupt(turn, "announced", PROMPT, execution="b")
    assert pending.done(turn).about["execution"] == "a"


def test_hushed_question_still_hears_its_answer(talk: Talk) -> None:
    turn = talk.turn("greet")
    pending.expect(turn, "answer", PROMPT, question="q")
    pending.hush(turn)
    assert (pending.row(turn).expects, pending.prompt(pending.row(turn))) == (
        "answer",
        None,
    )
