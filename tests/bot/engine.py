"""The engine as it really runs, and an action server that obeys the test."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.bot.assistant import EVENTS

ROOT = Path(__file__).resolve().parents[2]
KEY = "test"
START_SECONDS = 240.0
ENDPOINTS = """\
action_endpoint: {{url: "{actions}", timeout: 3}}
tracker_store:
  {{type: bot.tracker_store.WindowedTrackerStore, url: "sqlite:///{home}/tracker.db"}}
lock_store: {{type: bot.locks.ConversationLocks}}
"""


@dataclass
class Engine:
    """A running Rasa; `process` can be killed."""

    port: int
    process: subprocess.Popen[bytes]

    def turn(self, **letter: Any) -> tuple[int, Any]:
        body = json.dumps({"conversation_id": "c", **letter}).encode()
        return self.call("POST", "/turn", body)

    def call(
        self, method: str, path: str, body: bytes | None = None, key: str = KEY
    ) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"X-Door-Key": key}
        try:
            connection.request(method, f"/webhooks/door{path}", body, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class ActionServer:
    """Answers as the small assistant's actions do, or as the test says."""

    status: int = 200
    wait: threading.Event = field(default_factory=threading.Event)
    called: threading.Event = field(default_factory=threading.Event)
    calls: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.calls.append(asked["next_action"])
        self.called.set()
        self.wait.wait(30)
        return {"events": EVENTS[asked["next_action"]], "responses": []}


@contextmanager
def serving(actions: ActionServer) -> Iterator[ActionServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(actions.answer(asked)).encode()
            try:
                self.send_response(actions.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    actions.url = f"http://127.0.0.1:{server.server_port}/webhook"
    try:
        yield actions
    finally:
        actions.wait.set()
        server.shutdown()
        server.server_close()


@contextmanager
def engine(model: str, home: Path, actions: ActionServer) -> Iterator[Engine]:
    """Run Rasa with the model; the tracker store is in `home` and stays there."""
    (home / "endpoints.yml").write_text(
        ENDPOINTS.format(actions=actions.url, home=home)
    )
    (home / "credentials.yml").write_text(f"bot.door.Door:\n  key: {KEY}\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bot.engine", "run", "--model", model]
    command += ["--interface", "127.0.0.1", "--port", f"{port}"]
    for name in ("endpoints", "credentials"):
        command += [f"--{name}", str(home / f"{name}.yml")]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ, stdout=log, stderr=log
        )
    try:
        running = Engine(port, process)
        wait_for(running, home / "log")
        yield running
    finally:
        process.kill()
        process.wait()


def wait_for(running: Engine, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while running.process.poll() is None and time.monotonic() < deadline:
        try:
            if running.call("GET", "/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text()[-2000:])
