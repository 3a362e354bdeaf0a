import pytest
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from tests.journey.proactive.writing import Office


@pytest.fixture
def office(session: Session, knowledge: Knowledge) -> Office:
    return Office(session, knowledge)
