from decimal import Decimal
from random import Random

import pytest

from journey.coach.shortlist.watching import tell
from journey.foresight import watches
from journey.people.consent import Purpose, has_consent
from journey.store.tables import Consent, Proactive, Product, Watch
from journey.turn import Entity
from tests.journey.coach.shopping import order
from tests.journey.curate.hearing import money
from tests.journey.talking import Talk

FILTER = "filter-brygg-4"
NAMED = Entity("product", FILTER)


def product(shop: Talk) -> Product:
    return shop.session.get_one(Product, FILTER)


def look(shop: Talk) -> int:
    return watches.look(shop.session, now=shop.at, random=Random(1))


def say_it_is_sold_out(shop: Talk) -> None:
    product(shop).stock = 0
    assert shop.say("order_product", "brygg filters", NAMED)[0] == "utter_sold_out"


def test_sold_out_can_be_waited_for_with_consent(shop: Talk) -> None:
    say_it_is_sold_out(shop)
    assert shop.press("Tell me when it's back")[0] == "utter_watch"
    assert has_consent(shop.session, "customer", Purpose.BACK_IN_STOCK, shop.at)
    (row,) = shop.session.query(Consent)
    assert row.text == shop.value("consent")
    assert look(shop) == 0
    product(shop).stock = 5
    assert look(shop) == 1
    assert look(shop) == 0


@pytest.mark.parametrize(
    "words", ["tell me when it's back", "let me know when you have them again"]
)
def test_wait_is_begun_by_typing_too(shop: Talk, words: str) -> None:
    say_it_is_sold_out(shop)
    assert shop.say("reorder", words)[0] == "utter_watch"
    assert shop.session.query(Watch).one().product_id == FILTER


@pytest.mark.parametrize(
    "words",
    [
        "tell me when the price of the brygg filters drops",
        "notify me when the brygg filters are reduced",
        "let me know once the brygg filters are below 150",
    ],
)
def test_wish_for_a_better_price_is_no_mandate(shop: Talk, words: str) -> None:
    assert shop.say("set_mandate", words, NAMED)[0] == "utter_watch"
    assert shop.session.query(Watch).one().kind == "better_price"


def test_wait_goes_on_when_it_was_sold_again(shop: Talk) -> None:
    say_it_is_sold_out(shop)
    shop.press("Tell me when it's back")
    product(shop).stock = 5
    look(shop)
    product(shop).stock = 0
    row = shop.session.query(Proactive).one()
    assert tell(shop.turn("proactive"), row) is None
    assert shop.session.query(Watch).one().state == "open"


def test_what_is_there_need_not_be_waited_for(shop: Talk) -> None:
    text = "tell me when it's back in stock"
    assert shop.say("out_of_scope", text, NAMED) == ["utter_is_there"]
    assert shop.session.query(Watch).count() == 0


@pytest.mark.parametrize(
    ("words", "entities", "cheap", "dear"),
    [
        ("tell me if it gets cheaper", (), "-0.10", "+0"),
        (
            "tell me when it's under 4 euros",
            (Entity("money", money(4)),),
            "=4",
            "=4.01",
        ),
    ],
)
def test_better_price_is_told_when_it_is_one(
    shop: Talk, words: str, entities: tuple[Entity, ...], cheap: str, dear: str
) -> None:
    usual = product(shop).price
    assert shop.say("out_of_scope", words, NAMED, *entities)[0] == "utter_watch"

    def set_price(what: str) -> None:
        amount = Decimal(what.strip("=+-"))
        sign = -1 if what[0] == "-" else 1
        product(shop).price = amount if what[0] == "=" else usual + sign * amount

    set_price(dear)
    assert look(shop) == 0
    set_price(cheap)
    assert look(shop) == 1


def test_yes_to_what_came_orders_it(shop: Talk) -> None:
    order(shop, FILTER)
    say_it_is_sold_out(shop)
    shop.press("Tell me when it's back")
    product(shop).stock = 5
    look(shop)
    row = shop.session.query(Proactive).one()
    shop.said = tell(shop.turn("proactive"), row) or []
    assert [move.response for move in shop.said] == ["utter_back_in_stock"]
    assert shop.press("Yes, order it") == ["utter_confirm_order"]
