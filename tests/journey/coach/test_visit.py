import pytest

from journey.turn import Entity
from tests.journey.coach.test_repeat import agreed
from tests.journey.talking import Talk

ASKED = ["utter_remember_need", "utter_ask_how_went"]


def test_request_of_who_comes_back_is_served_then_asked_how_it_went(talk: Talk) -> None:
    agreed(talk)
    said = talk.say("ask_policy", "what does delivery cost")
    assert said == ["utter_policy", *ASKED]
    assert talk.say("give_feedback", "much better thanks")[0] == "utter_glad"


def test_how_it_went_waits_until_nothing_else_does(talk: Talk) -> None:
    agreed(talk)
    said = talk.say("ask_recommendation", "a desk lamp", Entity("category", "lamp"))
    assert not set(ASKED) & set(said)
    assert talk.events("review_due")


def test_how_it_went_is_asked_once(talk: Talk) -> None:
    agreed(talk)
    talk.say("ask_policy", "what does delivery cost")
    assert talk.say("deny", "not now") != ASKED
    talk.wait(days=2)
    said = talk.say("ask_policy", "what does delivery cost")
    assert not set(ASKED) & set(said)
    assert len(talk.events("review_asked")) == 1


@pytest.mark.parametrize("intent", ["ask_human", "stop_messages", "goodbye", "greet"])
def test_who_wants_no_answer_is_not_asked_behind_it(talk: Talk, intent: str) -> None:
    agreed(talk)
    talk.say(intent, "x")
    assert not talk.events("review_asked")


def test_question_about_the_coach_always_has_an_answer(talk: Talk) -> None:
    assert talk.say("ask_if_bot", "are you a robot?") == ["utter_i_am_a_bot"]


def test_handler_without_an_answer_is_heard_of(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    handlers = {"ask_if_bot": lambda _turn: []}
    monkeypatch.setattr("journey.coach.decide.INTENTS", handlers)
    assert talk.say("ask_if_bot", "are you a robot?") == ["utter_clarify_1"]
    assert "no answer to ask_if_bot" in caplog.text
