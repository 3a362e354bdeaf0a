"""An offered product: taken, more of it, elsewhere, another instead, or asked about."""

import pytest

from journey.people.consent import Purpose, has_consent
from journey.store.tables import Product
from journey.turn import Entity
from tests.journey.coach.mandates.test_renewing import COFFEE, buys, look
from tests.journey.coach.months import Months
from tests.journey.curate.hearing import entity, money
from tests.journey.talking import Talk


def reply(said: str, confidence: float = 0.9) -> Entity:
    return Entity("reply", f"offer.{said}", confidence=confidence)


@pytest.fixture
def due(shop: Talk) -> Talk:
    """Somebody who is asked whether their coffee shall be ordered again."""
    buys(Months(shop), 20, 20)
    shop.wait(days=20)
    assert shop.say("greet", "hi")[-1] == "utter_due_again"
    return shop


@pytest.mark.parametrize("intent", ["goodbye", "share_situation", "change_language"])
def test_yes_in_other_words_is_confirmed(due: Talk, intent: str) -> None:
    said = due.say(intent, "perfect timing", reply("yes"))
    assert said == ["utter_confirm_order"]


def test_number_of_pieces_is_a_yes(due: Talk) -> None:
    pieces = Entity("count", 3, 12, 13)
    assert due.say("change_order", "yes make it 3", pieces) == ["utter_confirm_order"]
    assert due.value("items").startswith("3 ×")


def test_who_has_it_is_not_asked_to_confirm(due: Talk) -> None:
    said = due.say("order_product", "i already bought some", reply("no"))
    assert said == ["utter_not_due_yet"]


def test_named_day_is_kept(due: Talk) -> None:
    said = due.say(
        "give_feedback",
        "in 9 days",
        reply("later"),
        Entity("duration", {"days": 9}, 3, 9),
    )
    assert said == ["utter_not_due_before"]
    due.wait(days=8)
    assert due.say("greet", "hi")[-1] != "utter_due_again"
    due.wait(days=2)
    assert due.say("greet", "hi")[-1] == "utter_due_again"


def test_need_that_is_gone_is_not_spoken_of_again(due: Talk) -> None:
    said = due.say("share_situation", "we drink tea now", reply("over"))
    assert said == ["utter_due_over"]
    due.wait(days=60)
    assert due.say("greet", "hi")[-1] != "utter_due_again"
    months = Months(due)
    look(months)
    assert has_consent(due.session, "customer", Purpose.DUE_AGAIN, due.at) is False


def test_another_one_is_looked_for(due: Talk) -> None:
    said = due.say("refuse_option", "a different one this time")
    assert said == ["utter_shortlist"]
    assert not due.events("mandate_vetoed")


def test_cheaper_one_costs_less(due: Talk) -> None:
    due.say("give_preference", "anything cheaper?")
    price = float(due.session.get_one(Product, COFFEE).price)
    shown = due.said[-1].attachment["shortlist"]["options"]  # type: ignore[index]
    assert all(option["price"] < price for option in shown)


def test_price_is_told_and_the_question_stays(due: Talk) -> None:
    said = due.say("ask_about_option", "what does it cost now")
    assert said == ["utter_option_fact", "utter_way_back", "utter_due_again"]
    assert due.say("affirm", "yes") == ["utter_confirm_order"]


def test_question_about_the_thing_asks_for_no_reason(due: Talk) -> None:
    said = due.say("ask_about_option", "what's so good about it", reply("why"))
    assert said[0] == "utter_option_about"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("when would it come", "utter_would_come"),
        ("when did my order arrive", "utter_order_over"),
    ],
)
def test_when_it_would_come_is_not_where_it_is(due: Talk, text: str, said: str) -> None:
    assert due.say("track_order", text)[0] == said


def test_yes_up_to_a_price_is_none_above_it(due: Talk) -> None:
    text = "only if it's under 10"
    most = entity(text, ("money", money(10), "under 10"))
    said = due.say("give_preference", text, reply("yes"), most)
    assert said[0] == "utter_costs_more"


def test_other_address_is_taken_with_it(due: Talk) -> None:
    text = "yes, to 12 Mill Lane, 1012 AB Amsterdam"
    assert due.say("out_of_scope", text, reply("yes")) == ["utter_confirm_order"]
    assert "12 Mill Lane" in due.value("address")


def test_place_is_asked_for_when_it_is_not_known(due: Talk) -> None:
    text = "send it to my office this time"
    phantom = Entity("product", "phones-hark-call", 14, 20)
    assert due.say("change_order", text, phantom) == ["utter_ask_address_of"]


def test_cart_takes_what_was_offered(due: Talk) -> None:
    assert due.say("order_product", "put it in my cart") == ["utter_cart_added"]


def test_remind_me_later_answers_what_is_asked(due: Talk) -> None:
    in_two_weeks = Entity("duration", {"days": 14}, 13, 20)
    text = "remind me in 2 weeks"
    said = due.say("set_mandate", text, reply("later"), in_two_weeks)
    assert said == ["utter_not_due_before"]


@pytest.mark.parametrize("meant", ["yes", "why"])
def test_question_about_the_thing_is_no_yes(due: Talk, meant: str) -> None:
    said = due.say("ask_about_option", "is it really the same?", reply(meant))
    assert "utter_confirm_order" not in said
    assert said[0] == "utter_option_about"
