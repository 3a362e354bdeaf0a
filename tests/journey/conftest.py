import pytest
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge, load_knowledge
from tests.journey.talking import Talk


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def talk(session: Session, knowledge: Knowledge) -> Talk:
    return Talk(session, knowledge)
