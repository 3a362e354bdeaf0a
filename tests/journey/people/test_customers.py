import pytest
from sqlalchemy.orm import Session

from journey.people.customers import (
    add_identity,
    customers_at,
    find_by_name,
    find_customer,
    is_verified,
    known_as,
    meet_customer,
)
from tests.factories import NOW


def test_meet_customer_twice_is_one_customer(session: Session) -> None:
    first = meet_customer(session, "website", "u1", verified=False, now=NOW)
    again = meet_customer(session, "website", "u1", verified=False, now=NOW)
    assert again is first


def test_find_customer_on_another_channel_is_nobody(session: Session) -> None:
    meet_customer(session, "website", "u1", verified=False, now=NOW)
    assert find_customer(session, "telegram", "u1") is None


def test_is_verified_by_any_identity(session: Session) -> None:
    customer = meet_customer(session, "website", "u1", verified=False, now=NOW)
    assert not is_verified(session, customer.id)
    add_identity(session, customer, "website", "account-7", True, NOW)
    assert is_verified(session, customer.id)


@pytest.mark.parametrize(
    ("channel", "same"), [("sms", True), ("telegram", True), ("email", False)]
)
def test_thread_where_anybody_can_write_is_of_a_customer_of_its_own(
    session: Session, channel: str, same: bool
) -> None:
    one, other = (
        meet_customer(session, channel, known, verified=False, now=NOW)
        for known in (known_as(channel, "ada", key * 64) for key in "ab")
    )
    assert (one is other) is same
    assert customers_at(session, channel, "ada") == {one.id, other.id}
    assert set(find_by_name(session, "ada")) == {one, other}
    assert customers_at(session, channel, "ad") == set()


def test_find_by_name_takes_id_identity_or_name(session: Session) -> None:
    given = {"verified": True, "now": NOW, "name": "Ada"}
    customer = meet_customer(session, "website", "u1", **given)
    wanted = [customer.id, "u1", "Ada"]
    assert [find_by_name(session, name) for name in wanted] == [[customer]] * 3
