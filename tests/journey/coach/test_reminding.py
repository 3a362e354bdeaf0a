import pytest

from journey.people.consent import Purpose, has_consent
from journey.turn import Entity
from tests.journey.coach.shopping import order
from tests.journey.talking import Talk

COFFEE, CHAIR = "coffee-sol-medium", "chair-lind-high"
NAMED = Entity("category", "coffee", 0, 6)


def may_write(shop: Talk) -> bool:
    return has_consent(shop.session, shop.customer_id, Purpose.DUE_AGAIN, shop.at)


@pytest.mark.parametrize("intent", ["stop_messages", "set_mandate", "track_order"])
def test_who_wants_to_be_reminded_is_asked_with_the_exact_words(
    shop: Talk, intent: str
) -> None:
    order(shop, COFFEE)
    said = shop.say(intent, "remind me when I need it again")
    assert said == ["utter_when_due", "utter_may_due_again"]
    assert "Solano House Beans" in shop.said[0].values["name"]
    assert shop.say("affirm", "yes")[0] == "utter_consent_given"
    assert may_write(shop)
    assert shop.say(intent, "remind me when it's due")[0] == "utter_remind_agreed"


def test_who_does_not_want_to_be_reminded_is_not(shop: Talk) -> None:
    order(shop, COFFEE)
    said = shop.say("stop_messages", "don't remind me when it's due")
    assert said == ["utter_stopped"]
    assert not may_write(shop)


def test_when_it_is_due_is_said_with_the_reason(shop: Talk) -> None:
    order(shop, COFFEE)
    assert shop.say("ask_policy", "when do I need coffee again?", NAMED)[0] == (
        "utter_when_due"
    )
    assert shop.said[0].values["reason"].startswith("it lasts about")
    shop.wait(days=20)
    assert shop.say("ask_policy", "when do I need coffee again?", NAMED)[0] == (
        "utter_due_again"
    )


def test_what_was_never_taken_cannot_be_foretold(shop: Talk) -> None:
    order(shop, CHAIR)
    said = shop.say("stop_messages", "remind me when I need coffee", NAMED)
    assert said[0] == "utter_remind_nothing"
    asked = shop.say("ask_policy", "when do I need coffee?", NAMED)
    assert "utter_when_due" not in asked
