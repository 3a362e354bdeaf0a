from journey.store.tables import Erasure, Fact
from journey.turn import Entity
from tests.journey.coach.test_recognize import troubled
from tests.journey.coach.test_repeat import agreed
from tests.journey.talking import Talk


def test_nothing_is_known_at_first(talk: Talk) -> None:
    assert talk.say("ask_my_data", "what do you know about me?") == [
        "utter_known_nothing"
    ]


def test_all_that_is_known_is_said_in_plain_words(talk: Talk) -> None:
    agreed(talk)
    said = talk.say("ask_my_data", "what do you know about me?")
    assert said[0] == "utter_known" and said[-1] == "utter_can_forget"
    assert talk.value("facts") == "thoughts keep you awake"
    assert "to sleep through the night" in talk.value("needs")
    assert "ask how it went" in talk.value("consents")


def test_one_fact_is_forgotten_by_its_words(talk: Talk) -> None:
    agreed(talk)
    assert talk.say("forget_me", "please forget that thoughts keep me awake") == [
        "utter_fact_forgotten"
    ]
    assert talk.session.query(Fact).count() == 0


def test_one_fact_is_forgotten_by_its_button(talk: Talk) -> None:
    agreed(talk)
    talk.say("ask_my_data", "what do you know")
    talk.press("Forget: thoughts keep you awake")
    assert talk.session.query(Fact).count() == 0


def test_forget_me_asks_once_and_then_has_all_erased(talk: Talk) -> None:
    agreed(talk)
    assert talk.say("forget_me", "forget me") == ["utter_confirm_forget"]
    assert talk.session.query(Erasure).count() == 0
    assert talk.say("affirm", "yes") == ["utter_forgotten"]
    assert talk.session.query(Erasure).one().customer_id == "customer"


def test_forget_me_taken_back_returns_to_the_question(talk: Talk) -> None:
    troubled(talk)
    question = talk.said[-1]
    talk.say("forget_me", "delete my data")
    said = talk.say("deny", "no")
    assert said == ["utter_kept", "utter_way_back_need", question.response]


def test_forgetting_everything_by_button_still_asks(talk: Talk) -> None:
    agreed(talk)
    said = talk.say("forget_me", "", Entity("fact", "*"))
    assert said == ["utter_confirm_forget"]
