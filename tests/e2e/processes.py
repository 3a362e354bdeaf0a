"""Real processes for a test: an engine and a web process on free ports."""

import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.databases import put_sqlite
from tests.web.door import KEY

ROOT = Path(__file__).parents[2]
STAND_IN = f"{sys.executable} -m tests.e2e.engine {{port}}"
ENGINE = os.environ.get("COACH_TEST_ENGINE", STAND_IN)
"""The command that starts the engine; `{port}` is where it listens."""


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def environment(folder: Path, engine_port: int) -> dict[str, str]:
    """Return the settings of a system whose database is in a folder."""
    url = put_sqlite(folder / "coach.db")
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "COACH_DATABASE_URL": url,
        "COACH_DOOR_KEY": KEY,
        "COACH_BOT_PORT": str(engine_port),
        "COACH_SECRET": "secret of the test",
        "COACH_SITE_SECRET": "the site's own secret",
    }


def start(command: list[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a process in the project's root."""
    return subprocess.Popen(command, cwd=ROOT, env=dict(env))


def start_engine(env: Mapping[str, str], port: int) -> subprocess.Popen[bytes]:
    """Start the engine under test."""
    return start(shlex.split(ENGINE.format(port=port)), env)


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """End a process when the test ends."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until_up(url: str, seconds: float = 60) -> None:
    """Wait until something answers at an address."""
    for _ in range(int(seconds / 0.1)):
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} is not up")
