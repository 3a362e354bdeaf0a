import pytest

from journey.messages.cleaning import MASK
from journey.people.consent import Purpose, has_consent
from journey.store.tables import Conversation, Handoff
from journey.turn import Entity
from tests.journey.coach.test_recognize import troubled
from tests.journey.coach.test_repeat import agreed
from tests.journey.talking import Talk


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("i dont want to live anymore, i want to die", "self_harm"),
        ("my lawyer will write to you", "legal"),
        ("my account was hacked", "account_security"),
        ("I am sick of this", "anger"),
    ],
)
def test_risk_goes_to_a_person_at_once(talk: Talk, words: str, reason: str) -> None:
    said = talk.say("share_situation", words)
    assert said[0] == "utter_risk"
    assert talk.session.query(Handoff).one().reason == reason


def test_person_is_asked_for_without_argument(talk: Talk) -> None:
    troubled(talk)
    assert talk.say("ask_human", "a person please") == ["utter_handoff_now"]
    assert talk.session.get_one(Conversation, "conversation").owner == "requested"
    packet = talk.session.query(Handoff).one().packet
    assert packet["told"]["need"] == "to sleep through the night"
    assert "keep waking up" in packet["told"]["words"]


def test_person_at_night_is_promised_for_the_morning(talk: Talk) -> None:
    talk.wait(hours=13)
    assert talk.say("ask_human", "human!") == ["utter_handoff_later"]
    assert talk.value("opens") == "Tuesday 3 March at 09:00"


def test_person_asked_for_twice_is_one_handoff(talk: Talk) -> None:
    talk.say("ask_human", "human")
    assert talk.say("ask_human", "HUMAN") == ["utter_handoff_already"]
    assert talk.session.query(Handoff).count() == 1


@pytest.mark.parametrize("word", ["STOP", "stop", "Unsubscribe", "stop messaging me"])
def test_stop_withdraws_consent_at_once(talk: Talk, word: str) -> None:
    agreed(talk)
    assert has_consent(talk.session, "customer", Purpose.CHECK_IN, talk.at)
    assert talk.say("out_of_scope", word) == ["utter_stopped"]
    assert not has_consent(talk.session, "customer", Purpose.CHECK_IN, talk.at)


def test_never_mind_drops_what_was_begun(talk: Talk) -> None:
    troubled(talk)
    assert talk.say("refuse_option", "ah never mind") == ["utter_cancelled"]
    assert talk.say("greet", "hi") == ["utter_greet_short"]


def test_gibberish_is_clarified_twice_then_a_person_is_asked_for(talk: Talk) -> None:
    assert talk.say("out_of_scope", "asdf") == ["utter_clarify_1"]
    assert talk.say("out_of_scope", "qwer") == ["utter_clarify_2"]
    assert talk.say("out_of_scope", "zxcv")[0] == "utter_give_up"
    assert talk.events("handoff_requested") == [{"reason": "not_understood"}]


def test_something_understood_forgives_the_misses(talk: Talk) -> None:
    talk.say("out_of_scope", "asdf")
    talk.say("thank", "thanks")
    assert talk.say("out_of_scope", "qwer") == ["utter_clarify_1"]


def test_gibberish_under_a_question_asks_it_again(talk: Talk) -> None:
    troubled(talk)
    said = talk.say("out_of_scope", "asdfgh")
    assert said == ["utter_clarify_answer_1", "utter_ask_open"]


def test_words_in_another_language_are_answered_in_ours(talk: Talk) -> None:
    spoken = Entity("language", "hu", 0, 20)
    said = talk.say("out_of_scope", "nem tudok aludni", spoken)
    assert said == ["utter_language_unknown"]
    assert talk.value("languages") == "English"


def test_card_number_is_answered_kindly_and_the_question_stays(talk: Talk) -> None:
    troubled(talk)
    said = talk.say("out_of_scope", f"my card is {MASK}")
    assert said == ["utter_card_masked", "utter_way_back_need", "utter_ask_open"]
    assert talk.kinds().count("card_masked") == 1


def test_card_number_beside_a_wish_is_said_and_the_wish_served(shop: Talk) -> None:
    wish = Entity("product", "chair-lind-high", 0, 6)
    said = shop.say("order_product", f"chair, my card is {MASK}", wish)
    assert said == ["utter_card_masked", "utter_ask_address"]
