import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge, load_knowledge
from journey.store.engine import open_engine
from journey.store.tables import Base
from tests.bot.databases import installed, postgres
from tests.databases import put_sqlite
from tests.journey.talking import Talk


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def talk(session: Session, knowledge: Knowledge) -> Talk:
    return Talk(session, knowledge)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL of the tests' own."""
    binaries = installed()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    # A socket's path may have 107 characters: pytest's own folders are too deep.
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        with postgres(binaries, Path(home)) as url:
            yield url.replace("postgresql:", "postgresql+psycopg:")


@pytest.fixture(params=["sqlite", "postgresql"])
def crowd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database that many use at once, of each kind in turn."""
    if request.param == "sqlite":
        engine = open_engine(put_sqlite(tmp_path / "crowd.db"))
    else:
        engine = open_engine(request.getfixturevalue("server"))
        Base.metadata.drop_all(engine)
        Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
