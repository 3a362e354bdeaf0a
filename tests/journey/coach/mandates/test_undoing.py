"""What a mandate has ordered, taken back or put off while it is here."""

from datetime import timedelta

import pytest

from journey.mandates.executions import State
from journey.orders.orders import Status, advance
from journey.store.tables import Mandate
from journey.turn import Entity
from tests.journey.coach.months import Months
from tests.journey.coach.test_mandate_months import give
from tests.journey.talking import Talk


@pytest.fixture
def ordered(shop: Talk) -> Months:
    months = Months(shop)
    give(months)
    months.until("mandate_executed")
    months.wait(0.5)
    return months


def in_days(months: Months, days: int) -> Entity:
    day = (months.now + timedelta(days=days)).date().isoformat()
    return Entity("date", {"date": day, "op": ">="})


@pytest.mark.parametrize("intent", ["deny", "revoke_mandate", "change_order"])
def test_later_day_is_asked_before_an_order_is_taken_back(
    ordered: Months, intent: str
) -> None:
    text = "wait until next month"
    said = ordered.talk.say(intent, text, in_days(ordered, 20))
    assert said == ["utter_mandate_confirm_put_off"]
    assert ordered.orders()[0].status == "placed"
    assert ordered.talk.say("affirm", "yes") == ["utter_mandate_put_off"]
    day = ordered.talk.value("day")
    assert ordered.orders()[0].status == "cancelled"
    ordered.until("mandate_announced")
    assert day in ordered.last()


def test_day_within_the_notice_is_said_as_it_will_be(ordered: Months) -> None:
    ordered.talk.say("deny", "tomorrow instead", in_days(ordered, 1))
    ordered.talk.say("affirm", "yes")
    day = ordered.talk.value("day")
    ordered.until("mandate_announced")
    assert day in ordered.last()


def test_no_keeps_the_order(ordered: Months) -> None:
    ordered.talk.say("deny", "next week instead", in_days(ordered, 8))
    assert ordered.talk.say("deny", "no") == ["utter_order_kept"]
    assert ordered.orders()[0].status == "placed"


def test_taken_back_is_not_announced_again_at_once(ordered: Months) -> None:
    taken = ordered.now
    assert ordered.talk.say("deny", "take it back") == ["utter_mandate_undone"]
    day = ordered.talk.value("day")
    ordered.until("mandate_announced")
    assert ordered.now - taken > timedelta(days=20)
    assert day in ordered.last()


def test_other_limit_is_the_mandates_and_keeps_the_order(ordered: Months) -> None:
    said = ordered.talk.say("deny", "change the max to 30", Entity("count", 30))
    assert said == ["utter_confirm_mandate"]
    ordered.talk.say("affirm", "yes")
    assert ordered.orders()[0].status == "placed"
    assert ordered.session.query(Mandate).filter_by(state="active").one().cap == 30


def test_limit_is_no_number_right_after_the_order(shop: Talk) -> None:
    months = Months(shop)
    give(months)
    months.until("mandate_executed")
    months.work()
    said = months.talk.say("change_order", "change the max to 30", Entity("count", 30))
    assert said == ["utter_confirm_mandate"]


def test_what_was_told_is_not_told_again(ordered: Months) -> None:
    """Long after it was delivered nothing says that it can be taken back."""
    advance(ordered.session, ordered.orders()[0], Status.SHIPPED, ordered.now)
    advance(ordered.session, ordered.orders()[0], Status.DELIVERED, ordered.now)
    ordered.until("mandate_announced")
    assert ordered.talk.say("affirm", "fine") == ["utter_mandate_fine"]
    assert ordered.talk.say("ask_policy", "what does delivery cost") != []
    assert "utter_mandate_ordered" not in [x.response for x in ordered.talk.said]


def test_question_that_nobody_answered_is_not_asked_again(shop: Talk) -> None:
    months = Months(shop)
    give(months, cap=5)
    months.until("mandate_asked")
    months.until("mandate_skipped")
    (execution,) = months.executions()[:1]
    assert execution.state == State.SKIPPED
    said = months.talk.say("ask_policy", "what does delivery cost")
    assert "utter_mandate_ask_price" not in said


@pytest.mark.parametrize("intent", ["cancel_order", "deny", "revoke_mandate"])
def test_pause_keeps_the_order(ordered: Months, intent: str) -> None:
    assert ordered.talk.say(intent, "pause it")[0] == "utter_mandate_paused"
    assert ordered.orders()[0].status == "placed"
