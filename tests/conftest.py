from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from journey.store.engine import open_engine, open_sessions
from tests.databases import put_sqlite

# How long an example takes says nothing on a shared machine.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(put_sqlite(tmp_path / "coach.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with open_sessions(engine)() as session:
        yield session
