from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from journey.people.consent import (
    Purpose,
    agreed,
    has_consent,
    ledger,
    record_consent,
    start_writing,
    stop_writing,
)
from tests.factories import NOW, make_customer

HOUR = timedelta(hours=1)
GIVEN = Purpose.CHECK_IN, Purpose.DUE_AGAIN, Purpose.MANDATE


def decide(session: Session, customer: str, granted: bool, at: datetime) -> None:
    record_consent(
        session,
        customer,
        Purpose.PROACTIVE,
        granted,
        text="May I write to you when it is due?",
        source="chat",
        now=at,
    )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.booleans(), max_size=6), st.integers(0, 6))
def test_consent_at_an_instant_is_the_last_decision_before(
    session: Session, decisions: list[bool], hours: int
) -> None:
    customer = make_customer(session).id
    for number, granted in enumerate(decisions):
        decide(session, customer, granted, NOW + timedelta(hours=number))
    at = NOW + timedelta(hours=hours)
    before = decisions[: hours + 1]
    stood = has_consent(session, customer, Purpose.PROACTIVE, at)
    assert stood is (before[-1] if before else False)
    assert [row.granted for row in ledger(session, customer)] == decisions


@pytest.mark.parametrize("unsaid", [True, False])
def test_consent_without_a_decision_is_what_the_caller_says(
    session: Session, unsaid: bool
) -> None:
    customer = make_customer(session).id
    given = has_consent(session, customer, Purpose.LEARNING, NOW, unsaid=unsaid)
    assert given is unsaid


def test_consent_for_one_purpose_is_none_for_another(session: Session) -> None:
    customer = make_customer(session).id
    decide(session, customer, True, NOW)
    assert not has_consent(session, customer, Purpose.MANDATE, NOW)


def agree_then_stop(session: Session) -> str:
    customer = make_customer(session).id
    for purpose in GIVEN:
        text = f"May I write about {purpose}?"
        record_consent(
            session, customer, purpose, True, text=text, source="chat", now=NOW
        )
    stop_writing(session, customer, "stop", source="chat", now=NOW + HOUR)
    return customer


def test_stop_ends_every_purpose_and_keeps_the_word(session: Session) -> None:
    customer = agree_then_stop(session)
    assert agreed(session, customer, NOW + HOUR) == []
    assert ledger(session, customer)[-1].text == "stop"


def test_start_agrees_to_what_was_agreed_to_before_but_to_no_order(
    session: Session,
) -> None:
    customer = agree_then_stop(session)
    later = NOW + 2 * HOUR
    start_writing(session, customer, source="message", now=later)
    assert agreed(session, customer, later) == [Purpose.CHECK_IN, Purpose.DUE_AGAIN]
    last = ledger(session, customer)[-1]
    assert (last.text, last.source) == ("May I write about due_again?", "message")


def test_start_agrees_to_nothing_that_was_refused(session: Session) -> None:
    customer = make_customer(session).id
    for granted in (True, False):
        record_consent(
            session,
            customer,
            Purpose.CHECK_IN,
            granted,
            text="May I?",
            source="chat",
            now=NOW,
        )
    stop_writing(session, customer, "stop", source="chat", now=NOW + HOUR)
    later = NOW + 2 * HOUR
    assert start_writing(session, customer, source="message", now=later) == []
    assert agreed(session, customer, later) == []


def test_start_without_a_stop_is_nothing(session: Session) -> None:
    customer = agree_then_stop(session)
    later = NOW + 2 * HOUR
    start_writing(session, customer, source="message", now=later)
    assert start_writing(session, customer, source="again", now=later) is None
    stranger = make_customer(session).id
    assert start_writing(session, stranger, source="message", now=later) is None
