from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from journey.people.consent import Purpose, has_consent, ledger, record_consent
from tests.factories import NOW, make_customer


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
