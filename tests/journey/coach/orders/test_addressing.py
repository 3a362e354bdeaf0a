import pytest

from journey.orders import addressbook
from journey.store.tables import Customer
from journey.turn import Entity
from tests.journey.coach.shopping import HOME, order, orders
from tests.journey.talking import Talk

CHAIR, FILTER = "chair-lind-high", "filter-brygg-4"
WORK = "Ringstrasse 1, 1010 Wien"
MOTHER = "Am Markt 3, 10115 Berlin"


def wants(shop: Talk, product: str = FILTER) -> list[str]:
    return shop.say("order_product", "i want that", Entity("product", product, 0, 6))


def places(shop: Talk) -> set[str]:
    customer = shop.session.get_one(Customer, shop.customer_id)
    return {x.label for x in addressbook.addresses_of(shop.session, customer)}


def asked(shop: Talk) -> None:
    """Have a confirmation open, with one known address."""
    order(shop, CHAIR)
    assert wants(shop) == ["utter_confirm_order"]


def test_place_that_is_not_known_is_asked_for_and_kept(shop: Talk) -> None:
    asked(shop)
    assert shop.say("change_order", "send it to my mother's place please") == [
        "utter_ask_address_of"
    ]
    assert shop.value("place") == "your mother's"
    assert shop.say("share_situation", MOTHER) == ["utter_confirm_order"]
    assert "Berlin" in shop.value("address")
    assert shop.say("affirm", "yes")[0] == "utter_ordered"
    first, gift = orders(shop)
    assert first.address and gift.address
    assert (first.address["city"], gift.address["city"]) == ("Amsterdam", "Berlin")
    assert places(shop) == {"", "mother"}


def test_place_with_its_address_in_one_sentence(shop: Talk) -> None:
    asked(shop)
    said = shop.say("change_order", f"my work is {WORK}")
    assert said == ["utter_confirm_order"]
    assert "Ringstrasse" in shop.value("address")
    assert places(shop) == {"", "work"}


def test_known_place_is_taken_at_a_word(shop: Talk) -> None:
    asked(shop)
    shop.say("change_order", f"my work is {WORK}")
    shop.say("deny", "no")
    wants(shop)
    shop.say("change_order", HOME)
    assert shop.say("change_order", "to my work please") == ["utter_confirm_order"]
    assert "Ringstrasse" in shop.value("address")


def test_doubt_is_asked(shop: Talk) -> None:
    asked(shop)
    shop.say("change_order", f"my work is {WORK}")
    shop.say("affirm", "yes")
    assert wants(shop) == ["utter_which_address"]
    shop.press("Work")
    assert [move.response for move in shop.said] == ["utter_confirm_order"]
    assert "Ringstrasse" in shop.value("address")


def test_doubt_is_answered_by_a_new_address(shop: Talk) -> None:
    asked(shop)
    shop.say("change_order", f"my work is {WORK}")
    shop.say("affirm", "yes")
    wants(shop)
    shop.press("A new address")
    assert [move.response for move in shop.said] == ["utter_ask_other_address"]
    assert shop.say("share_situation", MOTHER) == ["utter_confirm_order"]


def test_order_that_is_here_goes_to_a_known_place(shop: Talk) -> None:
    asked(shop)
    shop.say("change_order", f"my work is {WORK}")
    shop.say("deny", "no")
    said = shop.say("change_order", "send my order to my work instead")
    assert said == ["utter_address_changed"]
    (placed,) = orders(shop)
    assert placed.address and placed.address["street"] == "Ringstrasse 1"


@pytest.mark.parametrize("text", ["yes, it's my mother's birthday", "yes"])
def test_other_words_about_people_change_nothing(shop: Talk, text: str) -> None:
    asked(shop)
    assert shop.say("affirm", text)[0] == "utter_ordered"
