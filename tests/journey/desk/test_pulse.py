from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.desk import presence, pulse, writing
from journey.store.tables import Conversation
from tests.factories import NOW, make_conversation, make_customer
from tests.journey.desk.acts import take, write
from tests.journey.desk.conftest import MIA

Change = Callable[[Session, Conversation], object]


def types(session: Session, conversation: Conversation) -> None:
    presence.types(session, conversation.id, "mia", NOW)


def note(session: Session, conversation: Conversation) -> None:
    writing.note(session, conversation.id, "be brief", by=MIA, now=NOW)


@pytest.mark.parametrize("change", [write, lambda s, c: take(s, c, MIA), types, note])
def test_conversation_print_changes(
    session: Session, conversation: Conversation, change: Change
) -> None:
    before = pulse.prints(session, [conversation.id], NOW)
    assert pulse.prints(session, [conversation.id], NOW) == before
    change(session, conversation)
    assert pulse.prints(session, [conversation.id], NOW) != before


def test_conversation_print_changes_when_typing_ends(
    session: Session, conversation: Conversation
) -> None:
    types(session, conversation)
    later = NOW + presence.TYPES_FOR + timedelta(seconds=1)
    prints = [pulse.prints(session, [conversation.id], at) for at in (NOW, later)]
    assert prints[0] != prints[1]


def test_prints_of_others_stay(session: Session, conversation: Conversation) -> None:
    other = make_conversation(session, make_customer(session))
    before = pulse.prints(session, [conversation.id], NOW)
    types(session, other)
    assert pulse.prints(session, [conversation.id], NOW) == before
    assert pulse.prints(session, ["unknown"], NOW) == {}


def test_print_of_the_bots_changes_by_messages(
    session: Session, conversation: Conversation
) -> None:
    before = pulse.bot_print(session, NOW), pulse.people_print(session)
    write(session, conversation)
    assert pulse.bot_print(session, NOW) != before[0]
    assert pulse.people_print(session) == before[1]


def test_print_of_people_changes_by_moves_and_messages(
    session: Session, conversation: Conversation
) -> None:
    seen = [pulse.people_print(session)]
    take(session, conversation, MIA)
    seen.append(pulse.people_print(session))
    write(session, conversation)
    seen.append(pulse.people_print(session))
    assert len(set(seen)) == 3


def test_print_of_the_bots_changes_when_somebody_went(
    session: Session, conversation: Conversation
) -> None:
    write(session, conversation)
    later = NOW + timedelta(hours=1)
    assert pulse.bot_print(session, NOW) != pulse.bot_print(session, later)
