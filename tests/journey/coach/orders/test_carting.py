import pytest
from sqlalchemy import select

from journey.orders import cart
from journey.orders.orders import items_of
from journey.store.tables import CartItem
from journey.turn import Entity
from tests.journey.coach.shopping import HOME, orders
from tests.journey.talking import Talk

CHAIR, FILTER = "chair-lind-high", "filter-brygg-4"


def product(text: str, words: str, name: str) -> Entity:
    start = text.index(words)
    return Entity("product", name, start, start + len(words))


def say(shop: Talk, text: str, words: str, name: str, intent: str) -> list[str]:
    return shop.say(intent, text, product(text, words, name))


def inside(shop: Talk) -> dict[str, int]:
    lines = cart.lines_of(shop.session, shop.customer_id)
    return {line.product_id: line.quantity for line in lines}


def asked_for_chair(shop: Talk) -> None:
    say(shop, "i want the lind chair", "lind chair", CHAIR, "order_product")
    assert shop.say("share_situation", HOME) == ["utter_confirm_order"]


def test_something_more_joins_what_is_to_be_confirmed(shop: Talk) -> None:
    asked_for_chair(shop)
    said = say(shop, "add the filters too", "filters", FILTER, "change_order")
    assert said == ["utter_confirm_order"]
    assert "Lind" in shop.value("items") and "Brygg" in shop.value("items")
    assert shop.say("affirm", "yes")[0] == "utter_ordered"
    (placed,) = orders(shop)
    found = {item.product_id for item in items_of(shop.session, placed)}
    assert found == {CHAIR, FILTER}
    assert inside(shop) == {}


def test_kind_that_several_products_have_is_asked_and_added(shop: Talk) -> None:
    asked_for_chair(shop)
    kind = Entity("category", "coffee-filter", 8, 15)
    said = shop.say("order_product", "add the filters too", kind)
    assert said == ["utter_which_product"]
    shop.press(shop.said[0].buttons[0][0])
    assert [move.response for move in shop.said] == ["utter_confirm_order"]
    assert "Lind" in shop.value("items")


def test_cart_is_filled_shown_and_ordered_by_talk(shop: Talk) -> None:
    text = "put the lind chair in my cart"
    assert say(shop, text, "lind chair", CHAIR, "order_product") == ["utter_cart_added"]
    text = "and the filters too"
    assert say(shop, text, "filters", FILTER, "order_product") == ["utter_cart_added"]
    assert shop.say("ask_about_option", "what's in my cart") == ["utter_cart"]
    assert "Lind" in shop.value("items") and "Brygg" in shop.value("items")
    assert orders(shop) == []
    assert shop.say("goodbye", "that's all") == ["utter_ask_address"]
    assert shop.say("share_situation", HOME) == ["utter_confirm_order"]
    shop.say("affirm", "yes")
    assert len(items_of(shop.session, orders(shop)[0])) == 2


def test_same_product_again_adds_up(shop: Talk) -> None:
    for _ in range(2):
        say(shop, "the chair in my cart", "chair", CHAIR, "order_product")
    assert inside(shop) == {CHAIR: 2}


def test_remove_takes_one_thing_out(shop: Talk) -> None:
    say(shop, "the chair in my cart", "chair", CHAIR, "order_product")
    say(shop, "filters in my cart", "filters", FILTER, "order_product")
    said = say(shop, "remove the filters", "filters", FILTER, "refuse_option")
    assert said == ["utter_cart_removed", "utter_cart"]
    assert inside(shop) == {CHAIR: 1}


def test_remove_before_the_yes_is_confirmed_anew(shop: Talk) -> None:
    asked_for_chair(shop)
    say(shop, "add the filters too", "filters", FILTER, "order_product")
    said = say(shop, "remove the chair", "chair", CHAIR, "cancel_order")
    assert said == ["utter_confirm_order"]
    assert "Lind" not in shop.value("items")


def test_no_keeps_the_cart(shop: Talk) -> None:
    say(shop, "the chair in my cart", "chair", CHAIR, "order_product")
    assert shop.say("deny", "no") == ["utter_all_right"]
    assert inside(shop) == {CHAIR: 1}


def test_empty_cart_is_said(shop: Talk) -> None:
    assert shop.say("track_order", "show my cart") == ["utter_cart_empty"]
    assert shop.session.scalars(select(CartItem)).all() == []


@pytest.mark.parametrize("text", ["and two of the chairs", "two of the chairs please"])
def test_what_is_named_while_more_is_asked_for_goes_along(
    shop: Talk, text: str
) -> None:
    shop.say("order_product", "put the filters in my cart", Entity("product", FILTER))
    more = (Entity("product", CHAIR, 8, 14), Entity("count", 2, 4, 7))
    assert shop.say("order_product", text, *more) == ["utter_cart_added"]
