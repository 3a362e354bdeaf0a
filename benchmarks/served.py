"""A web process and an engine that thinks 0.2 s, each in a process of its own."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from journey.desk import agents as accounts
from journey.desk.agents import Role
from journey.store.engine import open_engine
from tests.e2e.processes import (
    ended,
    environment,
    free_port,
    start,
    start_engine,
    until_up,
)

PASSWORD = "correct horse battery"


@contextmanager
def running(names: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Start a system with agents; hand out its address, database and web process."""
    engine_port, port = free_port(), free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        env = environment(folder, engine_port) | {"COACH_TEST_DELAY": "0.2"}
        hire(env["COACH_DATABASE_URL"], names)
        stack.enter_context(ended(start_engine(env, engine_port)))
        web = [sys.executable, "-m", "uvicorn", "web.app:create_app", "--factory"]
        command = [*web, "--port", str(port), "--no-access-log"]
        served = start([*command, "--log-level", "error"], env)
        stack.enter_context(ended(served))
        until_up(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}", env["COACH_DATABASE_URL"], served.pid


def cpu(pid: int) -> float:
    """Return the seconds that a process has had of a core."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def hire(database: str, names: Sequence[str]) -> None:
    """Make the agents' accounts."""
    engine = open_engine(database)
    with Session(engine) as session, session.begin():
        for name in names:
            given = {"role": Role.AGENT, "password": PASSWORD}
            accounts.add(session, name, now=datetime.now(UTC), **given)
    engine.dispose()
