"""What is said to a delay that was told: fine, faster, why, which, cancel it."""

import pytest

from journey.people.consent import Purpose, has_consent
from journey.turn import Entity
from tests.journey.coach.orders.test_delaying import Watched
from tests.journey.talking import Talk


def news(said: str) -> Entity:
    return Entity("reply", f"news.{said}", confidence=0.9)


@pytest.fixture
def late(shop: Talk) -> Talk:
    """Somebody who agreed to news and was told that their parcel is late."""
    watched = Watched(shop)
    watched.order(agreed=True)
    watched.until("proactive_sent", days=4)
    return shop


@pytest.mark.parametrize(
    ("intent", "said", "answer"),
    [
        ("affirm", "fine", "utter_news_fine"),
        ("reorder", "fine", "utter_news_fine"),
        ("cancel_order", "fine", "utter_news_fine"),
        ("deny", "cancel", "utter_confirm_cancel"),
        ("give_feedback", "cancel", "utter_confirm_cancel"),
        ("set_mandate", "hurry", "utter_confirm_way_more"),
        ("ask_about_option", "hurry", "utter_confirm_way_more"),
        ("out_of_scope", "why", "utter_why_not_left"),
        ("choose_option", "which", "utter_order_status"),
        ("out_of_scope", "upset", "utter_reflect_complaint"),
    ],
)
def test_news_are_answered(late: Talk, intent: str, said: str, answer: str) -> None:
    assert late.say(intent, "well", news(said))[0] == answer


def test_why_we_write_is_answered_with_the_consent(late: Talk) -> None:
    said = late.say("ask_my_data", "why do you write to me", news("why"))
    assert said == ["utter_you_agreed"]


def test_no_more_news_are_sent_to_who_wants_none(late: Talk) -> None:
    assert late.say("deny", "no updates", news("never")) == ["utter_never_again"]
    assert not has_consent(late.session, "customer", Purpose.PROMISE_NEWS, late.at)


def test_more_pieces_are_of_the_order(late: Talk) -> None:
    two = Entity("count", 2, 8, 11)
    said = late.say("choose_option", "make it two", two)
    assert said == ["utter_quantity_changed"]


def test_bare_no_changes_nothing(late: Talk) -> None:
    assert late.say("deny", "no") == ["utter_all_right"]


def test_something_else_is_answered_as_ever(late: Talk) -> None:
    said = late.say("ask_policy", "what does delivery cost")
    assert said == ["utter_policy"]
    assert late.say("affirm", "fine") == ["utter_news_fine"]
