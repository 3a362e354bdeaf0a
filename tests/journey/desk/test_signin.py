from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import signin
from journey.store.tables import AgentSession, SignInTry
from tests.factories import NOW, make_agent

HOME = "192.0.2.7"


def fail(session: Session, times: int, name: str = "ana", address: str = HOME) -> None:
    for _ in range(times):
        signin.attempt(session, name, address, NOW)


def test_fifth_failure_locks_name_at_address(session: Session) -> None:
    fail(session, 5)
    with pytest.raises(signin.LockedOut) as locked:
        signin.attempt(session, " ANA ", HOME, NOW + timedelta(minutes=14))
    assert locked.value.until == NOW + signin.WINDOW


def test_lock_ends(session: Session) -> None:
    fail(session, 5)
    assert signin.attempt(session, "ana", HOME, NOW + signin.WINDOW)


def test_lock_keeps_nobody_out_elsewhere(session: Session) -> None:
    fail(session, 5)
    assert signin.attempt(session, "ana", "198.51.100.1", NOW)
    assert signin.attempt(session, "bo", HOME, NOW)


def test_unknown_name_locks_like_a_known_one(session: Session) -> None:
    fail(session, 5, "nobody")
    with pytest.raises(signin.LockedOut):
        signin.attempt(session, "nobody", HOME, NOW)


def test_many_addresses_lock_the_name(session: Session) -> None:
    for number in range(signin.NAME):
        fail(session, 1, address=f"192.0.2.{number}")
    with pytest.raises(signin.LockedOut):
        signin.attempt(session, "ana", "198.51.100.1", NOW)


def test_many_names_lock_the_address(session: Session) -> None:
    for number in range(signin.ADDRESS):
        fail(session, 1, name=f"name {number}")
    with pytest.raises(signin.LockedOut):
        signin.attempt(session, "ana", HOME, NOW)


def test_success_forgives_and_keeps_the_record(session: Session) -> None:
    fail(session, 4)
    signin.succeed(session, signin.attempt(session, "ana", HOME, NOW))
    fail(session, 5)
    states = session.scalars(select(SignInTry.state)).all()
    assert (states.count("forgiven"), states.count("passed")) == (4, 1)


def test_session_is_found_by_its_secret_only(session: Session) -> None:
    agent = make_agent(session)
    secret = signin.open_session(session, agent, HOME, NOW)
    assert signin.signed_in(session, secret, NOW) is agent
    stored = session.scalars(select(AgentSession.id)).one()
    assert signin.signed_in(session, stored, NOW) is None


def test_session_ends(session: Session) -> None:
    secret = signin.open_session(session, make_agent(session), HOME, NOW)
    assert signin.signed_in(session, secret, NOW + signin.LASTS) is None


def test_signing_out_ends_one_session(session: Session) -> None:
    agent = make_agent(session)
    here, there = (signin.open_session(session, agent, HOME, NOW) for _ in range(2))
    signin.close_session(session, here, NOW)
    assert signin.signed_in(session, here, NOW) is None
    assert signin.signed_in(session, there, NOW) is agent
