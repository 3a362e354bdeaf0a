"""`coach start`, as its user meets it: one address, and nothing left when it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from journey.cli.start import is_free
from journey.cli.talk import open_talk
from tests.e2e.processes import ROOT, free_port

PORTS = ("COACH_WEB_PORT", "COACH_BOT_PORT", "COACH_ACTIONS_PORT")
COMMAND = [sys.executable, "-m", "journey.cli", "start"]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        **{name: str(free_port()) for name in PORTS},
        "COACH_DATABASE_URL": f"sqlite:///{tmp_path}/coach.db",
        "COACH_TRACKER_URL": f"sqlite:///{tmp_path}/tracker.db",
    }


@pytest.fixture
def process(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    # Whoever runs the tests in the background ignores Ctrl-C, and so would this.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environ, stdout=pipe, text=True
    ) as process:
        signal.signal(signal.SIGINT, before)
        yield process
        process.terminate()


def until_told(lines: IO[str], words: str) -> str:
    """Read what is printed until some words are in a line; return the line."""
    told = ""
    for line in lines:
        told += line
        if words in line:
            return line
    raise AssertionError(f"{words!r} was not printed, but: {told}")


def test_start_answers_and_leaves_nothing_behind(
    process: subprocess.Popen[str], environ: dict[str, str]
) -> None:
    assert process.stdout
    url = until_told(process.stdout, "Journey Coach is at").split()[-1]
    with open_talk(url, None, "") as talk:
        talk.post("hello")
        assert any("notice" not in said["content"] for said in talk.hear(60))
    second = subprocess.run(
        COMMAND, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert second.returncode
    assert "is in use" in second.stderr
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert all(is_free(int(environ[name])) for name in PORTS)
