"""What may be ordered without asking is said to who wants to know."""

import pytest

from tests.journey.coach.months import Months
from tests.journey.coach.test_mandate_months import give
from tests.journey.talking import Talk


@pytest.fixture
def months(shop: Talk) -> Months:
    return Months(shop)


@pytest.mark.parametrize(
    "text",
    [
        "what do you order for me?",
        "when do you order next",
        "show me my automatic orders",
        "What are you allowed to order",
    ],
)
def test_each_mandate_is_said_with_its_next_day(months: Months, text: str) -> None:
    give(months)
    assert months.talk.say("ask_recommendation", text) == ["utter_mandate_stands"]
    assert "every 4 weeks" in months.talk.value("every")
    months.until("mandate_announced")
    months.talk.say("ask_my_data", text)
    (execution,) = months.executions()
    assert f"{execution.order_at:%-d %B}" in months.talk.value("day")


def test_paused_one_is_said_to_be_paused(months: Months) -> None:
    give(months)
    months.talk.say("revoke_mandate", "pause the automatic orders")
    said = months.talk.say("ask_my_data", "what do you order for me?")
    assert said == ["utter_mandate_stands_paused"]


def test_who_allowed_nothing_hears_that(months: Months) -> None:
    said = months.talk.say("out_of_scope", "what do you order automatically?")
    assert said[0] == "utter_no_mandate_stands"


def test_other_words_about_orders_ask_for_none(months: Months) -> None:
    give(months)
    said = months.talk.say("revoke_mandate", "pause my automatic orders")
    assert said == ["utter_mandate_paused"]
