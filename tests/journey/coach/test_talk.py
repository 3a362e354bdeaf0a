import pytest

from tests.journey.talking import Talk, cue

TEXT = "i keep waking up at 3"
WAKES = cue("sleep_through_the_night.wakes_at_night", TEXT, "keep waking up")


@pytest.mark.parametrize("text", ["what can you do?", "help", "HELP ME", "menu"])
def test_what_it_can_do_is_said_whatever_was_heard(talk: Talk, text: str) -> None:
    assert talk.say("out_of_scope", text) == ["utter_abilities"]
    assert talk.said[0].buttons


@pytest.mark.parametrize("text", ["why do you ask?", "why", "why does that matter"])
def test_question_about_a_question_is_answered_and_it_is_put_again(
    talk: Talk, text: str
) -> None:
    talk.say("share_situation", TEXT, WAKES)
    asked = talk.said[-1].response
    said = talk.say("ask_if_bot", text)
    assert said[0] == "utter_why_asked"
    assert said[-1] == asked


def test_need_for_help_with_something_is_no_question_about_us(talk: Talk) -> None:
    said = talk.say("share_situation", "i need help with my sleep")
    assert "utter_abilities" not in said
