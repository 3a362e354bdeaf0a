"""Rasa servers to measure: stock ones, and the same models in our engine."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "var" / "benchmarks"
ENGINE = ROOT / "bot" / ".venv" / "bin" / "python"
KEY = "benchmark"
SAID = ("hello", "I am sad", "yes", "great, thank you", "are you a bot?", "bye")
START_SECONDS = 180.0
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_TELEMETRY_ENABLED": "false",
}
LIGHT = """\
recipe: default.v1
assistant_id: light
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: LogisticRegressionClassifier
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
"""
STOCK_STORE = "tracker_store: {{type: SQL, dialect: sqlite, db: {db}}}\n"
OUR_STORE = """\
tracker_store:
  {{type: bot.tracker_store.WindowedTrackerStore, url: "sqlite:///{db}", window: 40}}
lock_store: {{type: bot.locks.ConversationLocks}}
"""
STOCK_CHANNEL = "rest:\n"
OUR_CHANNEL = f"bot.door.Door:\n  key: {KEY}\n"


@dataclass
class Server:
    """A running Rasa, and how long its turns took."""

    name: str
    port: int
    ours: bool
    stopped_at: int | None = None
    measured: dict[int, tuple[float, float]] = field(default_factory=dict)
    _open: http.client.HTTPConnection | None = None

    def ask(self, conversation: str, turn: int) -> float:
        """Say something and return the seconds until the whole answer is there."""
        text = SAID[turn % len(SAID)]
        path, body = self.request(conversation, f"{turn}", text)
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "X-Door-Key": KEY}
        began = time.perf_counter()
        connection = self.connection()
        connection.request("POST", path, data, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        took = time.perf_counter() - began
        if response.status != 200:
            raise RuntimeError(f"{self.name}, turn {turn}: {response.status} {answer}")
        return took

    def request(
        self, conversation: str, message: str, text: str
    ) -> tuple[str, Mapping[str, str]]:
        if not self.ours:
            return "/webhooks/rest/webhook", {"sender": conversation, "message": text}
        ids = {"conversation_id": conversation, "message_id": message}
        return "/webhooks/door/turn", {**ids, "text": text}

    def connection(self) -> http.client.HTTPConnection:
        if self._open is None:
            self._open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        return self._open


def stock_project() -> Path:
    """Return Rasa's own starting project, trained (minutes, the first time)."""
    project = HOME / "stock"
    if not list((project / "models").glob("*.tar.gz")):
        print("Training `rasa init`, once …", file=sys.stderr)
        project.mkdir(parents=True, exist_ok=True)
        engine("init", "--no-prompt", "--init-dir", str(project))
    return project


def light_project(stock: Path) -> Path:
    """Return the same data under a pipeline without TensorFlow, trained."""
    project = HOME / "light"
    if not list((project / "models").glob("*.tar.gz")):
        project.mkdir(parents=True, exist_ok=True)
        shutil.copytree(stock / "data", project / "data", dirs_exist_ok=True)
        shutil.copy(stock / "domain.yml", project)
        (project / "config.yml").write_text(LIGHT)
        paths = [f"--{name}" for name in ("config", "domain", "data", "out")]
        files = ["config.yml", "domain.yml", "data", "models"]
        pairs = zip(paths, [str(project / file) for file in files], strict=True)
        engine("train", *(part for pair in pairs for part in pair))
    return project


def engine(*arguments: str) -> None:
    command = ["nice", str(ENGINE), "-m", "rasa", *arguments]
    log = (HOME / f"{arguments[0]}.log").open("w")
    subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
        stdout=log,
        stderr=log,
        check=True,
    )


@contextmanager
def running(name: str, project: Path, *, ours: bool) -> Iterator[Server]:
    """Run a Rasa with an empty tracker store of its own."""
    home = HOME / "run" / name.replace(" ", "-")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    store = OUR_STORE if ours else STOCK_STORE
    (home / "endpoints.yml").write_text(store.format(db=home / "tracker.db"))
    (home / "credentials.yml").write_text(OUR_CHANNEL if ours else STOCK_CHANNEL)
    port = free_port()
    command = f"{ENGINE} -m rasa run --interface 127.0.0.1 --port {port} --model"
    options = [str(project / "models"), "--endpoints", str(home / "endpoints.yml")]
    options += ["--credentials", str(home / "credentials.yml")]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [*command.split(), *options],
            cwd=ROOT,
            env=os.environ | ONE_THREAD,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(port, process, home / "log")
        yield Server(name, port, ours)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise SystemExit(f"Rasa did not start, see {log}")
