from datetime import timedelta

from sqlalchemy.orm import Session

from journey.desk import presence
from journey.store.tables import Conversation
from tests.factories import NOW


def test_reading_never_goes_back(session: Session, conversation: Conversation) -> None:
    for position in (3, 1):
        presence.saw(session, conversation.id, "mia", position, NOW)
    presence.saw(session, conversation.id, presence.CUSTOMER, 9, NOW)
    assert presence.read_by_agents(session, conversation.id) == 3


def test_typing_ends_by_itself(session: Session, conversation: Conversation) -> None:
    presence.types(session, conversation.id, "mia", NOW)
    assert presence.typists(session, conversation.id, NOW) == ["mia"]
    later = NOW + presence.TYPES_FOR
    assert presence.typists(session, conversation.id, later) == []


def test_two_agents_see_each_other(
    session: Session, conversation: Conversation
) -> None:
    for name in ("mia", "ben"):
        presence.saw(session, conversation.id, name, 1, NOW)
    presence.leaves(session, conversation.id, "ben")
    soon = NOW + timedelta(seconds=5)
    here = [
        row.who
        for row in presence.present(session, conversation.id)
        if row.here_until and row.here_until > soon
    ]
    assert here == ["mia"]
