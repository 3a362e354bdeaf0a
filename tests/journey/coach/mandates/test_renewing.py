"""Reminded of what is due, a mandate offered when the day is sure, never pushed."""

from datetime import timedelta

import pytest

from journey.foresight.looking_ahead import LookingAhead
from journey.orders.deliveries import settle_delivery
from journey.people.consent import Purpose, has_consent
from journey.store.tables import Fact, Foreseen, Proactive
from journey.turn import Entity
from tests.journey.coach.months import Months
from tests.journey.coach.shopping import deliver, order
from tests.journey.talking import Talk

COFFEE = "coffee-sol-medium"


@pytest.fixture
def months(shop: Talk) -> Months:
    return Months(shop)


def buys(months: Months, *gaps: int) -> list[str]:
    """Let the customer order coffee, again after so many days; return what came."""
    for gap in (0, *gaps):
        months.talk.wait(days=gap)
        buy(months.talk)
        said = [move.response for move in months.talk.said]
        if said[-1].startswith("utter_may") or said[-1] == "utter_offer_mandate":
            last = said
            months.talk.say("deny", "no")
        else:
            last = said
    return last


def buy(talk: Talk) -> None:
    """Order coffee, which arrives in time."""
    placed = order(talk, COFFEE)
    deliver(talk, placed)
    settle_delivery(talk.session, placed, talk.at)


def look(months: Months) -> None:
    ahead = LookingAhead(months.talk.knowledge)
    ahead.list_pairs(months.session, now=months.now, random=months.random)
    ahead.look(months.session, now=months.now, random=months.random)


def test_news_are_asked_for_after_the_first_order(shop: Talk) -> None:
    order(shop, COFFEE)
    assert [m.response for m in shop.said] == [
        "utter_ordered",
        "utter_may_promise_news",
    ]
    text = shop.value("consent")
    assert shop.say("affirm", "yes") == ["utter_consent_given"]
    assert has_consent(shop.session, "customer", Purpose.PROMISE_NEWS, shop.at)
    assert shop.events("consent_given") == [{"purpose": "promise_news"}]
    assert "STOP" in text


def test_question_for_consent_is_not_put_twice(months: Months) -> None:
    buys(months)
    assert months.talk.events("consent_declined") == [{"purpose": "promise_news"}]
    buy(months.talk)
    assert [m.response for m in months.talk.said] == ["utter_ordered"]


def test_question_for_consent_that_is_passed_over_is_no_yes(shop: Talk) -> None:
    order(shop, COFFEE)
    shop.say("ask_policy", "what does delivery cost")
    shop.say("affirm", "yes")
    assert not has_consent(shop.session, "customer", Purpose.PROMISE_NEWS, shop.at)


def test_nobody_is_asked_again_after_stop(shop: Talk) -> None:
    shop.say("stop_messages", "STOP")
    order(shop, COFFEE)
    assert [m.response for m in shop.said] == ["utter_ordered"]


def test_reminder_is_asked_for_at_the_second_purchase(months: Months) -> None:
    assert buys(months, 25) == ["utter_ordered", "utter_may_due_again"]


def test_mandate_is_offered_when_the_day_is_sure(months: Months) -> None:
    last = buys(months, 25, 25, 26, 25)
    assert "mandate_offered" in months.talk.kinds()
    assert len(months.talk.events("mandate_offered")) == 1
    assert "utter_offer_mandate" not in last


def test_mandate_is_read_before_it_is_agreed_to(months: Months) -> None:
    for gap in (0, 25, 25, 25):
        months.talk.wait(days=gap)
        buy(months.talk)
        if months.talk.said[-1].response == "utter_offer_mandate":
            break
        months.talk.say("deny", "no")
    assert "about every" in months.talk.value("reason")
    assert months.talk.press("Yes, show me") == ["utter_confirm_mandate"]
    assert "whenever it's due" in months.talk.value("text")


def test_due_again_is_written_with_its_reason_and_ordered_at_a_yes(
    months: Months,
) -> None:
    buys(months)
    months.talk.wait(days=15)
    buy(months.talk)
    if months.talk.said[-1].response == "utter_may_due_again":
        months.talk.say("affirm", "yes")
    months.talk.wait(days=2)
    for _ in range(60):
        months.wait(1, step=0.5)
        look(months)
        if months.session.query(Proactive).filter_by(state="sent").count():
            break
    assert "about every 2 weeks so far" in months.last() or "15 days" in months.last()
    assert months.press("Yes, order it") == ["utter_confirm_order"]


def test_not_yet_teaches_and_asks_later(months: Months) -> None:
    test_due_again_is_written_with_its_reason_and_ordered_at_a_yes(months)
    months.talk.say("deny", "no")
    before = months.session.query(Foreseen).one().day
    assert before is not None


def test_who_comes_back_hears_what_is_due(months: Months) -> None:
    buys(months, 20, 20)
    months.talk.wait(days=20)
    said = months.talk.say("greet", "hi")
    assert said == ["utter_welcome_back", "utter_due_again"]
    assert months.talk.press("Not yet") == ["utter_not_due_yet"]
    assert months.talk.events("mandate_vetoed") == [{"product": COFFEE}]


def test_nothing_is_planned_without_consent(months: Months) -> None:
    buys(months, 25)
    months.talk.wait(days=30)
    look(months)
    assert months.session.query(Foreseen).one().chance is not None
    assert months.session.query(Proactive).count() == 0


def test_how_much_is_used_is_heard_and_kept(shop: Talk) -> None:
    said = shop.say("share_situation", "we drink two cups a day")
    assert said == ["utter_use_noted"]
    fact = shop.session.query(Fact).one()
    assert (fact.about, fact.value) == ("coffee_use", "2 cups a day")


def test_how_much_is_used_does_not_stop_a_need(shop: Talk) -> None:
    text = "we drink two cups a day at home and it tastes awful"
    need = Entity("need", "better_coffee_at_home", 0, len(text), 0.9)
    assert "utter_use_noted" not in shop.say("share_situation", text, need)
    assert shop.session.query(Fact).filter_by(about="coffee_use").count() == 1


def test_look_is_never_more_than_a_week_away(months: Months) -> None:
    buys(months)
    look(months)
    row = months.session.query(Foreseen).one()
    assert row.look_at is not None
    assert row.look_at <= months.now + timedelta(days=7)
