"""What was announced is changed in a word: how many, when, a cheaper one, the limit."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from journey.mandates.executions import State
from journey.store.tables import Mandate, Product
from journey.turn import Entity
from tests.journey.coach.months import Months
from tests.journey.coach.test_mandate_months import FILTER, give
from tests.journey.talking import Talk


@pytest.fixture
def announced(shop: Talk) -> Months:
    months = Months(shop)
    give(months)
    months.until("mandate_announced")
    return months


def test_two_are_ordered_this_time_only(announced: Months) -> None:
    said = announced.talk.say("affirm", "two packs please", Entity("count", 2))
    assert said == ["utter_mandate_this_time"]
    (execution,) = announced.executions()
    assert (execution.state, execution.quantity) == (State.ANNOUNCED, 2)
    assert announced.session.scalars(select(Mandate)).one().quantity == 1


@pytest.mark.parametrize(
    "text", ["I still have plenty", "still got enough", "later please", "not needed"]
)
def test_enough_is_a_skip_whatever_the_engine_hears(
    announced: Months, text: str
) -> None:
    assert announced.talk.say("affirm", text) == ["utter_mandate_skipped"]


@pytest.mark.parametrize("text", ["hold off", "pause", "pause it"])
def test_pause_pauses_whatever_the_engine_hears(announced: Months, text: str) -> None:
    assert announced.talk.say("affirm", text) == ["utter_mandate_paused"]


@pytest.mark.parametrize("text", ["next week instead", "a week later please"])
def test_later_is_no_skip(announced: Months, text: str) -> None:
    """The week that is named begins before the day that was announced."""
    (execution,) = announced.executions()
    planned = execution.order_at
    day = (announced.now + timedelta(days=1)).date().isoformat()
    named = Entity("date", {"date": day, "op": "between", "upto": day})
    assert announced.talk.say("deny", text, named) == ["utter_mandate_moved"]
    assert execution.order_at == planned + timedelta(days=7)


def test_two_of_what_was_just_ordered_are_sent(announced: Months) -> None:
    announced.until("mandate_executed")
    announced.wait(0.5)
    said = announced.talk.say("give_preference", "make it two", Entity("count", 2))
    assert said == ["utter_quantity_changed"]


def test_why_is_answered_and_changes_nothing(announced: Months) -> None:
    said = announced.talk.say("affirm", "why?")
    assert said[0] == "utter_mandate_reason"
    assert "every 4 weeks" in announced.talk.said[0].values["text"]
    assert announced.executions()[0].state == State.ANNOUNCED


def test_limit_without_a_currency_is_the_mandates(announced: Months) -> None:
    said = announced.talk.say(
        "change_order", "change the max to 30", Entity("count", 30)
    )
    assert said == ["utter_confirm_mandate"]
    announced.talk.say("affirm", "yes")
    living = select(Mandate).where(Mandate.state == "active")
    mandate = announced.session.scalars(living).one()
    assert (mandate.cap, mandate.quantity) == (Decimal(30), 1)


class TestCheaper:
    @pytest.fixture
    def asked(self, announced: Months) -> Months:
        product = announced.session.get_one(Product, FILTER)
        cheap = next(
            x
            for x in announced.session.scalars(select(Product))
            if x.category == product.category and x.id != FILTER
        )
        cheap.price, cheap.stock = Decimal("1.50"), 9
        said = announced.talk.say("give_preference", "is there a cheaper one?")
        assert said == ["utter_mandate_cheaper"]
        return announced

    def test_yes_takes_it_this_time(self, asked: Months) -> None:
        assert asked.talk.say("affirm", "yes") == ["utter_mandate_this_time"]
        (execution,) = asked.executions()
        assert (execution.price, execution.state) == (Decimal("1.50"), State.ANNOUNCED)
        assert execution.product_id != FILTER

    def test_no_keeps_what_was_announced(self, asked: Months) -> None:
        assert asked.talk.say("deny", "no") == ["utter_mandate_fine"]
        assert asked.executions()[0].product_id == FILTER


@pytest.mark.parametrize(
    ("intent", "text", "said"),
    [
        ("greet", "ok this time", "utter_ordered"),
        ("choose_option", "this once", "utter_ordered"),
        ("deny", "not this time", "utter_mandate_skipped"),
    ],
)
def test_price_over_the_limit_is_agreed_to_once(
    shop: Talk, intent: str, text: str, said: str
) -> None:
    months = Months(shop)
    give(months, cap=5)
    months.until("mandate_asked")
    assert months.talk.say(intent, text)[0] == said


def test_nothing_cheaper_is_said(announced: Months) -> None:
    announced.session.get_one(Product, FILTER).price = Decimal("0.10")
    said = announced.talk.say("give_preference", "cheaper one?")
    assert said == ["utter_mandate_no_cheaper"]
