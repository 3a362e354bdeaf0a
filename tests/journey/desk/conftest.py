from collections.abc import Mapping

import pytest
from sqlalchemy.orm import Session

from journey.desk import handoffs
from journey.desk.handoffs import Who
from journey.language.words import Language
from journey.owner import ownership
from journey.owner.help import Help, load_help
from journey.store.tables import Conversation, Handoff
from tests.factories import NOW, make_conversation, make_customer

MIA, BEN = Who("mia", "Mia"), Who("ben", "Ben")


@pytest.fixture(scope="session")
def help() -> Help:
    return load_help()


@pytest.fixture(scope="session")
def languages(help: Help) -> Mapping[str, Language]:
    return help.languages


@pytest.fixture
def conversation(session: Session) -> Conversation:
    return make_conversation(session, make_customer(session, name="Ana"))


@pytest.fixture
def waiting(session: Session, conversation: Conversation) -> Handoff:
    """Return the handoff of a customer who asked for a person."""
    ownership.request(session, conversation.id, by="coach", why="asked", at=NOW)
    found = handoffs.open_one(session, conversation.id)
    assert found
    return found
