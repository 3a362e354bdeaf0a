from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from journey.desk.unattended import Unattended
from journey.owner import ownership
from journey.owner.help import Help
from journey.store.tables import Conversation
from tests.journey.desk.acts import sent, take
from tests.journey.desk.conftest import MIA

TUESDAY_NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TUESDAY_NIGHT = datetime(2026, 3, 10, 22, tzinfo=UTC)
WEDNESDAY_OPENS = datetime(2026, 3, 11, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def wait(help: Help) -> timedelta:
    return timedelta(minutes=help.rules.nobody_after_minutes)


def ask(session: Session, conversation: Conversation, at: datetime) -> None:
    ownership.request(session, conversation.id, by="coach", why="asked", at=at)


def tell(session: Session, help: Help, at: datetime) -> int:
    return Unattended(help).tell(session, now=at, random=Random(0))


def test_who_waits_too_long_is_told_once_with_another_way(
    session: Session, conversation: Conversation, help: Help, wait: timedelta
) -> None:
    ask(session, conversation, TUESDAY_NOON)
    assert tell(session, help, TUESDAY_NOON + wait - MINUTE) == 0
    assert tell(session, help, TUESDAY_NOON + wait) == 1
    assert tell(session, help, TUESDAY_NOON + 3 * wait) == 0
    [(author, text)] = sent(session, conversation)
    assert author == "system" and text.startswith("Nobody has been able")


def test_who_was_taken_in_time_is_told_nothing(
    session: Session, conversation: Conversation, help: Help, wait: timedelta
) -> None:
    ask(session, conversation, TUESDAY_NOON)
    take(session, conversation, MIA)
    assert tell(session, help, TUESDAY_NOON + wait) == 0


def test_by_night_the_minutes_begin_with_the_hours(
    session: Session, conversation: Conversation, help: Help, wait: timedelta
) -> None:
    ask(session, conversation, TUESDAY_NIGHT)
    assert tell(session, help, TUESDAY_NIGHT + wait) == 0
    assert tell(session, help, WEDNESDAY_OPENS + wait) == 1


def test_after_hours_it_says_when_they_are_back(
    session: Session, conversation: Conversation, help: Help, wait: timedelta
) -> None:
    closing = datetime(2026, 3, 10, 16, 55, tzinfo=UTC)
    ask(session, conversation, closing)
    assert tell(session, help, closing + wait) == 1
    assert "back on Wednesday 11 March" in sent(session, conversation)[0][1]
