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
            if x.attributes.get("filter_size") == "no-4"
            and x.id != FILTER
            and x.category == product.category
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


class TestOtherwise:
    @pytest.fixture
    def tight(self, shop: Talk) -> Months:
        """Return what was announced under a limit that it just keeps."""
        months = Months(shop)
        give(months, cap=10)
        months.until("mandate_announced")
        return months

    def two(self, months: Months) -> list[str]:
        return months.talk.say("change_order", "order 2 instead", Entity("count", 2))

    def test_more_than_was_allowed_is_asked_now_and_not_later(
        self, tight: Months
    ) -> None:
        assert self.two(tight) == ["utter_mandate_confirm_over"]
        assert tight.executions()[0].quantity == 1
        assert tight.talk.say("affirm", "yes") == ["utter_mandate_this_time"]
        tight.until("mandate_executed")
        (line,) = tight.talk.events("order_placed")[-1]["items"]
        assert line["quantity"] == 2
        assert "mandate_asked" not in tight.talk.kinds()

    def test_no_keeps_one(self, tight: Months) -> None:
        self.two(tight)
        assert tight.talk.say("deny", "no") == ["utter_mandate_fine"]
        assert tight.executions()[0].quantity == 1

    def test_another_number_is_read_at_the_question(self, tight: Months) -> None:
        self.two(tight)
        said = tight.talk.say("deny", "no, just one", Entity("count", 1))
        assert said == ["utter_mandate_this_time"]

    def test_more_than_there_are_is_said(self, announced: Months) -> None:
        announced.session.get_one(Product, FILTER).stock = 3
        said = announced.talk.say("choose_option", "make it 9", Entity("count", 9))
        assert said == ["utter_mandate_few_left"]
        assert announced.executions()[0].quantity == 1

    @pytest.mark.parametrize("intent", ["return_order", "change_order"])
    def test_express_is_offered_with_its_price_and_sent_so(
        self, tight: Months, intent: str
    ) -> None:
        tight.session.get_one(Product, FILTER).delivery_days = 5
        said = tight.talk.say(intent, "express please")
        assert said == ["utter_mandate_confirm_express"]
        assert tight.talk.value("total") == "€14.80"
        assert tight.talk.say("affirm", "yes") == ["utter_mandate_express"]
        promised = tight.talk.value("new")
        tight.until("mandate_executed")
        tight.wait(0.5)
        (order,) = tight.orders()
        assert (order.way, order.delivery_fee) == ("express", Decimal("9.90"))
        assert promised in tight.last()

    def test_enough_at_home_is_no_number(self, announced: Months) -> None:
        said = announced.talk.say(
            "share_situation", "I still have two packs", Entity("count", 2)
        )
        assert said == ["utter_mandate_skipped"]

    def test_new_address_is_where_it_goes_without_asking(
        self, announced: Months
    ) -> None:
        text = "I live at 9 Elm Row, 1013 AA Amsterdam now"
        said = announced.talk.say("share_situation", text, Entity("count", 9, 10, 11))
        assert said == ["utter_mandate_goes_to"]
        announced.until("mandate_executed")
        assert announced.orders()[0].address["street"] == "9 Elm Row"

    def test_other_rhythm_is_the_mandates(self, announced: Months) -> None:
        every = Entity("duration", {"days": 42, "every": True})
        said = announced.talk.say("deny", "every six weeks instead", every)
        assert said == ["utter_confirm_mandate"]
        assert "every 6 weeks" in announced.talk.value("text")

    def test_fine_is_not_the_last_word(self, announced: Months) -> None:
        announced.talk.say("affirm", "fine")
        said = announced.talk.say("choose_option", "make it two", Entity("count", 2))
        assert said == ["utter_mandate_this_time"]


@pytest.mark.parametrize(
    ("text", "said"), [("pause it", "utter_mandate_paused"), ("hold off", None)]
)
def test_short_pause_is_one_whatever_it_was_heard_as(
    shop: Talk, text: str, said: str | None
) -> None:
    months = Months(shop)
    give(months)
    wanted = said or "utter_mandate_paused"
    assert months.talk.say("out_of_scope", text) == [wanted]
    assert months.talk.say("ask_recommendation", "go on with the filters") == [
        "utter_mandate_resumed"
    ]
