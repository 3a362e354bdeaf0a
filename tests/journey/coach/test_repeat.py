from datetime import timedelta

import pytest

from journey import log
from journey.store.tables import Conversation, Journey, Promise
from journey.turn import Entity
from tests.journey.coach.test_goal import aims
from tests.journey.coach.test_recognize import troubled
from tests.journey.talking import Talk


def agreed(talk: Talk) -> None:
    troubled(talk)
    talk.press("Thoughts going round")
    talk.press("A tip that costs nothing")
    talk.press("Yes")
    talk.wait(days=15)
    talk.open("another-device")


def test_greet_somebody_new_with_an_open_question(talk: Talk) -> None:
    assert talk.say("greet", "hi") == ["utter_greet"]
    assert talk.events("greeted") == [{"returning": False}]


def test_greet_somebody_again_with_what_it_was_about(talk: Talk) -> None:
    agreed(talk)
    said = talk.say("greet", "hello")
    assert said == ["utter_welcome_back", "utter_remember_need", "utter_ask_how_went"]
    assert talk.value("need") == "to sleep through the night"


@pytest.mark.parametrize(
    ("words", "value", "outcome"),
    [
        ("much better thanks", "good", "helped"),
        ("no better at all", "bad", None),
        ("so so, some days", "mixed", None),
        ("nope, same as before", "bad", None),
    ],
)
def test_feedback_keeps_the_promise_and_moves_the_journey(
    talk: Talk, words: str, value: str, outcome: str | None
) -> None:
    agreed(talk)
    talk.say("greet", "hello")
    talk.say("give_feedback", words)
    assert talk.events("feedback_given")[0]["value"] == value
    assert talk.session.query(Promise).one().state == "kept"
    assert talk.session.query(Journey).one().outcome == outcome


@pytest.mark.parametrize(
    "words", ["didn't try it yet", "haven't had time", "ask me next week"]
)
def test_who_has_not_tried_it_yet_is_offered_another_day(
    talk: Talk, words: str
) -> None:
    agreed(talk)
    talk.say("greet", "hello")
    assert talk.say("deny", words) == ["utter_not_tried", "utter_offer_check_in"]
    assert talk.press("Yes") == ["utter_check_in_agreed"]
    assert talk.events("feedback_given") == []


@pytest.mark.parametrize("words", ["no thanks", "skip"])
def test_no_thanks_is_no_feedback(talk: Talk, words: str) -> None:
    agreed(talk)
    talk.say("greet", "hello")
    assert talk.say("deny", words) == ["utter_leave_it"]
    assert talk.events("feedback_given") == []


def test_feedback_that_says_neither_is_asked_for(talk: Talk) -> None:
    agreed(talk)
    talk.say("greet", "hello")
    said = talk.say("give_feedback", "we moved the bed into the other room")
    assert said == ["utter_heard_you", "utter_ask_better_or_not"]
    assert talk.press("Better") == ["utter_glad"]


def test_step_is_remembered_and_the_next_one_asked_for(talk: Talk) -> None:
    aims(talk)
    talk.say("affirm", "ok")
    talk.say("affirm", "yes")
    talk.wait(days=8)
    said = talk.say("greet", "hi")
    assert said == ["utter_welcome_back", "utter_remember_step", "utter_ask_step_went"]
    said = talk.say("give_feedback", "i did it three times")
    assert said == ["utter_glad_step", "utter_ask_next_step"]


def test_second_complaint_brings_a_person(talk: Talk) -> None:
    talk.say("complain", "the chair arrived scratched")
    talk.say("deny", "no, go on")
    said = talk.say("complain", "and the legs wobble, really bad")
    assert said[0] == "utter_complaint_again"
    assert said[1].startswith("utter_handoff")


def test_complaint_offers_a_person_once(talk: Talk) -> None:
    said = talk.say("complain", "the chair arrived scratched")
    assert said == ["utter_reflect_complaint", "utter_offer_person"]
    assert talk.say("affirm", "yes")[0].startswith("utter_handoff")


def test_greet_somebody_who_was_just_told_who_we_are_without_it(talk: Talk) -> None:
    conversation = talk.session.get_one(Conversation, talk.conversation_id)
    conversation.disclosed_at = talk.at + timedelta(seconds=20)
    assert talk.say("greet", "hi") == ["utter_what_today"]


CHAIR, FILTER = "chair-lind-high", "filter-nature-4"


@pytest.mark.parametrize(
    ("words", "products"),
    [
        ("I told my sister about it, she ordered one too", [[CHAIR]]),
        ("I'd recommend it to anybody", [[CHAIR]]),
        ("I would not recommend it to anybody", []),
        ("much better", []),
    ],
)
def test_who_tells_others_speaks_for_what_they_ordered_last(
    talk: Talk, words: str, products: list[list[str]]
) -> None:
    ordered(talk, FILTER, CHAIR)
    talk.say("give_feedback", words)
    assert [x["products"] for x in talk.events("told_others")] == products


@pytest.mark.parametrize(
    "named", [Entity("product", FILTER), Entity("category", "coffee-filter")]
)
def test_what_is_named_is_what_was_told_of(talk: Talk, named: Entity) -> None:
    ordered(talk, FILTER, CHAIR)
    talk.say("give_feedback", "I recommended them to my brother", named)
    assert [x["products"] for x in talk.events("told_others")] == [[FILTER]]


def ordered(talk: Talk, *products: str) -> None:
    for number, product in enumerate(products):
        turn = talk.turn("affirm")
        items = [{"product": product, "quantity": 1}]
        log.write(turn.session, turn.heard, "order_placed", order=number, items=items)


def outcome(said: str) -> Entity:
    return Entity("reply", f"outcome.{said}", confidence=0.9)


@pytest.fixture
def asked(talk: Talk) -> Talk:
    """Somebody who is asked how it went."""
    agreed(talk)
    assert talk.say("greet", "hello")[-1] == "utter_ask_how_went"
    return talk


@pytest.mark.parametrize(
    ("intent", "said", "answer"),
    [
        ("out_of_scope", "good", "utter_glad"),
        ("goodbye", "mixed", "utter_partly"),
        ("change_language", "bad", "utter_sorry_not_helped"),
        ("deny", "untried", "utter_not_tried"),
        ("cancel_order", "untried", "utter_not_tried"),
        ("deny", "private", "utter_leave_it"),
        ("complain", "never", "utter_never_again"),
        ("deny", "stranger", "utter_stranger"),
    ],
)
def test_how_it_went_is_read_as_a_reply(
    asked: Talk, intent: str, said: str, answer: str
) -> None:
    turned = asked.say(intent, "hm", outcome(said))
    assert turned[0] == answer


def test_good_and_bad_at_once_is_neither(asked: Talk) -> None:
    said = asked.say("give_feedback", "first good, then bad again")
    assert said[0] == "utter_partly"


def test_tip_is_said_once_more(asked: Talk) -> None:
    said = asked.say("ask_my_data", "what was the tip again")
    assert said[0] == "utter_advice"
    assert said[-1] == "utter_ask_how_went"


def test_who_names_a_day_is_asked_again_then(asked: Talk) -> None:
    in_a_week = Entity("duration", {"days": 7}, 7, 13)
    asked.say("set_mandate", "ask me in a week", outcome("untried"), in_a_week)
    day = (asked.at + timedelta(days=7)).strftime("%-d %B")
    assert day in asked.value("consent")
