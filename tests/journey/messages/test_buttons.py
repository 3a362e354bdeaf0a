import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.messages import buttons
from journey.messages.buttons import LIFETIME, UnknownButton
from journey.store.tables import ButtonToken
from tests.journey.talk import NOW, talk


def issue(session: Session) -> str:
    talk(session)
    return buttons.issue(session, "c1", title="Yes", payload="/affirm", now=NOW)


def test_redeem_returns_payload_again_and_again(session: Session) -> None:
    token = issue(session)
    for _ in range(2):
        button = buttons.redeem(session, "c1", token, now=NOW)
        assert (button.title, button.payload) == ("Yes", "/affirm")


def test_token_says_nothing(session: Session) -> None:
    assert "affirm" not in issue(session)


def test_redeem_refuses_other_conversation(session: Session) -> None:
    token = issue(session)
    with pytest.raises(UnknownButton):
        buttons.redeem(session, "c2", token, now=NOW)


def test_redeem_refuses_invented_token(session: Session) -> None:
    with pytest.raises(UnknownButton):
        buttons.redeem(session, "c1", "/restart", now=NOW)


def test_redeem_refuses_expired_token(session: Session) -> None:
    token = issue(session)
    with pytest.raises(UnknownButton):
        buttons.redeem(session, "c1", token, now=NOW + LIFETIME)


def test_drop_expired_keeps_the_others(session: Session) -> None:
    issue(session)
    buttons.drop_expired(session, now=NOW)
    assert len(session.scalars(select(ButtonToken)).all()) == 1
    buttons.drop_expired(session, now=NOW + LIFETIME)
    assert session.scalars(select(ButtonToken)).all() == []
