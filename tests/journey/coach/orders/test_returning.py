import pytest
from sqlalchemy import select

from journey.store.tables import Return
from journey.turn import Entity
from tests.journey.coach.shopping import deliver, order
from tests.journey.talking import Talk

CHAIR, FILTER = "chair-lind-high", "filter-brygg-4"


def test_return_with_a_reason_and_the_refund(shop: Talk) -> None:
    deliver(shop, order(shop, CHAIR))
    said = shop.say("return_order", "i want to send it back")
    assert said == ["utter_return_ask_reason"]
    assert shop.press("It doesn't fit") == ["utter_return_requested"]
    assert shop.value("refund") == "€189"
    (row,) = shop.session.scalars(select(Return))
    assert (row.reason, row.state) == ("does_not_fit", "requested")
    assert shop.events("return_requested")[0]["product"] == CHAIR


def test_return_in_own_words(shop: Talk) -> None:
    deliver(shop, order(shop, CHAIR))
    shop.say("return_order", "i want to send it back")
    shop.say("share_situation", "the seat hurts my legs")
    row = shop.session.scalar(select(Return.reason))
    assert row == "the seat hurts my legs"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("i want to send it back, it's the wrong size", "does_not_fit"),
        ("it goes back, it hurts", "not_as_expected"),
        ("send it back please, i ordered it by mistake", "not_needed"),
        ("send it back, it arrived broken", "damaged"),
    ],
)
def test_reason_that_was_said_is_not_asked(shop: Talk, said: str, reason: str) -> None:
    deliver(shop, order(shop, CHAIR))
    assert shop.say("return_order", said) == ["utter_return_requested"]
    assert shop.session.scalar(select(Return.reason)) == reason


def test_reason_is_kept_while_it_is_asked_whether_it_is_unopened(shop: Talk) -> None:
    deliver(shop, order(shop, FILTER))
    said = shop.say("return_order", "they go back, the wrong size")
    assert said == ["utter_return_ask_unopened"]
    assert shop.say("affirm", "yes") == ["utter_return_requested"]


def test_some_of_the_pieces_go_back(shop: Talk) -> None:
    deliver(shop, order(shop, CHAIR, Entity("count", 3, 0, 1)))
    shop.say("return_order", "i want to return one of the chairs")
    assert shop.press("I don't need it") == ["utter_return_requested"]
    row = shop.session.scalars(select(Return)).one()
    assert (row.quantity, shop.value("refund")) == (1, "€189")


def test_unopened_that_was_said_is_not_asked(shop: Talk) -> None:
    deliver(shop, order(shop, FILTER))
    said = shop.say("return_order", "they go back unopened, ordered by mistake")
    assert said == ["utter_return_requested"]


def test_return_of_what_has_not_left_offers_to_cancel(shop: Talk) -> None:
    order(shop, CHAIR)
    assert shop.say("return_order", "send it back") == ["utter_return_not_sent"]
    assert shop.press("Cancel it") == ["utter_confirm_cancel"]


def test_return_after_the_days_is_refused(shop: Talk) -> None:
    deliver(shop, order(shop, CHAIR))
    shop.wait(days=50)
    assert shop.say("return_order", "send it back") == ["utter_return_too_late"]


def test_hygiene_goods_come_back_only_unopened(shop: Talk) -> None:
    deliver(shop, order(shop, FILTER))
    assert shop.say("return_order", "send it back") == ["utter_return_ask_unopened"]
    assert shop.say("deny", "no, i opened it") == ["utter_return_hygiene"]
    assert shop.session.scalar(select(Return)) is None
    shop.say("return_order", "send it back")
    assert shop.press("Yes, unopened") == ["utter_return_ask_reason"]
    assert shop.press("I don't need it") == ["utter_return_requested"]


def test_plant_that_came_dead_is_replaced_by_a_person(shop: Talk) -> None:
    plants = shop.knowledge.catalogue.products.values()
    plant = next(x.product for x in plants if x.category == "houseplant" and x.stock)
    deliver(shop, order(shop, plant))
    assert shop.say("return_order", "it's not for me") == ["utter_return_final"]
    said = shop.say("return_order", "the plant arrived dead")
    assert said[0] == "utter_return_damaged"
    assert shop.events("handoff_requested")[0]["reason"] == "damaged"


def test_return_twice_is_one(shop: Talk) -> None:
    deliver(shop, order(shop, CHAIR))
    shop.say("return_order", "the chair is broken")
    assert shop.say("return_order", "send it back") == ["utter_return_already"]
    assert len(list(shop.session.scalars(select(Return)))) == 1
