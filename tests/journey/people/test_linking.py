from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.people import linking
from tests.factories import NOW, make_customer


def test_code_is_good_once(session: Session) -> None:
    customer = make_customer(session)
    code = linking.issue(session, customer.id, now=NOW)
    assert linking.redeem(session, code, now=NOW) == customer.id
    assert linking.redeem(session, code, now=NOW) is None


def test_code_is_good_for_a_quarter_of_an_hour(session: Session) -> None:
    code = linking.issue(session, make_customer(session).id, now=NOW)
    assert linking.redeem(session, code, now=NOW + linking.LIFETIME) is None


@pytest.mark.parametrize("text", ["LINK-", "LINK-ABC", "my LINK-ABCDEFGHJKMN", ""])
def test_other_words_are_no_code(text: str) -> None:
    assert linking.code_in(text) is None


def test_typed_code_is_known_in_any_case(session: Session) -> None:
    later = NOW + timedelta(minutes=1)
    code = linking.issue(session, make_customer(session).id, now=NOW)
    typed = linking.code_in(f" {code.lower()} ")
    assert typed and linking.redeem(session, typed, now=later)
