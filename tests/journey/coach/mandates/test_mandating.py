from decimal import Decimal

from sqlalchemy import select

from journey.store.tables import Consent, Mandate
from journey.turn import Entity
from tests.journey.coach.shopping import order, point
from tests.journey.curate.hearing import money
from tests.journey.talking import Talk

FILTER = "filter-brygg-4"
MONTHLY = Entity("duration", {"days": 28, "every": True}, 8, 20)
CAP = Entity("money", money(10), 21, 30)


def give(shop: Talk) -> list[str]:
    filters = Entity("product", FILTER, 0, 7)
    return shop.say(
        "set_mandate", "filters every 4 weeks max 10", filters, MONTHLY, CAP
    )


def test_mandate_is_confirmed_and_kept_with_its_words(shop: Talk) -> None:
    assert give(shop) == ["utter_confirm_mandate"]
    text = shop.value("text")
    assert "a no skips it" in text
    assert shop.say("affirm", "yes") == ["utter_mandate_given"]
    (mandate,) = shop.session.scalars(select(Mandate))
    assert (mandate.product_id, mandate.cap, mandate.every_days) == (
        FILTER,
        Decimal("10.00"),
        28,
    )
    (consent,) = shop.session.scalars(select(Consent))
    assert (consent.purpose, consent.granted, consent.text) == ("mandate", True, text)
    assert shop.kinds()[-2:] == ["mandate_given", "consent_given"]


def test_mandate_without_a_yes_is_none(shop: Talk) -> None:
    give(shop)
    assert shop.say("deny", "no") == ["utter_no_mandate_given"]
    assert shop.session.scalar(select(Mandate)) is None


def test_rhythm_comes_from_how_long_it_lasts(shop: Talk) -> None:
    shop.say("set_mandate", "whenever it's due", Entity("product", FILTER, 0, 3))
    assert "whenever it's due" in shop.value("text")


def test_rhythm_is_asked_when_nothing_says_it(shop: Talk) -> None:
    chair = Entity("product", "chair-lind-high", 0, 3)
    assert shop.say("set_mandate", "keep it coming", chair) == ["utter_mandate_every"]
    assert shop.press("every 6 weeks") == ["utter_confirm_mandate"]


def test_cap_below_the_price_is_said(shop: Talk) -> None:
    low = Entity("money", money(2), 0, 3)
    shop.say("set_mandate", "max 2", low, MONTHLY, Entity("product", FILTER, 0, 3))
    assert "more than that" in shop.value("note")


def test_kind_asks_which_and_prefers_what_was_bought(shop: Talk) -> None:
    kind = Entity("category", "coffee-filter", 0, 7)
    assert shop.say("set_mandate", "filters", kind, MONTHLY) == ["utter_mandate_which"]
    said = shop.say("choose_option", "the first", point("the first", index=1))
    assert said == ["utter_confirm_mandate"]
    shop.say("deny", "no")
    order(shop, FILTER)
    assert shop.say("set_mandate", "filters", kind, MONTHLY) == [
        "utter_confirm_mandate"
    ]


def test_revoke_at_one_sentence(shop: Talk) -> None:
    give(shop)
    shop.say("affirm", "yes")
    assert shop.say("revoke_mandate", "stop it") == ["utter_mandate_revoked"]
    assert shop.session.scalar(select(Mandate.state)) == "revoked"
    assert shop.kinds()[-2:] == ["mandate_revoked", "consent_withdrawn"]


def test_cancel_just_a_thing_means_the_order_that_it_is_in(shop: Talk) -> None:
    order(shop, FILTER)
    said = shop.say("revoke_mandate", "cancel that", Entity("product", FILTER, 7, 11))
    assert said == ["utter_confirm_cancel"]


def test_revoke_nothing_is_said_so(shop: Talk) -> None:
    assert shop.say("revoke_mandate", "stop it") == ["utter_no_mandate"]
