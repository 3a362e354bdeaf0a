"""A mandate over months: announced in time, skipped, asked about, undone, ended."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import select

from journey.mandates.executions import State
from journey.orders.orders import Status, advance
from journey.owner import ownership
from journey.store.tables import Consent, Mandate, Product
from journey.turn import Entity
from tests.journey.coach.months import Months
from tests.journey.curate.hearing import money
from tests.journey.talking import Talk

FILTER = "filter-brygg-4"
EVERY = 28


@pytest.fixture
def months(shop: Talk) -> Months:
    return Months(shop)


def product(months: Months) -> Product:
    return months.session.get_one(Product, FILTER)


def give(months: Months, *more: Entity, cap: float = 25, text: str = "") -> Mandate:
    """Let the customer say "send me filters every 4 weeks, max 25", and yes."""
    months.talk.say(
        "set_mandate",
        text or "send me filters every 4 weeks, max 25",
        Entity("product", FILTER),
        Entity("duration", {"days": EVERY, "every": True}),
        Entity("money", money(cap)),
        *more,
    )
    assert months.talk.say("affirm", "yes") == ["utter_mandate_given"]
    return months.session.scalars(select(Mandate)).one()


def test_order_is_announced_placed_and_told(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    announced = months.now
    assert "Brygg" in months.last()
    assert "no" in months.last().lower()
    months.until("mandate_executed")
    assert months.now - announced >= timedelta(days=3)
    months.wait(1)
    (order,) = months.orders()
    assert (order.status, order.address) == ("placed", months.customer.address)
    assert f"order {order.number}" in months.last()
    assert months.talk.events("order_placed")[0]["items"][0]["product"] == FILTER


def test_months_go_by_and_each_order_comes_once(months: Months) -> None:
    give(months)
    for _ in range(4):
        months.until("mandate_executed")
        advance(months.session, months.orders()[-1], Status.SHIPPED, months.now)
        advance(months.session, months.orders()[-1], Status.DELIVERED, months.now)
    times = [order.placed_at for order in months.orders()]
    gaps = [b - a for a, b in pairwise(times)]
    assert len(times) == 4
    assert all(timedelta(days=EVERY) <= gap < timedelta(days=32) for gap in gaps)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "UTC"])
def test_fine_names_the_day_that_was_announced(months: Months, zone: str) -> None:
    months.customer.timezone = zone
    give(months)
    months.until("mandate_announced")
    assert months.talk.say("affirm", "fine") == ["utter_mandate_fine"]
    assert months.talk.value("day") in months.last()


def test_named_day_is_the_customers(months: Months) -> None:
    months.customer.timezone = "Pacific/Auckland"
    give(months)
    months.until("mandate_announced")
    day = (months.now + timedelta(days=5)).date()
    named = Entity("date", {"date": day.isoformat(), "op": "=="})
    assert months.talk.say("give_preference", "on friday", named) == [
        "utter_mandate_moved"
    ]
    assert f"{day:%-d %B}" in months.talk.value("day")


def test_no_skips_and_the_next_comes_a_round_later(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    first = months.now
    assert months.talk.say("deny", "no") == ["utter_mandate_skipped"]
    assert months.talk.events("mandate_vetoed")[0]["product"] == FILTER
    months.wait(20)
    assert months.orders() == []
    months.until("mandate_announced")
    assert months.now - first >= timedelta(days=EVERY)


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("deny", "Skip this time"),
        ("out_of_scope", "never mind"),
        ("cancel_order", "not now, maybe later"),
    ],
)
def test_whatever_means_no_skips(months: Months, intent: str, text: str) -> None:
    give(months)
    months.until("mandate_announced")
    assert months.talk.say(intent, text) == ["utter_mandate_skipped"]
    months.wait(6, step=1)
    assert months.orders() == []


def test_skip_is_understood_after_something_else_was_talked_about(
    months: Months,
) -> None:
    give(months)
    months.until("mandate_announced")
    months.talk.say("ask_policy", "what does delivery cost")
    months.talk.say("deny", "no")
    months.talk.say("out_of_scope", "skip this time please")
    assert len(months.talk.events("mandate_vetoed")) == 1
    months.wait(10)
    assert months.orders() == []


def test_another_day_moves_the_order(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    wait = Entity("duration", {"days": 14, "every": False})
    assert months.talk.say("give_preference", "in two weeks", wait) == [
        "utter_mandate_moved"
    ]
    months.wait(12)
    assert months.orders() == []
    months.wait(4)
    assert len(months.orders()) == 1


def test_yes_leaves_it_as_it_was_announced(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    assert months.press("Fine") == ["utter_mandate_fine"]
    months.until("mandate_executed")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_price_over_the_cap_is_asked_and_never_ordered(
    months: Months, moment: str
) -> None:
    give(months)
    if moment == "after":
        months.until("mandate_announced")
    product(months).price = Decimal("40.00")
    months.until("mandate_asked")
    assert months.orders() == []
    assert "€25" in months.last()
    months.wait(20)
    assert months.orders() == []


def test_price_over_the_cap_is_ordered_after_a_yes(months: Months) -> None:
    give(months)
    product(months).price = Decimal("40.00")
    months.until("mandate_asked")
    assert months.press("Yes, this once") == ["utter_ordered"]
    assert months.executions()[0].state == State.ORDERED


def test_price_that_rose_since_it_was_announced_is_asked(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    product(months).price += 1
    months.until("mandate_asked")
    assert months.orders() == []


def test_sold_out_is_asked_with_the_nearest_thing(months: Months) -> None:
    give(months)
    product(months).stock = 0
    months.until("mandate_asked")
    assert "sold out" in months.last()
    assert months.press("Yes, that one") == ["utter_ordered"]
    assert months.executions()[0].product_id != FILTER


def test_sold_out_can_be_waited_for(months: Months) -> None:
    give(months)
    product(months).stock = 0
    months.until("mandate_asked")
    assert months.press("Wait until it's back") == ["utter_mandate_waits"]
    product(months).stock = 9
    months.until("mandate_executed")
    assert months.executions()[0].product_id == FILTER


def test_substitute_that_was_allowed_is_announced(months: Months) -> None:
    give(months, text="filters every 4 weeks, max 25, or something similar")
    product(months).stock = 0
    months.until("mandate_announced")
    assert "nearest" in months.last()
    months.until("mandate_executed")
    assert months.executions()[0].product_id != FILTER


def test_product_that_is_gone_is_asked(months: Months) -> None:
    give(months)
    product(months).active = False
    months.until("mandate_asked")
    assert "no longer" in months.last() or "any more" in months.last()


@pytest.mark.parametrize("address", [None, {"street": "1 Other Road"}])
def test_address_in_doubt_is_asked(months: Months, address: dict[str, str]) -> None:
    give(months)
    months.customer.address = address
    months.until("mandate_asked")
    assert months.orders() == []
    said = months.talk.say("share_situation", "9 Elm Row, 1013 AA Amsterdam")
    assert said == ["utter_ordered"]
    assert months.orders()[0].address["street"] == "9 Elm Row"


def test_address_changed_since_the_announcement_is_asked(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    months.customer.address = {**(months.customer.address or {}), "street": "9 Elm Row"}
    months.until("mandate_asked")
    assert months.press("Yes, there") == ["utter_ordered"]


def test_order_is_taken_back_at_one_word(months: Months) -> None:
    give(months)
    months.until("mandate_executed")
    months.wait(1)
    assert months.talk.say("deny", "take it back") == ["utter_mandate_undone"]
    assert months.orders()[0].status == "cancelled"
    assert product(months).stock == product(months).left


def test_order_that_has_left_is_not_promised_back(months: Months) -> None:
    give(months)
    months.until("mandate_executed")
    months.wait(1)
    advance(months.session, months.orders()[0], Status.SHIPPED, months.now)
    said = months.talk.say("cancel_order", "take it back")
    assert "utter_mandate_undone" not in said
    assert months.orders()[0].status == "shipped"


def test_pause_and_go_on_at_one_sentence(months: Months) -> None:
    mandate = give(months)
    months.until("mandate_announced")
    said = months.talk.say("revoke_mandate", "pause the filters")
    assert said[0] == "utter_mandate_paused"
    months.wait(40)
    assert (months.orders(), mandate.state) == ([], "paused")
    said = months.talk.say("set_mandate", "go on with it please")
    assert said == ["utter_mandate_resumed"]
    months.until("mandate_executed")


def test_change_keeps_what_is_not_said(months: Months) -> None:
    give(months)
    months.talk.say("set_mandate", "make it max 30", Entity("money", money(30)))
    assert "every 4 weeks, for €30" in months.talk.value("text")
    months.talk.say("affirm", "yes")
    query = select(Mandate).where(Mandate.state == "active")
    changed = months.session.scalars(query).one()
    assert (changed.cap, changed.every_days) == (Decimal("30.00"), EVERY)


def test_revoke_ends_what_was_announced(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    months.talk.say("revoke_mandate", "stop ordering for me")
    months.wait(60)
    assert months.orders() == []


def test_stop_stops_orders_that_could_not_be_announced(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    assert months.talk.say("stop_messages", "STOP") == [
        "utter_stopped",
        "utter_mandate_paused",
    ]
    before = len(months.written())
    months.wait(60)
    assert months.orders() == []
    assert len(months.written()) == before
    assert months.talk.say("set_mandate", "go on with it") == ["utter_confirm_mandate"]
    months.talk.say("affirm", "yes")
    months.until("mandate_executed")


def test_no_order_while_a_person_has_the_conversation(months: Months) -> None:
    give(months)
    months.until("mandate_announced")
    ownership.request(
        months.session, months.talk.conversation_id, by="c", why="asked", at=months.now
    )
    months.wait(5)
    assert months.orders() == []
    ownership.withdraw(
        months.session, months.talk.conversation_id, by="c", why="back", at=months.now
    )
    months.wait(1)
    assert len(months.orders()) == 1


def test_whenever_due_follows_what_is_foreseen(months: Months) -> None:
    text = "send me filters whenever it's due"
    months.talk.say("set_mandate", text, Entity("product", FILTER))
    assert "whenever it's due" in months.talk.value("text")
    months.talk.say("affirm", "yes")
    for _ in range(2):
        months.until("mandate_executed")
    first, second = months.orders()
    lasts = product(months).uses_up_days or 0
    assert abs((second.placed_at - first.placed_at).days - lasts) < lasts / 3


def test_notice_is_as_long_as_wanted(months: Months) -> None:
    ahead = Entity("duration", {"days": 7, "every": False}, 60, 70)
    give(months, ahead, text="filters every 4 weeks, tell me 7 days ahead")
    months.until("mandate_announced")
    announced = months.now
    months.until("mandate_executed")
    assert months.now - announced >= timedelta(days=7)


def test_words_agreed_to_are_in_the_ledger(months: Months) -> None:
    give(months)
    (row,) = months.session.scalars(select(Consent))
    assert "a no skips it" in row.text
    assert "€25" in row.text
