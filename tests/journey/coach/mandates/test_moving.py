"""Another day for what a mandate orders: before it is placed, and when it is asked."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from journey.mandates.executions import State
from journey.store.tables import Mandate, Product
from journey.turn import Entity
from tests.journey.coach.months import Months
from tests.journey.coach.test_mandate_months import FILTER, give
from tests.journey.talking import Talk

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def months(shop: Talk) -> Months:
    return Months(shop)


@pytest.fixture
def asked(months: Months) -> Months:
    give(months)
    months.session.get_one(Product, FILTER).price = Decimal("40.00")
    months.until("mandate_asked")
    return months


def next_month(months: Months, op: str = ">=") -> tuple[Entity, date]:
    first = (months.now.replace(day=1) + timedelta(days=32)).replace(day=1).date()
    value = {"date": first.isoformat(), "op": op}
    if op == "between":
        value["upto"] = (first + timedelta(days=27)).isoformat()
    return Entity("date", value), first


@pytest.mark.parametrize(
    ("intent", "text", "op"),
    [
        ("revoke_mandate", "wait until next month", ">="),
        ("deny", "not until next month", ">="),
        ("revoke_mandate", "next month please", "between"),
    ],
)
def test_until_next_month_is_its_first_day(
    months: Months, intent: str, text: str, op: str
) -> None:
    give(months)
    months.until("mandate_announced")
    named, first = next_month(months, op)
    assert months.talk.say(intent, text, named) == ["utter_mandate_moved"]
    (execution,) = months.executions()
    assert execution.order_at.astimezone(BERLIN).date() == first
    assert f"{first:%-d %B}" in months.talk.value("day")


def test_days_keep_their_hour_when_the_clocks_change(months: Months) -> None:
    months.talk.at = datetime(2026, 3, 23, 9, tzinfo=UTC)
    give(months)
    months.until("mandate_announced")
    (execution,) = months.executions()
    hour = execution.order_at.astimezone(BERLIN).hour
    week = Entity("duration", {"days": 7, "every": False})
    assert months.talk.say("deny", "in a week", week) == ["utter_mandate_moved"]
    moved = execution.order_at.astimezone(BERLIN)
    assert (moved.hour, moved.utcoffset()) == (hour, timedelta(hours=2))


def test_a_week_later_is_counted_from_the_day_that_was_announced(
    months: Months,
) -> None:
    give(months)
    months.until("mandate_announced")
    (execution,) = months.executions()
    planned = execution.order_at
    week = Entity("duration", {"days": 7, "every": False})
    months.talk.say("deny", "a week later please", week)
    assert execution.order_at == planned + timedelta(days=7)


@pytest.mark.parametrize(
    ("intent", "text"), [("deny", "wait"), ("greet", "please wait a bit")]
)
def test_bare_wait_is_a_week(months: Months, intent: str, text: str) -> None:
    give(months)
    months.until("mandate_announced")
    (execution,) = months.executions()
    planned = execution.order_at
    assert months.talk.say(intent, text) == ["utter_mandate_moved"]
    assert execution.order_at == planned + timedelta(days=7)


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("ask_recommendation", "I need a lamp by friday"),
        ("track_order", "since monday"),
    ],
)
def test_day_of_something_else_moves_nothing(
    months: Months, intent: str, text: str
) -> None:
    give(months)
    months.until("mandate_announced")
    (execution,) = months.executions()
    planned = execution.order_at
    named, _ = next_month(months, "<=")
    months.talk.say(intent, text, named)
    assert (execution.state, execution.order_at) == (State.ANNOUNCED, planned)


def test_other_thing_of_the_same_kind_is_another_thing(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    named = Entity("product", "filter-kolb-round"), Entity("category", "coffee-filter")
    text = "order 2 of the round coffee filters"
    said = months.talk.say("order_product", text, Entity("count", 2), *named)
    assert said == ["utter_confirm_order"]
    assert months.executions()[0].quantity == 1


def test_wait_at_a_question_is_a_week(asked: Months) -> None:
    assert asked.talk.say("deny", "wait") == ["utter_mandate_waits"]
    (execution,) = asked.executions()
    assert execution.state == State.PLANNED
    assert execution.act_at == asked.now + timedelta(days=7)


def test_next_month_at_a_question_asks_again_then(asked: Months) -> None:
    named, first = next_month(asked)
    said = asked.talk.say("revoke_mandate", "wait until next month", named)
    assert said == ["utter_mandate_waits"]
    assert f"{first:%-d %B}" in asked.talk.value("day")
    asked.until("mandate_asked")
    assert asked.now.astimezone(BERLIN).date() >= first
    assert asked.orders() == []


def test_next_week_on_a_sunday_is_not_the_next_morning(asked: Months) -> None:
    asked.talk.wait(days=6 - asked.now.weekday())
    tomorrow = (asked.now + timedelta(days=1)).date()
    upto = tomorrow + timedelta(days=6)
    value = {"date": tomorrow.isoformat(), "op": "between", "upto": upto.isoformat()}
    asked.talk.say("deny", "next week instead", Entity("date", value))
    (execution,) = asked.executions()
    assert execution.act_at == asked.now + timedelta(days=7)


def test_waiting_ends_no_mandate_that_was_not_announced_yet(months: Months) -> None:
    mandate = give(months)
    months.work()
    named, first = next_month(months)
    said = months.talk.say("revoke_mandate", "wait until next month with it", named)
    assert said == ["utter_mandate_moved"]
    assert months.session.get_one(Mandate, mandate.id).state == "active"
    months.until("mandate_executed")
    assert months.now.astimezone(BERLIN).date() == first


def test_pause_until_a_day_needs_no_word_to_go_on(months: Months) -> None:
    mandate = give(months)
    months.work()
    named, _ = next_month(months)
    said = months.talk.say("revoke_mandate", "pause it until next month", named)
    assert (said, mandate.state) == (["utter_mandate_moved"], "active")


@pytest.mark.parametrize(
    "text", ["stop ordering for me", "end it, I have enough", "cancel the whole thing"]
)
def test_end_is_the_end_whatever_else_is_said(months: Months, text: str) -> None:
    mandate = give(months)
    months.work()
    assert months.talk.say("revoke_mandate", text) == ["utter_mandate_revoked"]
    assert mandate.state == "revoked"
