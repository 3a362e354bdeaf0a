import pytest
from sqlalchemy import select

from journey.catalogue.products import store_products
from journey.journeys import current
from journey.store.tables import Fact, Preference
from journey.turn import Entity
from tests.journey.talking import Talk, cue

SLEEP = "sleep_through_the_night"
BACK = "back_pain_at_the_desk"
TEXT = "I keep waking up at 3 and I'm a wreck at work"


def troubled(talk: Talk) -> list[str]:
    return talk.say(
        "share_situation",
        TEXT,
        cue(f"{SLEEP}.wakes_at_night", TEXT, "keep waking up"),
        cue(f"{SLEEP}.tired_by_day", TEXT, "wreck at work"),
    )


def test_reflect_before_asking_one_thing(talk: Talk) -> None:
    assert troubled(talk) == ["utter_reflect", "utter_ask_open"]
    assert "Waking again" in talk.value("reflection")


def test_sum_up_then_ask_permission_then_look(talk: Talk) -> None:
    store_products(talk.session, talk.knowledge.catalogue)
    troubled(talk)
    while talk.said[-1].response.startswith("utter_ask_open") or talk.said[
        -1
    ].response.startswith("utter_ask_closed"):
        talk.press(talk.said[-1].buttons[0][0])
    assert [m.response for m in talk.said][-2:] == [
        "utter_summary",
        "utter_ask_permission",
    ]
    assert "keep waking up" in talk.value("said")
    said = talk.say("affirm", "yes please")
    assert any(name.startswith("utter_shortlist") for name in said)


def test_who_would_rather_see_something_is_asked_no_more(talk: Talk) -> None:
    store_products(talk.session, talk.knowledge.catalogue)
    troubled(talk)
    assert talk.say("affirm", "yes just show me") == ["utter_shortlist"]
    assert talk.events("question_answered")[0]["answer"] == "refused"


def test_ask_never_the_same_question_twice(talk: Talk) -> None:
    troubled(talk)
    while "ask_permission" not in talk.said[-1].response:
        talk.press(talk.said[-1].buttons[0][0])
    asked = [event["question"] for event in talk.events("question_asked")]
    assert len(asked) == len(set(asked)) > 1


def test_two_needs_are_reflected_and_one_comes_first(talk: Talk) -> None:
    text = "i sleep badly and my back hurts"
    said = talk.say(
        "share_situation",
        text,
        Entity("need", SLEEP, 0, 13, 0.9),
        Entity("need", BACK, 18, 31, 0.9),
    )
    assert said == ["utter_reflect_needs", "utter_which_first"]
    assert talk.press("to sleep through the night")[0] == "utter_start_with"
    assert current(talk.turn("greet")).need == SLEEP


def test_answer_is_read_in_own_words(talk: Talk) -> None:
    troubled(talk)
    talk.say("share_situation", "honestly its mostly my nieghbours upstairs")
    assert talk.events("question_answered")[0]["answer"] == "noise"


def test_answer_nobody_foresaw_is_kept_and_the_coach_goes_on(talk: Talk) -> None:
    troubled(talk)
    said = talk.say("share_situation", "the cat sits on my chest every morning")
    assert said[0] == "utter_unforeseen_answer"
    assert talk.events("question_answered")[0]["answer"] == "unforeseen"


def test_what_was_told_in_passing_is_not_asked(talk: Talk) -> None:
    text = "I keep waking up because the street is loud and I lie on my side"
    said = talk.say(
        "share_situation", text, cue(f"{SLEEP}.wakes_at_night", text, "keep waking up")
    )
    given = {
        event["question"]: event["answer"] for event in talk.events("question_answered")
    }
    assert given == {"what_wakes_you": "noise", "sleep_position": "side"}
    assert said[:3] == ["utter_reflect"] * 3
    assert talk.events("question_asked")[0]["question"] not in given


@pytest.mark.parametrize("text", ["why the first one", "the second looks nice"])
def test_talk_of_options_before_any_was_shown_is_no_answer(
    talk: Talk, text: str
) -> None:
    troubled(talk)
    said = talk.say("choose_option", text, Entity("reference", {"index": 1}, 4, 9, 0.9))
    assert said[0] == "utter_nothing_shown"
    assert said[-1] == "utter_ask_open"
    assert talk.events("question_answered") == []


def test_wish_instead_of_an_answer_is_kept_as_a_wish(talk: Talk) -> None:
    troubled(talk)
    said = talk.say("give_preference", "something cheaper")
    assert said[0] == "utter_wish_noted"
    wishes = talk.session.scalars(select(Preference.attribute)).all()
    assert "price" in wishes


def test_correction_replaces_the_last_answer(talk: Talk) -> None:
    troubled(talk)
    talk.say("share_situation", "the heat")
    said = talk.say("deny", "no, i meant the light")
    assert said[:2] == ["utter_corrected", "utter_reflect"]
    answers = [event["answer"] for event in talk.events("question_answered")]
    assert answers == ["heat", "light"]


def test_digression_is_answered_and_comes_back(talk: Talk) -> None:
    troubled(talk)
    question = talk.said[-1]
    said = talk.say("ask_policy", "what does delivery cost by the way?")
    assert said == ["utter_policy", "utter_way_back_need", question.response]
    assert talk.said[-1].values == question.values


def test_known_fact_is_not_asked_again(talk: Talk) -> None:
    troubled(talk)
    talk.press("I'm too hot")
    talk.say("deny", "never mind")
    talk.wait(days=3)
    troubled(talk)
    asked = [event["question"] for event in talk.events("question_asked")]
    assert asked.count("what_wakes_you") == 1


@pytest.mark.parametrize(
    ("text", "need", "fact"),
    [
        ("something against noise at night", "sleep_through_the_night", "wake_cause"),
        ("something against snoring", "quieter_days", "noise_source"),
    ],
)
def test_wish_that_is_told_is_not_asked_about(
    shop: Talk, text: str, need: str, fact: str
) -> None:
    heard = Entity("need", need, 0, len(text), 0.9)
    said = shop.say("ask_recommendation", text, heard)
    assert said == ["utter_reflect", "utter_shortlist"]
    facts = shop.session.query(Fact).filter_by(about=fact)
    assert facts.count() == 1


def test_wish_without_its_cause_is_asked_about(shop: Talk) -> None:
    text = "something that helps me sleep"
    heard = Entity("need", "sleep_through_the_night", 0, len(text), 0.9)
    assert shop.say("ask_recommendation", text, heard)[-1] == "utter_ask_open"


def test_why_is_answered_where_permission_is_asked_for(talk: Talk) -> None:
    troubled(talk)
    while "ask_permission" not in talk.said[-1].response:
        talk.press(talk.said[-1].buttons[0][0])
    why = Entity("reply", "offer.why", confidence=0.9)
    said = talk.say("choose_option", "why the first", why)
    assert said[0] == "utter_why_permission"
    assert said[-1] == "utter_ask_permission"
