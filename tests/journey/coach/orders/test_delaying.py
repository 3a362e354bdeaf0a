"""The customer hears of a delay before it happens, written or at the next visit."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from journey.orders.deliveries import note_payment, settle_delivery
from journey.orders.orders import Status, advance
from journey.people.consent import Purpose
from journey.promises.promises import make_promise
from journey.promises.watch import PromiseWatch
from journey.store.tables import Proactive, Promise
from tests.journey.coach.months import Months
from tests.journey.coach.shopping import order
from tests.journey.talking import Talk

COFFEE = "coffee-sol-medium"


class Watched(Months):
    """A customer who ordered, and agreed to news or did not."""

    def order(self, agreed: bool) -> None:
        self.placed = order(self.talk, COFFEE)
        assert self.talk.said[-1].response == "utter_may_promise_news"
        self.talk.say("affirm" if agreed else "deny", "yes" if agreed else "no")

    @property
    def promise(self) -> Promise:
        return self.session.query(Promise).filter_by(kind="delivery").one()

    def work(self) -> None:
        watch = PromiseWatch(self.talk.knowledge)
        watch.run(self.session, now=self.now, random=self.random)
        super().work()


@pytest.fixture
def watched(shop: Talk) -> Watched:
    return Watched(shop)


@pytest.mark.parametrize("agreed", [True, False])
def test_day_that_a_late_payment_moved_is_told(watched: Watched, agreed: bool) -> None:
    watched.order(agreed=agreed)
    watched.placed.pay_url = "https://pay.example"
    watched.session.delete(watched.promise)
    watched.talk.wait(days=3)
    workdays = watched.talk.knowledge.policies.delivery.workdays
    note_payment(watched.session, watched.placed, workdays, watched.now)
    watched.wait(1)
    told = [
        m.text for m in watched.written() if "paid" in m.text or "payment" in m.text
    ]
    assert len(told) == agreed
    assert all(f"{watched.placed.deliver_by:%-d %B}" in text for text in told)


def test_delay_is_told_before_the_promise_breaks(watched: Watched) -> None:
    watched.order(agreed=True)
    promised = watched.promise.due_at
    watched.until("promise_delayed", 10)
    assert watched.now < promised
    assert "sorry" in watched.last()
    assert f"rder {watched.placed.number}" in watched.last()
    assert watched.promise.due_at > promised == watched.promise.first_due_at
    assert watched.placed.deliver_by == watched.promise.due_at


def test_delay_is_told_once_and_news_when_it_leaves(watched: Watched) -> None:
    watched.order(agreed=True)
    watched.until("promise_delayed", 10)
    before = len(watched.written())
    advance(watched.session, watched.placed, Status.SHIPPED, watched.now)
    watched.wait(1)
    assert len(watched.written()) == before + 1
    assert "way" in watched.last() or "left" in watched.last()


def test_order_can_be_cancelled_from_the_message(watched: Watched) -> None:
    watched.order(agreed=True)
    watched.until("promise_delayed", 10)
    assert watched.press("Cancel it") == ["utter_confirm_cancel"]


def test_parcel_that_left_in_time_is_no_news(watched: Watched) -> None:
    watched.order(agreed=True)
    advance(watched.session, watched.placed, Status.SHIPPED, watched.now)
    watched.wait(1)
    assert watched.talk.events("promise_delayed") == []


def test_late_is_known_though_a_new_day_was_promised(watched: Watched) -> None:
    watched.order(agreed=True)
    watched.until("promise_delayed", 10)
    watched.wait(2)
    for status in (Status.SHIPPED, Status.DELIVERED):
        advance(watched.session, watched.placed, status, watched.now)
    settle_delivery(watched.session, watched.placed, watched.now)
    assert watched.promise.state == "late"


def test_without_consent_it_is_said_at_the_next_visit(watched: Watched) -> None:
    watched.order(agreed=False)
    written = len(watched.written())
    watched.wait(4)
    assert len(watched.written()) == written
    dropped = watched.session.query(Proactive).filter_by(kind="promise_late")
    assert {row.why for row in dropped} == {"no consent"}
    said = watched.talk.say("ask_policy", "what does delivery cost")
    assert said[0] == "utter_late_not_left"
    assert watched.talk.say("ask_policy", "and returns?") != said


def test_promise_that_nobody_kept_is_broken(watched: Watched) -> None:
    promise = make_promise(
        watched.session,
        "call_back",
        customer_id=watched.customer.id,
        due_at=watched.now + timedelta(days=1),
        now=watched.now,
        keeper="maria",
    )
    watched.wait(5)
    assert promise.state == "broken"
    assert watched.talk.events("promise_broken")[0]["of"] == "call_back"


def test_call_back_is_said_to_be_later_half_an_hour_before(watched: Watched) -> None:
    watched.order(agreed=True)
    due = datetime(2026, 3, 3, 14, tzinfo=UTC)
    make_promise(
        watched.session,
        "call_back",
        customer_id=watched.customer.id,
        due_at=due,
        now=watched.now,
        keeper="maria",
    )
    watch = PromiseWatch(watched.talk.knowledge)
    for minutes in (-60, -20):
        watched.talk.at = due + timedelta(minutes=minutes)
        watch.run(watched.session, now=watched.now, random=Random(1))
        rows = watched.session.query(Proactive).filter_by(kind="promise_late").count()
        assert rows == (0 if minutes == -60 else 1)
    watched.work()
    assert "Our call" in watched.last()
    assert "sorry" in watched.last()


def test_stop_ends_news_too(watched: Watched) -> None:
    watched.order(agreed=True)
    watched.talk.say("stop_messages", "STOP")
    before = len(watched.written())
    watched.wait(5)
    assert len(watched.written()) == before
    assert Purpose.PROMISE_NEWS


def test_order_that_never_leaves_is_put_off_further_each_time_and_broken(
    watched: Watched,
) -> None:
    watched.order(agreed=True)
    days = [watched.promise.due_at]
    for _ in range(30):
        watched.wait(1)
        if watched.promise.due_at != days[-1]:
            days.append(watched.promise.due_at)
    steps = [later - before for before, later in pairwise(days)]
    assert 1 < len(steps) <= 4
    assert steps == sorted(steps)
    assert watched.promise.state == "broken"
    assert watched.talk.say("track_order", "where is it?") == ["utter_order_late"]
