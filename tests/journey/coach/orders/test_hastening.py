"""A placed order is sent by express while it is here, with the difference told."""

from decimal import Decimal

import pytest

from journey.orders.orders import Status, advance
from journey.store.tables import Order, Promise
from journey.turn import Entity
from tests.journey.coach.shopping import order
from tests.journey.talking import Talk

COFFEE = "coffee-sol-medium"


@pytest.fixture
def placed(shop: Talk) -> Order:
    made = order(shop, COFFEE)
    shop.say("deny", "no")
    return made


def test_express_is_asked_with_its_day_and_what_it_costs_more(
    shop: Talk, placed: Order
) -> None:
    before = placed.deliver_by
    assert shop.say("change_order", "express please") == ["utter_confirm_way_more"]
    assert (shop.value("more"), shop.value("new")) == ("€5", "Tuesday 3 March")
    assert shop.say("affirm", "yes") == ["utter_way_changed"]
    assert (placed.way, placed.delivery_fee) == ("express", Decimal("9.90"))
    assert placed.deliver_by < before
    (promise,) = shop.session.query(Promise).filter_by(kind="delivery")
    assert promise.due_at == placed.deliver_by


def test_no_keeps_the_order(shop: Talk, placed: Order) -> None:
    shop.say("order_product", "can it come faster")
    assert shop.say("deny", "no")[0] == "utter_order_kept"
    assert placed.way == "standard"


def test_standard_takes_the_price_back(shop: Talk, placed: Order) -> None:
    shop.say("change_order", "express please")
    shop.say("affirm", "yes")
    said = shop.say("change_order", "no express after all, normal delivery")
    assert said == ["utter_confirm_way"]
    shop.say("affirm", "yes")
    assert (placed.way, placed.delivery_fee) == ("standard", Decimal("4.90"))


def test_what_is_no_sooner_is_said(shop: Talk, placed: Order) -> None:
    shop.say("change_order", "express please")
    shop.say("affirm", "yes")
    assert shop.say("change_order", "express please")[0] == "utter_way_no_use"
    assert placed.way == "express"


def test_more_for_a_paid_order_goes_to_a_person(shop: Talk, placed: Order) -> None:
    placed.paid_at = shop.at
    shop.say("change_order", "express please")
    assert shop.say("affirm", "yes")[0] == "utter_not_possible_here"
    assert placed.way == "standard"


def test_what_has_left_is_not_hastened(shop: Talk, placed: Order) -> None:
    for step in (Status.PACKED, Status.SHIPPED):
        advance(shop.session, placed, step, shop.at)
    assert shop.say("change_order", "express please") == ["utter_too_late_to_change"]
    assert placed.way == "standard"


def test_faster_thing_is_no_faster_way(shop: Talk, placed: Order) -> None:
    said = shop.say(
        "ask_recommendation",
        "a faster coffee maker",
        Entity("category", "coffee-maker"),
    )
    assert said == ["utter_shortlist"]
    assert placed.way == "standard"
