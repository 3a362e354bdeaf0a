"""Whoever comes in between: one owner, nothing said by another, nobody unheard."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from journey.store.engine import open_engine
from journey.store.tables import Base
from tests.bot.databases import installed, postgres
from tests.web.ownership_path import OwnershipPath

BINARIES = installed()
EXAMPLES = int(os.environ.get("COACH_EXAMPLES", "25"))
"""More of them on request: the search is random."""
NEEDS_POSTGRES = pytest.mark.skipif(BINARIES is None, reason="no PostgreSQL")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=NEEDS_POSTGRES)])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "sqlite":
        yield from opened("sqlite://")
        return
    assert BINARIES
    # A socket's path may have 107 characters: pytest's own folders are too deep.
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        with postgres(BINARIES, Path(home)) as url:
            yield from opened(url.replace("postgresql:", "postgresql+psycopg:"))


def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_any_interleaving_keeps_one_owner(database: Engine) -> None:
    machine = type("Path", (OwnershipPath,), {"engine": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
