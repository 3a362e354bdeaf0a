from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from journey.cli import main
from journey.store.engine import open_engine, open_sessions
from tests.databases import put_sqlite


class Coach:
    """The command against databases of its own."""

    def __init__(self, folder: Path) -> None:
        self.url = put_sqlite(folder / "coach.db")
        self.tracker = f"sqlite:///{folder}/tracker.db"
        self.engine: Engine = open_engine(self.url)

    def session(self) -> Session:
        return open_sessions(self.engine)()

    def run(self, *arguments: str, given: str | None = None) -> Result:
        environment = {
            "COACH_DATABASE_URL": self.url,
            "COACH_TRACKER_URL": self.tracker,
            "COLUMNS": "200",
        }
        return CliRunner().invoke(main, arguments, input=given, env=environment)


@pytest.fixture
def coach(tmp_path: Path) -> Iterator[Coach]:
    coach = Coach(tmp_path)
    yield coach
    coach.engine.dispose()
