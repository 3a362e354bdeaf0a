import pytest

from journey.turn import Entity
from tests.journey.coach.shopping import ask_for_chair, names, options, point
from tests.journey.curate.hearing import entity
from tests.journey.talking import Talk


def test_question_is_answered_from_the_attributes(shop: Talk) -> None:
    ask_for_chair(shop)
    text = "does it have armrests"
    arms = entity(text, ("attribute", "armrests", "armrests"))
    assert shop.say("ask_about_option", text, arms) == ["utter_options_fact"]
    assert "Armrests: " in shop.value("facts")
    shop.say("ask_about_option", text, arms, point(text, index=1))
    assert shop.value("facts") in ("Armrests: yes", "Armrests: no")


def test_what_is_not_stated_is_said_so(shop: Talk) -> None:
    ask_for_chair(shop)
    text = "how loud is the first"
    noise = entity(text, ("attribute", "noise", "loud"))
    shop.say("ask_about_option", text, noise, point(text, index=1))
    assert shop.value("facts") == "Noise: not stated"


def test_question_about_something_unknown_gives_what_is_stated(shop: Talk) -> None:
    ask_for_chair(shop)
    text = "would my gran like the first"
    said = shop.say("ask_about_option", text, point(text, index=1))
    assert said == ["utter_option_about"]


@pytest.mark.parametrize("text", ["why this one?", "why the first"])
def test_why_is_answered_from_the_stored_terms(shop: Talk, text: str) -> None:
    ask_for_chair(shop)
    first = options(shop)[0]
    assert shop.say("ask_about_option", text, point(text, index=1)) == ["utter_why"]
    assert "fits tall people, as you asked" in shop.value("reasons")
    assert shop.value("drawback") == first["drawback"]


def test_it_is_the_one_spoken_of_last(shop: Talk) -> None:
    ask_for_chair(shop)
    second = names(shop)[1]
    text = "how much is the second"
    shop.say("ask_about_option", text, point(text, index=2))
    shop.say("choose_option", "i'll take it")
    assert shop.events("option_chosen")[0]["product"] == second


def test_compare_shows_what_differs_and_matters(shop: Talk) -> None:
    ask_for_chair(shop)
    text = "compare the first two"
    two = point(text, index=1), point(text, index=2)
    assert shop.say("compare_options", text, *two) == ["utter_compare"]
    table = (shop.said[0].attachment or {})["comparison"]
    assert len(table["options"]) == 2
    assert table["rows"][0][0] == "price"
    assert all(len(set(row[1:])) == 2 for row in table["rows"][1:])
    assert shop.events("options_compared")


def test_which_is_the_most_of_something(shop: Talk) -> None:
    ask_for_chair(shop)
    lightest = "chair-perch-wobble"
    text = "which is the lightest"
    found = point(text, by="weight", pick="min")
    assert shop.say("compare_options", text, found) == ["utter_most"]
    assert shop.value("product") == lightest


def test_question_during_a_confirmation_comes_back_to_it(shop: Talk) -> None:
    ask_for_chair(shop)
    shop.say("choose_option", "the first", point("the first", index=1))
    shop.say("share_situation", "7 Park Street, 1012 AB Amsterdam")
    text = "how heavy is it"
    weight = entity(text, ("attribute", "weight", "heavy"))
    said = shop.say("ask_about_option", text, weight)
    assert said == ["utter_option_fact", "utter_way_back", "utter_confirm_order"]


def test_question_about_what_was_ordered_by_name(shop: Talk) -> None:
    shop.say("order_product", "that", Entity("product", "chair-lind-high", 0, 4))
    text = "how heavy is it"
    weight = entity(text, ("attribute", "weight", "heavy"))
    said = shop.say("ask_about_option", text, weight)
    assert said == ["utter_option_fact", "utter_way_back", "utter_ask_address"]
    assert shop.value("facts") == "Weight: 15.2 kg"
