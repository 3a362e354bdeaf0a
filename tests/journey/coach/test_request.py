import pytest
from sqlalchemy import select

from journey.store.tables import Constraint, Preference, Product
from journey.turn import Entity
from tests.journey.coach.shopping import (
    ask_for_chair,
    names,
    options,
    point,
    taken,
)
from tests.journey.coach.test_recognize import troubled
from tests.journey.curate.hearing import entity, money
from tests.journey.talking import Talk, cue

SLEEP = "sleep_through_the_night"


def test_wishes_become_rows_events_and_a_card(shop: Talk) -> None:
    assert ask_for_chair(shop) == ["utter_shortlist_for"]
    assert "up to €200" in shop.value("wishes")
    rows = shop.session.scalars(select(Constraint.attribute))
    assert set(rows) == {"category", "price", "fits_tall", "material"}
    assert len(shop.events("constraint_given")) == 4
    shown = shop.events("shortlist_shown")[0]
    assert [x["product"] for x in shown["options"]] == names(shop)


def test_shortlist_keeps_every_wish(shop: Talk) -> None:
    ask_for_chair(shop)
    found = shop.session.query(Product).filter(Product.id.in_(names(shop))).all()
    assert 1 <= len(found) <= 4
    assert all(float(x.price) <= 200 and x.stock > 0 for x in found)
    assert all(x.attributes["fits_tall"] for x in found)
    assert all(x.attributes["material"] != "leather" for x in found)


def test_option_has_reason_drawback_and_a_button(shop: Talk) -> None:
    ask_for_chair(shop)
    first = options(shop)[0]
    assert first["reason"].startswith("Fits tall people, as you asked")
    assert first["drawback"] and first["delivery"]
    assert first["choose"] == f'/choose_option{{"product": "{first["product"]}"}}'


def test_cheaper_leaves_the_first_behind(shop: Talk) -> None:
    ask_for_chair(shop)
    before = options(shop)[0]
    assert shop.say("give_preference", "cheaper") == ["utter_shortlist_changed"]
    assert all(option["price"] < before["price"] for option in options(shop))


def test_what_a_change_takes_away_is_said(shop: Talk) -> None:
    troubled(shop)
    shop.press("Light")
    shop.say("affirm", "yes, have a look")
    assert shop.say("give_preference", "cheaper") == ["utter_shortlist_loses"]
    assert shop.value("lost") == "keeps light out"
    assert shop.say("give_preference", "cheaper") != ["utter_shortlist_loses"]


def test_cheaper_than_the_cheapest_is_said_honestly(shop: Talk) -> None:
    ask_for_chair(shop, 100)
    assert shop.say("give_preference", "cheaper") == ["utter_cheapest_already"]
    assert len(shop.events("shortlist_shown")) == 1


def test_correction_of_the_price_takes_the_old_ones_place(shop: Talk) -> None:
    ask_for_chair(shop, 100)
    text = "no, under 250"
    shop.say("deny", text, entity(text, ("money", money(250), "under 250")))
    query = select(Constraint.value).where(Constraint.attribute == "price")
    assert list(shop.session.scalars(query)) == [{"value": 250}]
    assert len(options(shop)) > 1


def test_more_like_one_ranks_by_likeness(shop: Talk) -> None:
    ask_for_chair(shop)
    text = "more like the second"
    liked = names(shop)[1]
    shop.say("give_preference", text, point(text, index=2))
    query = select(Preference.value).where(Preference.attribute == "like")
    assert list(shop.session.scalars(query)) == [{"value": liked}]
    assert names(shop)[0] == liked


def test_not_the_black_one_refuses_it_and_its_colour(shop: Talk) -> None:
    ask_for_chair(shop)
    text = "not the black one"
    shop.say("refuse_option", text, point(text, attribute="black"))
    refused = [event["product"] for event in shop.events("option_refused")]
    assert refused and not set(refused) & set(names(shop))
    colours = shop.session.query(Product).filter(Product.id.in_(names(shop)))
    assert "black" not in {x.attributes.get("colour") for x in colours}


def test_not_this_brand_asks_which_then_leaves_the_brand_out(shop: Talk) -> None:
    ask_for_chair(shop)
    assert shop.say("refuse_option", "not this brand") == ["utter_which_not"]
    shop.press("Lind High-Back Desk Chair")
    brands = {option["brand"] for option in options(shop)}
    assert brands and "Lind" not in brands


def test_anything_else_never_shows_the_same_again(shop: Talk) -> None:
    text = "pillows please"
    shop.say(
        "ask_recommendation", text, entity(text, ("category", "pillow", "pillows"))
    )
    seen = names(shop)
    assert shop.say("refuse_option", "anything else?") == ["utter_shortlist_more"]
    assert not set(seen) & set(names(shop))
    assert shop.say("refuse_option", "anything else?") == ["utter_no_more_at_all"]


def test_too_expensive_comes_back_when_the_price_falls(shop: Talk) -> None:
    text = "pillows please"
    pillow = entity(text, ("category", "pillow", "pillows"))
    shop.say("ask_recommendation", text, pillow)
    first = names(shop)[0]
    too = "the first is too expensive"
    shop.say("refuse_option", too, point(too, index=1))
    assert taken(shop, first)[0].why == "price"
    shop.say("deny", "never mind")
    shop.open("another")
    shop.say("ask_recommendation", text, pillow)
    assert first not in names(shop)
    shop.session.get_one(Product, first).price /= 2
    shop.open("a third")
    shop.say("ask_recommendation", text, pillow)
    assert first in names(shop)


def test_nothing_fits_says_what_gives_way(shop: Talk) -> None:
    assert ask_for_chair(shop, 60) == ["utter_nothing_fits"]
    assert "price from €99" in shop.value("ways")
    shop.press(shop.said[-1].buttons[0][0])
    assert shop.said[-1].response == "utter_shortlist_changed"
    assert all(option["price"] == 99 for option in options(shop))


def test_no_when_nothing_fits_leaves_it(shop: Talk) -> None:
    ask_for_chair(shop, 60)
    assert shop.say("deny", "no") == ["utter_leave_it"]
    assert shop.events("journey_closed")[-1]["outcome"] == "cancelled"


def test_need_without_a_thing_is_coached_and_its_wishes_kept(shop: Talk) -> None:
    text = "something under 50 because i keep waking up"
    shop.say(
        "ask_recommendation",
        text,
        cue(f"{SLEEP}.wakes_at_night", text, "keep waking up"),
        entity(text, ("money", money(50), "under 50")),
    )
    assert shop.said[0].response == "utter_reflect"
    assert shop.session.scalar(select(Constraint.attribute)) == "price"


def test_shortlist_of_a_need_says_because(shop: Talk) -> None:
    text = "I keep waking up at 3"
    sure = Entity("need", SLEEP, 0, len(text), 0.97)
    shop.say("share_situation", text, sure, cue(f"{SLEEP}.wakes_at_night", text, text))
    shop.press("I'm too hot")
    while "ask_permission" not in shop.said[-1].response:
        shop.press(shop.said[-1].buttons[0][0])
    assert shop.say("affirm", "yes") == ["utter_shortlist"]
    assert any("because the heat wakes you" in x["reason"] for x in options(shop))


def test_wish_without_a_kind_asks_which_kind(shop: Talk) -> None:
    text = "something that is pet safe"
    safe = entity(text, ("attribute", "giftable", "pet safe"))
    assert shop.say("ask_recommendation", text, safe) == ["utter_ask_kind"]
    shop.press(shop.said[-1].buttons[0][0])
    assert names(shop)


def test_bare_no_asks_then_leaves(shop: Talk) -> None:
    ask_for_chair(shop)
    assert shop.say("deny", "no") == ["utter_what_instead"]
    assert shop.say("deny", "no") == ["utter_leave_it"]


def test_question_about_the_shop_comes_back_to_the_options(shop: Talk) -> None:
    ask_for_chair(shop)
    said = shop.say("ask_policy", "what does delivery cost")
    assert said == ["utter_policy", "utter_way_back", "utter_which_option"]
    said = shop.say("choose_option", "the first", point("the first", index=1))
    assert said == ["utter_ask_address"]


def test_never_mind_ends_the_search(shop: Talk) -> None:
    ask_for_chair(shop)
    assert shop.say("deny", "never mind") == ["utter_cancelled"]
    assert shop.events("journey_closed")[-1]["outcome"] == "cancelled"
    text = "lighter"
    weight = entity(text, ("attribute", "weight", text))
    assert shop.say("give_preference", text, weight) == ["utter_ask_kind"]


def test_too_dear_after_anything_else_names_the_cheapest_shown(shop: Talk) -> None:
    ask_for_chair(shop)
    cheapest = min(options(shop), key=lambda option: option["price"])
    while shop.say("refuse_option", "anything else?") == ["utter_shortlist_more"]:
        cheapest = min(options(shop), key=lambda option: option["price"])
    assert shop.say("refuse_option", "too expensive") == ["utter_cheapest_already"]
    assert shop.value("name") == cheapest["name"]


@pytest.mark.parametrize("text", ["do you have the Zorbo 3000?", "can i buy a kayak"])
def test_thing_that_is_not_sold_is_said_to_be_unknown(shop: Talk, text: str) -> None:
    assert shop.say("out_of_scope", text) == ["utter_not_sold"]
    assert len(shop.said[0].buttons) == 4


def test_thing_that_is_not_sold_is_unknown_whatever_was_heard(shop: Talk) -> None:
    said = shop.say("ask_about_option", "do you have the Zorbo 3000?")
    assert said == ["utter_not_sold"]


def test_question_without_a_thing_is_not_taken_for_one(shop: Talk) -> None:
    assert shop.say("order_product", "i want to order") == ["utter_ask_what"]


def test_bare_numbers_are_places_in_a_comparison(shop: Talk) -> None:
    ask_for_chair(shop)
    shown = [option["name"] for option in options(shop)]
    shop.say("compare_options", "what's the difference between 1 and 3")
    table = shop.said[0].attachment
    assert table and table["comparison"]["options"] == [shown[0], shown[2]]


def test_faster_is_about_the_delivery_where_nothing_has_a_pace(shop: Talk) -> None:
    coffee = Entity("category", "coffee", 0, 6)
    shop.say("ask_recommendation", "coffee", coffee)
    pace = Entity("attribute", "hands_on_minutes", 0, 6)
    assert shop.say("give_preference", "faster please", pace) == ["utter_options_fact"]
    assert "delivery" in shop.value("facts").lower()


@pytest.mark.parametrize(
    "text, given", [("a tip please", True), ("thanks for the tip", False)]
)
def test_tip_is_given_to_who_would_rather_have_it(
    shop: Talk, text: str, given: bool
) -> None:
    troubled(shop)
    assert shop.say("affirm", "yes just show me") == ["utter_shortlist"]
    assert ("utter_advice" in shop.say("thank", text)) == given
