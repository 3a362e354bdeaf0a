"""What goes out, when, and never twice."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from journey.messages import inbox
from journey.owner import ownership
from journey.owner.ownership import Owner
from journey.people.consent import Purpose
from journey.proactive.follow import note_answer
from journey.proactive.send import FAILURES, heard_of
from journey.proactive.templates import Template
from journey.proactive.wishes import keep_wish
from journey.store.tables import (
    Conversation,
    Customer,
    Event,
    LearnedContact,
    Outbox,
    Pending,
    Proactive,
)
from journey.turn import Turn
from tests.factories import NOW
from tests.journey.proactive.writing import Office


def conversation_of(office: Office, customer: Customer) -> Conversation:
    query = select(Conversation).where(Conversation.customer_id == customer.id)
    return office.session.scalars(query).one()


def test_message_goes_out_once(office: Office) -> None:
    row = office.plan(office.customer(), name="Ada")
    office.work()
    office.work(hours=1)
    (message,) = office.sent()
    assert (message.text, message.author) == ("Hello, Ada.", "coach")
    assert message.content["buttons"][0]["title"] == "Yes"
    assert (row.state, row.channel, row.hour) == ("sent", "telegram", 10)


def test_plan_twice_is_planned_once(office: Office) -> None:
    customer = office.customer()
    assert office.plan(customer).id == office.plan(customer).id


def test_message_without_a_reason_is_dropped(office: Office) -> None:
    row = office.plan(office.customer(), gone=True)
    office.work()
    assert (row.state, row.why) == ("dropped", "no reason any more")
    assert office.sent() == []


def test_message_without_consent_is_dropped(office: Office) -> None:
    customer = office.customer()
    row = office.plan(customer)
    office.decide(customer, Purpose.CHECK_IN, False)
    office.work()
    assert (row.state, office.sent()) == ("dropped", [])


@pytest.mark.parametrize("purpose", [Purpose.CHECK_IN, Purpose.PROACTIVE])
def test_consent_that_ends_takes_back_what_is_in_the_outbox(
    office: Office, purpose: Purpose
) -> None:
    customer = office.customer()
    row = office.plan(customer)
    office.sending.run(office.session, now=office.now, random=office.random)
    assert row.state == "out"
    office.decide(customer, purpose, False)
    office.work()
    assert office.sent() == []
    assert office.session.scalars(select(Outbox.failure)).one() == "consent withdrawn"


def test_consent_to_news_that_ends_leaves_a_check_in(office: Office) -> None:
    customer = office.customer()
    office.plan(customer)
    office.decide(customer, Purpose.PROMISE_NEWS, False)
    office.work()
    assert len(office.sent()) == 1


def test_message_waits_for_the_end_of_quiet_hours(office: Office) -> None:
    office.now = datetime(2026, 11, 23, 22, tzinfo=ZoneInfo("Europe/Berlin"))
    row = office.plan(office.customer())
    office.work()
    assert (row.state, row.why) == ("planned", "quiet hours")
    office.work(hours=10)
    assert [x.created_at for x in office.sent()] == [office.now]


def test_message_waits_in_the_outbox_no_longer_than_it_may(office: Office) -> None:
    office.now = datetime(2026, 11, 23, 20, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    row = office.plan(office.customer())
    office.sending.run(office.session, now=office.now, random=office.random)
    office.work(minutes=31)
    assert office.sent() == []
    office.work(hours=1)
    assert (row.state, row.why) == ("planned", "quiet hours")
    office.work(hours=10)
    assert len(office.sent()) == 1


@pytest.mark.parametrize("owner", [Owner.REQUESTED, Owner.HUMAN, Owner.RETURNING])
def test_message_waits_while_a_person_has_any_conversation(
    office: Office, owner: Owner
) -> None:
    customer = office.customer()
    row = office.plan(customer)
    office.conversation(customer, "whatsapp").owner = owner
    office.work()
    assert (row.state, row.why) == ("planned", "a person has the conversation")


def test_message_that_a_takeover_met_is_sent_when_it_is_over(office: Office) -> None:
    customer = office.customer()
    row = office.plan(customer)
    office.sending.run(office.session, now=office.now, random=office.random)
    conversation = conversation_of(office, customer)
    ownership.request(
        office.session, conversation.id, by="agent", why="asked", at=office.now
    )
    office.work()
    assert (row.state, office.sent()) == ("planned", [])
    ownership.withdraw(
        office.session, conversation.id, by="customer", why="back", at=office.now
    )
    office.work(hours=1)
    assert [x.text for x in office.sent()] == ["Hello, you."]


def test_message_waits_until_nobody_talks(office: Office) -> None:
    customer = office.customer()
    row = office.plan(customer)
    conversation = conversation_of(office, customer)
    conversation.active_at = office.now - timedelta(minutes=5)
    office.work()
    assert (row.state, row.why) == ("planned", "a conversation is running")
    office.work(minutes=15)
    assert len(office.sent()) == 1


def test_message_waits_for_an_answer_that_we_owe(office: Office) -> None:
    customer = office.customer()
    row = office.plan(customer)
    inbox.accept(
        office.session,
        conversation_of(office, customer),
        provider_id="1",
        text="hello?",
        now=office.now - timedelta(hours=2),
    )
    office.work()
    assert (row.state, row.why) == ("planned", "the customer waits for an answer")


@pytest.mark.parametrize(("wanted", "got"), [(None, 2), (1, 1), (3, 3), (0, 0)])
def test_customer_gets_no_more_a_week_than_wanted(
    office: Office, wanted: int | None, got: int
) -> None:
    customer = office.customer()
    if wanted is not None:
        keep_wish(
            office.session, customer.id, said="x", now=office.now, per_week=wanted
        )
    for number in range(5):
        office.plan(customer, once=str(number))
    for _ in range(13):
        office.work(hours=12)
    assert len(office.sent()) == got


def test_number_counts_any_seven_days_not_a_week_of_the_calendar(
    office: Office,
) -> None:
    customer = office.customer()
    for number in range(4):
        office.plan(customer, once=str(number))
    for _ in range(18):
        office.work(hours=12)
    times = [message.created_at for message in office.sent()]
    assert len(times) == 4
    assert times[2] - times[0] >= timedelta(days=7)


@pytest.mark.parametrize("hours", [23, 25])
def test_message_keeps_to_the_window_of_a_channel(office: Office, hours: int) -> None:
    customer = office.customer("messenger")
    conversation = conversation_of(office, customer)
    said_at = office.now - timedelta(hours=hours)
    inbox.accept(office.session, conversation, provider_id="1", text="hi", now=said_at)
    for work in inbox.claim(office.session, "w", now=said_at, limit=9):
        inbox.close(office.session, work, "w", inbox.State.DONE)
    row = office.plan(customer)
    office.work()
    assert len(office.sent()) - 1 == (1 if hours < 24 else 0)
    assert row.why == (None if hours < 24 else "no channel is open")


def test_channel_that_the_customer_wants_is_the_only_one(office: Office) -> None:
    customer = office.customer()
    office.conversation(customer, "email")
    keep_wish(office.session, customer.id, said="x", now=NOW, channel="email")
    office.plan(customer)
    office.work()
    assert office.session.scalars(select(Proactive.channel)).one() == "email"


def test_message_too_late_to_be_of_use_is_dropped(office: Office) -> None:
    row = office.plan(office.customer())
    office.work(days=11)
    assert (row.state, row.why) == ("dropped", "too late")


def test_message_that_fails_holds_up_no_other(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    broken = office.plan(office.customer(), broken=True)
    office.plan(office.customer())
    office.work()
    assert len(office.sent()) == 1
    assert f"the message {broken.id} (check_in) failed" in caplog.text
    for _ in range(2 * FAILURES):
        office.work(hours=6)
    assert (broken.state, broken.failures) == ("dropped", FAILURES)


def test_hour_is_chosen_and_then_kept(office: Office) -> None:
    row = office.plan(office.customer())
    row.timed = False
    for _ in range(30):
        office.work(hours=1)
    assert (row.state, row.timed) == ("sent", True)


def test_answer_is_noted_and_learned(office: Office) -> None:
    customer = office.customer()
    row = office.plan(customer)
    office.work()
    conversation = conversation_of(office, customer)
    waiting = office.session.get_one(Pending, conversation.id)
    heard = heard_of(row, conversation, office.now)
    turn = Turn(office.session, heard, office.knowledge, office.random, office.shop)
    note_answer(turn, waiting)
    note_answer(turn, waiting)
    (learned,) = office.session.scalars(select(LearnedContact))
    assert (learned.channel, learned.hour) == ("telegram", 10)
    assert (learned.sent, learned.answered) == (1, 1)
    kinds = office.session.scalars(select(Event.kind).order_by(Event.number)).all()
    assert [kind for kind in kinds if kind.startswith("proactive")] == [
        "proactive_sent",
        "proactive_answered",
    ]


def old_whatsapp(office: Office, **templates: Template) -> Proactive:
    """Plan a message for who wrote on WhatsApp two days ago, and work."""
    knowledge = replace(office.knowledge, templates=templates)
    office.sending = replace(office.sending, knowledge=knowledge)
    row = office.plan(office.customer("whatsapp"), name="Ada")
    office.work()
    return row


def test_message_goes_out_as_its_template_when_the_window_is_closed(
    office: Office,
) -> None:
    old_whatsapp(
        office, check_in=Template(name="how_was_it", language="en", values=("name",))
    )
    (message,) = office.sent()
    approved = {"name": "how_was_it", "language": "en", "values": ["Ada"]}
    assert message.content["template"] == approved


def test_message_without_a_template_waits_and_is_given_up_with_the_reason(
    office: Office,
) -> None:
    row = old_whatsapp(office)
    assert (row.state, row.why) == ("planned", "no channel is open")
    office.work(days=11)
    assert (row.state, row.why) == ("dropped", "too late: no channel is open")
    (event,) = office.session.scalars(
        select(Event).where(Event.kind == "proactive_dropped")
    )
    assert event.payload["why"] == "too late: no channel is open"
    assert office.sent() == []


def test_message_is_sent_as_it_is_while_the_window_is_open(office: Office) -> None:
    customer = office.customer("whatsapp")
    conversation = conversation_of(office, customer)
    said_at = office.now - timedelta(hours=5)
    inbox.accept(office.session, conversation, provider_id="1", text="hi", now=said_at)
    for work in inbox.claim(office.session, "w", now=said_at, limit=9):
        inbox.close(office.session, work, "w", inbox.State.DONE)
    office.plan(customer)
    office.work()
    assert [x.text for x in office.sent()][1:] == ["Hello, you."]


def test_template_that_lacks_a_value_fails_with_its_name(office: Office) -> None:
    row = old_whatsapp(
        office, check_in=Template(name="x", language="en", values=("colour",))
    )
    assert (row.failures, row.why) == (1, "KeyError('colour')")
