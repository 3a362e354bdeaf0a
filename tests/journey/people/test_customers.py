from sqlalchemy.orm import Session

from journey.people.customers import (
    add_identity,
    find_by_name,
    find_customer,
    is_verified,
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


def test_find_by_name_takes_id_identity_or_name(session: Session) -> None:
    given = {"verified": True, "now": NOW, "name": "Ada"}
    customer = meet_customer(session, "website", "u1", **given)
    wanted = [customer.id, "u1", "Ada"]
    assert [find_by_name(session, name) for name in wanted] == [[customer]] * 3
