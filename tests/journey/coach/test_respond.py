from datetime import timedelta

import pytest
from sqlalchemy import func, select

from journey.orders.orders import Status, advance, items_of, living_items
from journey.orders.stock import Line
from journey.people.customers import add_identity
from journey.store.tables import Customer, Journey, Order, Product, Promise
from journey.turn import Entity
from tests.factories import make_order
from tests.journey.coach.shopping import (
    HOME,
    ask_for_chair,
    deliver,
    names,
    order,
    orders,
    point,
)
from tests.journey.curate.hearing import entity
from tests.journey.talking import Talk

CHAIR, FILTER = "chair-lind-high", "filter-brygg-4"


def test_choice_to_order_with_one_confirmation(shop: Talk) -> None:
    ask_for_chair(shop)
    first = names(shop)[0]
    said = shop.say("choose_option", "the first", point("the first", index=1))
    assert said == ["utter_ask_address"]
    assert shop.say("share_situation", HOME) == ["utter_confirm_order"]
    assert shop.value("address") == HOME
    assert shop.say("affirm", "yes")[0] == "utter_ordered"
    (placed,) = orders(shop)
    assert [x.product_id for x in items_of(shop.session, placed)] == [first]
    placing = ["promise_made", "order_placed", "journey_closed", "consent_asked"]
    assert shop.kinds()[-4:] == placing


def test_why_it_is_confirmed_is_said(shop: Talk) -> None:
    ask_for_chair(shop)
    shop.say("choose_option", "the first", point("the first", index=1))
    shop.say("share_situation", HOME)
    said = shop.say("ask_about_option", "why are you asking")
    assert said[0] == "utter_why_confirm"
    assert said[-1] == "utter_confirm_order"


def test_where_it_is_is_said_of_what_was_chosen_and_ordered(shop: Talk) -> None:
    ask_for_chair(shop)
    shop.say("choose_option", "the first", point("the first", index=1))
    shop.say("share_situation", HOME)
    shop.say("affirm", "yes")
    ask_for_chair(shop)
    open_now = select(Journey.id).where(Journey.state == "open")
    orders(shop)[0].journey_id = shop.session.scalars(open_now).one()
    shop.session.flush()
    assert shop.say("ask_about_option", "where is it")[0] == "utter_order_status"


def test_address_is_asked_once_in_a_life(shop: Talk) -> None:
    order(shop, CHAIR)
    said = shop.say("order_product", "that", Entity("product", FILTER, 0, 4))
    assert said == ["utter_confirm_order"]


def test_address_that_was_said_is_not_asked(shop: Talk) -> None:
    text = f"the lind chair to {HOME}"
    said = shop.say("order_product", text, Entity("product", CHAIR, 4, 14))
    assert said == ["utter_confirm_order"]
    assert shop.value("address") == HOME


def test_name_of_a_product_is_no_street(shop: Talk) -> None:
    text = f"three packs of the paper filters No 4, {HOME}"
    named = Entity("product", FILTER, 19, 37)
    assert shop.say("order_product", text, named) == ["utter_confirm_order"]
    assert shop.value("address") == HOME


@pytest.mark.parametrize(
    ("counts", "said"),
    [([Entity("count", 7, 25, 26)], "Lind"), ([Entity("count", 2, 0, 3)], "2 ×")],
)
def test_house_number_is_no_count(shop: Talk, counts: list[Entity], said: str) -> None:
    text = f"two of the lind chair to {HOME}"
    shop.say("order_product", text, Entity("product", CHAIR, 11, 21), *counts)
    assert shop.value("items").startswith(said)


def test_cancel_it_after_an_order_is_about_the_order(shop: Talk) -> None:
    order(shop, CHAIR)
    assert shop.said[-1].response.startswith("utter_may_")
    said = shop.say("cancel_order", "cancel it, changed my mind")
    assert said[-1] == "utter_confirm_cancel"


@pytest.mark.parametrize("intent", ["cancel_order", "revoke_mandate"])
def test_a_part_is_cancelled_by_a_word_of_its_name(shop: Talk, intent: str) -> None:
    order(shop, CHAIR, Entity("product", FILTER, 7, 9))
    said = shop.say(intent, "cancel the filters")
    assert said[-1] == "utter_confirm_cancel_item"
    assert shop.say("affirm", "yes")[0] == "utter_item_cancelled"
    (line,) = living_items(shop.session, orders(shop)[0])
    assert line.product_id == CHAIR


@pytest.mark.parametrize(
    ("text", "more", "left"),
    [
        ("cancel one of them", (), 2),
        ("cancel two of them", (Entity("count", 2, 7, 10),), 1),
    ],
)
def test_some_of_the_pieces_are_cancelled(
    shop: Talk, text: str, more: tuple[Entity, ...], left: int
) -> None:
    placed = order(shop, CHAIR, Entity("count", 3, 0, 1))
    shop.say("deny", "no")
    assert shop.say("cancel_order", text, *more) == ["utter_quantity_changed"]
    (line,) = living_items(shop.session, placed)
    assert line.quantity == left


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "utter_in_time_by_express"), (0, "utter_not_in_time"), (9, None)],
)
def test_day_that_cannot_be_kept_is_said_before_the_order(
    shop: Talk, days: int, said: str | None
) -> None:
    by = (shop.at + timedelta(days=days)).date().isoformat()
    day = Entity("date", {"date": by, "op": "<="}, 8, 12)
    moves = shop.say(
        "order_product", "i need that by then", Entity("product", CHAIR, 7, 11), day
    )
    assert moves == [*([said] if said else []), "utter_ask_address"]


def test_where_is_it_after_an_order_is_about_the_order(shop: Talk) -> None:
    order(shop, CHAIR)
    assert shop.say("ask_about_option", "where is it")[0] == "utter_order_status"


@pytest.mark.parametrize(
    ("most", "said"), [(200, "utter_which_option"), (120, "utter_ask_address")]
)
def test_kind_on_the_table_is_taken_or_asked_which(
    shop: Talk, most: float, said: str
) -> None:
    ask_for_chair(shop, most)
    text = "I'll take the desk chair"
    kind = entity(text, ("category", "desk-chair", "desk chair"))
    assert shop.say("order_product", text, kind) == [said]


def test_address_in_parts(shop: Talk) -> None:
    shop.say("order_product", "that", Entity("product", CHAIR, 0, 4))
    assert shop.say("share_situation", "Hauptstr. 5, 10117") == [
        "utter_ask_address_rest"
    ]
    assert shop.value("missing") == "town"
    assert shop.say("share_situation", "Berlin") == ["utter_confirm_order"]
    assert shop.value("address") == "Hauptstr. 5, 10117 Berlin"


def test_address_abroad_is_declined_and_asked_again(shop: Talk) -> None:
    shop.say("order_product", "that", Entity("product", CHAIR, 0, 4))
    said = shop.say("share_situation", "10 Downing Street, London SW1A 2AA")
    assert said == ["utter_not_delivered_there"]
    assert "Austria" in shop.value("answer")
    assert shop.say("share_situation", HOME) == ["utter_confirm_order"]


def test_delivery_is_promised_with_the_order(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    (promise,) = shop.session.scalars(select(Promise))
    assert (promise.kind, promise.about) == ("delivery", {"order": placed.number})
    assert promise.due_at == placed.deliver_by


def test_yes_twice_is_one_order(shop: Talk) -> None:
    order(shop, CHAIR)
    shop.say("affirm", "yes")
    assert len(orders(shop)) == 1


def test_pieces_and_second_thoughts_before_the_yes(shop: Talk) -> None:
    two = Entity("count", 2, 0, 1)
    shop.say("order_product", "two", two, Entity("product", FILTER, 0, 3))
    shop.say("share_situation", HOME)
    assert shop.value("items").startswith("2 ×")
    said = shop.say("give_preference", "make it 3", Entity("count", 3, 8, 9))
    assert said == ["utter_confirm_order"]
    assert shop.value("items").startswith("3 ×")
    assert shop.say("deny", "no") == ["utter_order_dropped"]
    assert orders(shop) == []


def test_other_address_before_the_yes(shop: Talk) -> None:
    order(shop, FILTER)
    shop.say("order_product", "that", Entity("product", FILTER, 0, 4))
    shop.press("Another address")
    assert shop.said[-1].response == "utter_ask_other_address"
    shop.say("share_situation", "Hauptstr. 5, 1010 Wien")
    assert shop.value("address") == "Hauptstr. 5, 1010 Wien"


def test_no_goes_back_to_the_options(shop: Talk) -> None:
    ask_for_chair(shop)
    shop.say("choose_option", "the first", point("the first", index=1))
    shop.say("share_situation", HOME)
    assert shop.say("deny", "no") == ["utter_order_dropped", "utter_what_instead"]
    said = shop.say("choose_option", "the second", point("the second", index=2))
    assert said == ["utter_confirm_order"]


def test_sold_out_offers_the_nearest(shop: Talk) -> None:
    gone = Entity("product", "chair-oldra-basic", 0, 4)
    said = shop.say("order_product", "that one", gone)
    assert said == ["utter_sold_out", "utter_shortlist_nearest"]
    assert "chair-oldra-basic" not in names(shop)


def test_more_than_is_left_offers_what_is_left(shop: Talk) -> None:
    order(shop, FILTER)
    few = "chair-moorby-long"
    many = Entity("count", 9, 0, 1)
    said = shop.say("order_product", "9 that", many, Entity("product", few, 2, 6))
    assert said == ["utter_only_left", "utter_confirm_order"]
    assert shop.value("items").startswith("3 ×")


def test_sold_while_thinking_is_said_at_the_yes(shop: Talk) -> None:
    shop.say("order_product", "that", Entity("product", CHAIR, 0, 4))
    shop.say("share_situation", HOME)
    shop.session.get_one(Product, CHAIR).stock = 0
    assert shop.say("affirm", "yes")[0] == "utter_sold_out"
    assert orders(shop) == []


def test_same_again_from_the_orders(shop: Talk) -> None:
    order(shop, CHAIR)
    order(shop, FILTER)
    text = "another box of the usual coffee filters"
    kind = entity(text, ("category", "coffee-filter", "coffee filters"))
    assert shop.say("reorder", text, kind) == ["utter_confirm_order"]
    assert len(shop.events("asked_again")[0]["products"]) == 1
    assert shop.say("affirm", "yes")[0] == "utter_ordered"
    items = items_of(shop.session, orders(shop)[-1])
    assert [(x.product_id, x.quantity) for x in items] == [(FILTER, 1)]


def test_same_again_asks_one_question_when_it_is_not_clear(shop: Talk) -> None:
    order(shop, FILTER)
    order(shop, "filter-nature-4")
    text = "more coffee filters"
    kind = entity(text, ("category", "coffee-filter", "coffee filters"))
    assert shop.say("reorder", text, kind) == ["utter_which_product"]
    said = shop.say("choose_option", "the second", point("the second", index=2))
    assert said == ["utter_confirm_order"]
    assert "Brygg" in shop.value("items")


def test_same_again_without_an_order_is_said_and_offered(shop: Talk) -> None:
    text = "more coffee filters"
    kind = entity(text, ("category", "coffee-filter", "coffee filters"))
    said = shop.say("reorder", text, kind)
    assert said == ["utter_no_orders_yet", "utter_shortlist"]


@pytest.mark.parametrize(
    ("status", "said"),
    [(Status.PLACED, "utter_order_status"), (Status.CANCELLED, "utter_order_over")],
)
def test_track_says_what_the_row_says(shop: Talk, status: Status, said: str) -> None:
    placed = order(shop, CHAIR)
    if status != Status.PLACED:
        advance(shop.session, placed, status, shop.at)
    assert shop.say("track_order", "where is my order") == [said]
    assert "Lind High-Back" in shop.value("items")


def test_when_it_comes_is_told_before_it_is_ordered(shop: Talk) -> None:
    shop.say("order_product", "the lind chair please", Entity("product", CHAIR))
    assert shop.say("track_order", "when does it come") == [
        "utter_would_come",
        "utter_way_back",
        "utter_ask_address",
    ]
    assert shop.value("day")


def test_late_order_is_not_talked_away(shop: Talk) -> None:
    order(shop, CHAIR)
    shop.wait(days=9)
    assert shop.say("track_order", "where is it") == ["utter_order_late"]


def test_number_of_somebody_else_is_unknown(shop: Talk) -> None:
    order(shop, CHAIR)
    said = shop.say("track_order", "track order 5561")
    assert said == ["utter_order_unknown"]


def old_order(shop: Talk) -> Order:
    """An order that came from elsewhere, such as an import."""
    customer = shop.session.get_one(Customer, shop.customer_id)
    return make_order(shop.session, Line(CHAIR), customer=customer, now=shop.at)


def test_unverified_sees_only_what_was_ordered_here(shop: Talk) -> None:
    old_order(shop)
    assert shop.say("track_order", "where is my order") == ["utter_no_order_here"]
    customer = shop.session.get_one(Customer, shop.customer_id)
    add_identity(shop.session, customer, "web", "me", True, shop.at)
    assert shop.say("track_order", "where is my order") == ["utter_order_status"]


def test_cancel_gives_stock_back_and_releases_the_promise(shop: Talk) -> None:
    before = shop.session.get_one(Product, CHAIR).stock
    placed = order(shop, CHAIR)
    assert shop.say("cancel_order", "cancel my order") == ["utter_confirm_cancel"]
    assert shop.say("affirm", "yes") == ["utter_order_cancelled"]
    shop.session.flush()
    shop.session.expire_all()
    assert placed.status == Status.CANCELLED
    assert shop.session.get_one(Product, CHAIR).stock == before
    assert shop.session.scalar(select(Promise.state)) == "released"
    assert shop.events("order_cancelled")


def test_cancel_what_was_sent_is_refused_with_the_way_out(shop: Talk) -> None:
    deliver(shop, order(shop, CHAIR))
    said = shop.say("cancel_order", "cancel my order")
    assert said == ["utter_too_late_to_cancel"]


def test_keep_the_order_after_all(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    shop.say("cancel_order", "cancel my order")
    assert shop.say("deny", "no") == ["utter_order_kept"]
    assert placed.status == Status.PLACED


def test_change_the_address_of_an_order(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    said = shop.say("change_order", "can i change the address")
    assert said == ["utter_ask_other_address"]
    said = shop.say("share_situation", "Hauptstr. 5, 1010 Wien")
    assert said == ["utter_address_changed"]
    assert placed.address == {
        "street": "Hauptstr. 5",
        "postcode": "1010",
        "city": "Wien",
    }


def test_change_the_number_of_pieces(shop: Talk) -> None:
    placed = order(shop, FILTER)
    three = Entity("count", 3, 8, 9)
    assert shop.say("change_order", "make it 3", three) == ["utter_quantity_changed"]
    assert items_of(shop.session, placed)[0].quantity == 3


def test_change_of_what_has_left_is_refused(shop: Talk) -> None:
    deliver(shop, order(shop, FILTER))
    three = Entity("count", 3, 8, 9)
    assert shop.say("change_order", "make it 3", three) == ["utter_too_late_to_change"]


def test_every_order_has_its_own_events_once(shop: Talk) -> None:
    order(shop, FILTER)
    order(shop, FILTER)
    count = shop.session.scalar(select(func.count()).select_from(Order))
    assert len(shop.events("order_placed")) == count == 2


def test_postcode_of_a_new_address_is_no_order_number(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    said = shop.say("change_order", "change it to 5 Canal Street, 1012 Amsterdam")
    assert said[0] == "utter_address_changed"
    assert shop.value("number") == str(placed.number)


def test_where_it_is_after_an_order_means_the_order(shop: Talk) -> None:
    order(shop, CHAIR)
    said = shop.say("ask_about_option", "where is it?")
    assert said[0] == "utter_order_status"
