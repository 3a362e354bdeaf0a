"""The engine as a process: through HTTP, and when it is killed."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.engine import ActionServer, Engine, engine, serving


@pytest.fixture(scope="module")
def server() -> Iterator[ActionServer]:
    with serving(ActionServer()) as server:
        yield server


@pytest.fixture()
def actions(server: ActionServer) -> ActionServer:
    server.status = 200
    server.wait.set()
    server.called.clear()
    server.calls.clear()
    return server


@pytest.fixture(scope="module")
def running(
    model: str, server: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    with engine(model, tmp_path_factory.mktemp("engine"), server) as running:
        yield running


def users(running: Engine, conversation: str) -> int:
    status, body = running.call("GET", f"/conversations/{conversation}")
    assert status in (200, 404)
    return sum(event["event"] == "user" for event in body.get("events", []))


def test_health_names_the_model(running: Engine, model: str) -> None:
    status, body = running.call("GET", "/health", key="none")
    assert (status, body["status"]) == (200, "ready")
    assert body["model"] == Path(model).name


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/turn"), ("GET", "/conversations/c"), ("DELETE", "/conversations/c")],
)
@pytest.mark.parametrize("key", ["", "wrong", "test "])
def test_refuse_without_key(running: Engine, method: str, path: str, key: str) -> None:
    status, body = running.call(method, path, b"{}", key=f"x{key}")
    assert status == 401 and body["error"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b'{"conversation_id": "c", "message_id": "m"}', 400),
        (b'{"conversation_id":"c","message_id":"m","payload":"/nothing"}', 400),
        (
            b'{"conversation_id":"c","message_id":"m","text":"' + b"x" * 10_001 + b'"}',
            413,
        ),
        (b"x" * 10_000_000, 413),
    ],
    ids=["half", "empty", "no text", "unknown intent", "long", "10 MB"],
)
def test_refuse_bad_request(running: Engine, body: bytes, status: int) -> None:
    got, answer = running.call("POST", "/turn", body)
    assert got == status and answer["error"]


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "שלום עולם",
        "nul\x00l",
        "half \ud83d",
        "/restart",
        "'; DROP TABLE bot_events; --",
        "<script>alert(1)</script>",
        "{colour} {0} %s",
        "x" * 10_000,
    ],
    ids=["emoji", "RTL", "NUL", "half", "command", "SQL", "HTML", "format", "long"],
)
def test_answer_any_text(running: Engine, text: str) -> None:
    conversation = f"any-{abs(hash(text))}"
    status, body = running.turn(conversation_id=conversation, message_id="m", text=text)
    assert status == 200 and [r["text"] for r in body["replies"]] == ["Sorry?"]
    assert users(running, conversation) == 1


@pytest.mark.parametrize("status", [500, 503, 404])
def test_action_server_failure_is_a_bad_gateway(
    running: Engine, actions: ActionServer, status: int
) -> None:
    actions.status = status
    sent = {"conversation_id": f"f{status}", "message_id": "m", "payload": "/follow"}
    assert running.turn(**sent)[0] == 502
    assert users(running, f"f{status}") == 0
    actions.status = 200
    assert running.turn(**sent)[1]["replayed"] is False


def test_slow_action_server_is_a_bad_gateway(
    running: Engine, actions: ActionServer
) -> None:
    actions.wait.clear()
    status, body = running.turn(
        conversation_id="slow", message_id="m", payload="/follow"
    )
    actions.wait.set()
    assert status == 502 and "Timeout" in body["error"]


def test_caller_that_hangs_up_finds_the_answer(
    running: Engine, actions: ActionServer
) -> None:
    sent = {"conversation_id": "gone", "message_id": "m", "payload": "/follow"}
    actions.wait.clear()
    hung_up = threading.Thread(target=call_and_hang_up, args=(running, sent))
    hung_up.start()
    assert actions.called.wait(10)
    hung_up.join()
    actions.wait.set()
    status, body = running.turn(**sent)
    assert status == 200 and body["replayed"] and actions.calls == ["action_follow"]


def call_and_hang_up(running: Engine, sent: dict[str, Any]) -> None:
    body = json.dumps(sent)
    head = "POST /webhooks/door/turn HTTP/1.1\r\nHost: x\r\nX-Door-Key: test\r\n"
    with socket.create_connection(("127.0.0.1", running.port)) as caller:
        caller.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        threading.Event().wait(0.5)


def test_erase_conversation(running: Engine) -> None:
    sent = {"conversation_id": "a b/ü", "message_id": "m", "payload": "/bye"}
    assert running.turn(**sent)[0] == 200
    path = "/conversations/a%20b%2F%C3%BC"
    assert running.call("GET", path)[1]["conversation_id"] == "a b/ü"
    status, body = running.call("DELETE", path)
    assert status == 200 and body["events"] > 0
    assert running.call("GET", path)[0] == 404
    assert running.turn(**sent)[1]["replayed"] is False


@pytest.mark.parametrize("path", ["/status", "/conversations/c/tracker", "/model"])
def test_rasas_own_api_is_not_there(running: Engine, path: str) -> None:
    caller = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    caller.request("GET", path)
    assert caller.getresponse().status == 404
    caller.close()


def test_turn_survives_death(model: str, actions: ActionServer, tmp_path: Path) -> None:
    actions.wait.clear()
    with engine(model, tmp_path, actions) as first:
        dying = threading.Thread(target=turn_that_dies, args=(first,))
        dying.start()
        assert actions.called.wait(10)
        first.kill()
        dying.join()
    actions.wait.set()
    with engine(model, tmp_path, actions) as second:
        assert users(second, "c") == 0
        status, body = second.turn(message_id="m", payload="/follow")
        assert (status, body["replayed"]) == (200, False)
        second.kill()
    with engine(model, tmp_path, actions) as third:
        assert third.turn(message_id="m", payload="/follow")[1] == body | {
            "replayed": True
        }
        assert users(third, "c") == 1


def turn_that_dies(running: Engine) -> None:
    with pytest.raises(OSError):
        running.turn(message_id="m", payload="/follow")
