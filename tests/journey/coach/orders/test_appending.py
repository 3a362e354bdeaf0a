from decimal import Decimal

import pytest

from journey.orders import stock
from journey.orders.orders import Status, advance, living_items, total
from journey.store.tables import Order, Product
from journey.turn import Entity
from tests.journey.coach.shopping import order, orders
from tests.journey.talking import Talk

CHAIR, FILTER = "chair-lind-high", "filter-brygg-4"


def add(shop: Talk, text: str = "add the filters too") -> list[str]:
    """Ask for more in the words that are taken for feedback."""
    return shop.say("give_feedback", text, Entity("product", FILTER, 8, 15))


def held(shop: Talk, placed: Order) -> dict[str, int]:
    items = living_items(shop.session, placed)
    return {item.product_id: item.quantity for item in items}


@pytest.mark.parametrize(
    "text", ["add the filters too", "also a filters pack", "and the filters please"]
)
def test_more_goes_with_the_order_that_is_still_here(shop: Talk, text: str) -> None:
    placed = order(shop, CHAIR)
    before = total(shop.session, placed)
    assert add(shop, text) == ["utter_confirm_append"]
    assert shop.say("affirm", "yes")[0] == "utter_appended"
    assert orders(shop) == [placed]
    assert held(shop, placed) == {CHAIR: 1, FILTER: 1}
    price = shop.session.get_one(Product, FILTER).price
    assert total(shop.session, placed) == before + price
    assert "order_changed" in shop.kinds()


@pytest.mark.parametrize("intent", ["give_feedback", "ask_recommendation"])
def test_what_is_not_sold_is_said_to_be(shop: Talk, intent: str) -> None:
    order(shop, CHAIR)
    assert shop.say(intent, "add a mug too") == ["utter_not_sold"]


def test_one_more_is_of_what_was_ordered(shop: Talk) -> None:
    placed = order(shop, FILTER)
    assert shop.say("order_product", "another one please") == ["utter_confirm_append"]
    shop.say("affirm", "yes")
    assert held(shop, placed) == {FILTER: 2}


def test_more_makes_delivery_free_when_it_is_enough(shop: Talk) -> None:
    placed = order(shop, FILTER)
    assert placed.delivery_fee > 0
    shop.say("order_product", "and the lind chair", Entity("product", CHAIR, 8, 18))
    shop.say("affirm", "yes")
    assert placed.delivery_fee == Decimal(0)


def test_no_leaves_the_order_and_frees_the_pieces(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    add(shop)
    assert shop.session.get_one(Product, FILTER).reserved == 1
    shop.say("deny", "no")
    assert held(shop, placed) == {CHAIR: 1}
    assert shop.session.get_one(Product, FILTER).reserved == 0


def test_more_after_the_order_left_is_a_new_one(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    advance(shop.session, placed, Status.SHIPPED, shop.at)
    assert add(shop) == ["utter_confirm_order"]
    shop.say("affirm", "yes")
    assert [held(shop, x) for x in orders(shop)] == [{CHAIR: 1}, {FILTER: 1}]


def test_kind_that_several_products_have_is_asked_first(shop: Talk) -> None:
    order(shop, CHAIR)
    kind = Entity("category", "coffee-filter", 4, 18)
    said = shop.say("give_feedback", "add coffee filters too", kind)
    assert said == ["utter_which_product"]
    shop.press(shop.said[0].buttons[0][0])
    assert [move.response for move in shop.said] == ["utter_confirm_append"]


def test_price_that_rose_meanwhile_is_asked_again(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    add(shop)
    shop.session.get_one(Product, FILTER).price += 1
    shop.session.flush()
    said = shop.say("affirm", "yes")
    assert said == ["utter_price_rose", "utter_confirm_append"]
    assert shop.say("affirm", "yes")[0] == "utter_appended"
    assert held(shop, placed) == {CHAIR: 1, FILTER: 1}


def test_stock_that_went_meanwhile_is_said_and_nothing_changes(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    add(shop)
    shop.wait(minutes=20)
    stock.expire(shop.session, shop.at)
    shop.session.get_one(Product, FILTER).stock = 0
    shop.session.flush()
    assert shop.say("affirm", "yes")[0] == "utter_sold_out"
    assert held(shop, placed) == {CHAIR: 1}


def test_feedback_long_after_is_feedback(shop: Talk) -> None:
    order(shop, CHAIR)
    shop.wait(days=9)
    assert add(shop)[0] != "utter_confirm_append"
