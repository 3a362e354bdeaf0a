"""The question whether we may write: yes, no, later, why, or about the order."""

import pytest

from journey.store.tables import Consent
from journey.turn import Entity
from tests.journey.coach.shopping import order
from tests.journey.talking import Talk

COFFEE = "coffee-sol-medium"


def reply(said: str) -> Entity:
    return Entity("reply", f"offer.{said}", confidence=0.9)


@pytest.fixture
def asked(shop: Talk) -> Talk:
    order(shop, COFFEE)
    assert shop.said[-1].response == "utter_may_promise_news"
    return shop


def decided(talk: Talk) -> list[bool]:
    return [row.granted for row in talk.session.query(Consent)]


@pytest.mark.parametrize(
    ("intent", "said", "granted"),
    [
        ("give_preference", "yes", [True]),
        ("deny", "no", [False]),
        ("complain", "never", [False]),
        ("deny", "later", []),
        ("affirm", "unsure", []),
        ("affirm", "why", []),
    ],
)
def test_only_a_yes_is_consent(
    asked: Talk, intent: str, said: str, granted: list[bool]
) -> None:
    asked.say(intent, "hm", reply(said))
    assert decided(asked) == granted


def test_why_is_told_and_the_question_stays(asked: Talk) -> None:
    said = asked.say("affirm", "why", reply("why"))
    assert said == ["utter_why_consent"]
    assert asked.value("often") == "at most 2 a week"
    assert asked.say("affirm", "ok then") == ["utter_consent_given"]


def test_yes_but_later_in_the_day_is_a_yes(asked: Talk) -> None:
    yes = Entity("act", "affirm", 0, 3)
    asked.say("give_preference", "yes but two days before", reply("later"), yes)
    assert decided(asked) == [True]


def test_who_wants_it_by_itself_wants_a_mandate(asked: Talk) -> None:
    said = asked.say("set_mandate", "just send it every month", reply("yes"))
    assert "utter_consent_given" not in said
    assert decided(asked) == []


def test_number_of_pieces_is_of_the_order(asked: Talk) -> None:
    two = Entity("count", 2, 8, 11)
    said = asked.say("choose_option", "make it two", two, reply("yes"))
    assert said == ["utter_quantity_changed"]
    assert decided(asked) == []


def test_question_for_a_faster_way_is_of_the_order(asked: Talk) -> None:
    said = asked.say("ask_about_option", "can it come faster")
    assert said == ["utter_confirm_way_more"]
