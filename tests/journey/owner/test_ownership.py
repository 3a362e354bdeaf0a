import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.owner import ownership
from journey.owner.ownership import ALLOWED, Owner, WrongMove
from journey.store.tables import Conversation, Event, Handoff
from tests.journey.talk import NOW, talk


def owned(session: Session, owner: Owner) -> Conversation:
    conversation = talk(session)
    conversation.owner = owner
    session.flush()
    return conversation


def go(session: Session, to: Owner, message_id: str | None = None) -> Conversation:
    return ownership.move(
        session, "c1", to, by="test", why="a test", at=NOW, message_id=message_id
    )


@pytest.mark.parametrize(
    ("start", "to"), [(start, to) for start in Owner for to in sorted(ALLOWED[start])]
)
def test_move_raises_version(session: Session, start: Owner, to: Owner) -> None:
    owned(session, start)
    moved = go(session, to)
    assert (moved.owner, moved.owner_version) == (to, 2)


@pytest.mark.parametrize(
    ("start", "to"),
    [(start, to) for start in Owner for to in Owner if to not in ALLOWED[start]],
)
def test_move_refuses_what_table_does_not_allow(
    session: Session, start: Owner, to: Owner
) -> None:
    owned(session, start)
    with pytest.raises(WrongMove, match=f"not to {to}"):
        go(session, to)


def test_move_is_logged(session: Session) -> None:
    talk(session)
    go(session, Owner.REQUESTED, "m1")
    event = session.scalars(select(Event)).one()
    assert (event.kind, event.decided_by, event.message_id) == (
        "owner_moved",
        "test",
        "m1",
    )
    assert event.payload == {
        "from": "bot",
        "to": "requested",
        "why": "a test",
        "version": 2,
    }


def test_request_opens_one_handoff(session: Session) -> None:
    talk(session)
    asked = [
        ownership.request(session, "c1", by="customer", why="asked", at=NOW)
        for _ in range(2)
    ]
    assert asked == [True, False]
    assert session.scalars(select(Handoff.state)).all() == ["requested"]


def test_withdraw_closes_handoff(session: Session) -> None:
    talk(session)
    ownership.request(session, "c1", by="customer", why="asked", at=NOW)
    ownership.withdraw(session, "c1", by="customer", why="carry_on", at=NOW)
    assert session.scalars(select(Handoff.state)).all() == ["withdrawn"]
    assert ownership.locked(session, "c1").owner == Owner.BOT


def test_withdraw_refuses_when_person_answers(session: Session) -> None:
    owned(session, Owner.HUMAN)
    with pytest.raises(WrongMove):
        ownership.withdraw(session, "c1", by="customer", why="carry_on", at=NOW)


def test_version_of_answer_follows_own_moves_only(session: Session) -> None:
    talk(session)
    go(session, Owner.REQUESTED, "m1")
    assert ownership.version_of_answer(session, 1, "m1") == 2
    go(session, Owner.HUMAN)
    assert ownership.version_of_answer(session, 1, "m1") == 2
    assert ownership.version_of_answer(session, 1, "m2") == 1
