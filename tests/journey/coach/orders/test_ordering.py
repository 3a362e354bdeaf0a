from datetime import date
from decimal import Decimal

from journey.orders.deliveries import find_promise
from journey.store.tables import Product
from journey.turn import Entity
from tests.journey.coach.shopping import HOME, orders
from tests.journey.talking import Talk

CHAIR = "chair-lind-high"


def asked(shop: Talk) -> None:
    shop.say("order_product", "that", Entity("product", CHAIR, 0, 4))
    assert shop.say("share_situation", HOME) == ["utter_confirm_order"]


def test_express_is_offered_with_its_day_and_price(shop: Talk) -> None:
    asked(shop)
    (title,) = [x for x, _ in shop.said[0].buttons if x.startswith("Express")]
    assert "€9.90" in title
    shop.press(title)
    assert shop.value("delivery") == " by express (€9.90)"
    assert any(x.startswith("Standard") for x, _ in shop.said[0].buttons)
    assert shop.say("affirm", "yes")[0] == "utter_ordered"
    (placed,) = orders(shop)
    assert (placed.way, placed.delivery_fee) == ("express", Decimal("9.90"))
    assert placed.deliver_by.date() == date(2026, 3, 3)
    promise = find_promise(shop.session, placed)
    assert promise and promise.due_at == placed.deliver_by


def test_express_by_words_and_back_again(shop: Talk) -> None:
    asked(shop)
    assert shop.say("change_order", "express please") == ["utter_confirm_order"]
    assert "express" in shop.value("delivery")
    shop.say("change_order", "no express, standard is fine")
    assert "express" not in shop.value("delivery")


def test_express_stays_when_something_else_changes(shop: Talk) -> None:
    asked(shop)
    shop.say("change_order", "express please")
    shop.say("change_order", "Ring 1, 1010 Wien")
    assert "express" in shop.value("delivery")
    shop.say("give_feedback", "make it 2", Entity("count", 2, 8, 9))
    assert "express" in shop.value("delivery")


def test_question_about_express_is_no_wish_for_it(shop: Talk) -> None:
    asked(shop)
    shop.say("ask_policy", "what does express cost", Entity("policy", "express"))
    assert shop.said[0].response == "utter_policy"


def test_express_that_is_no_faster_is_said(shop: Talk) -> None:
    shop.session.get_one(Product, CHAIR).delivery_days = 1
    asked(shop)
    assert not any(x.startswith("Express") for x, _ in shop.said[0].buttons)
    assert shop.say("change_order", "express please") == [
        "utter_no_faster",
        "utter_confirm_order",
    ]
