from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.endpoint import ActionEndpoint, TurnFailed


class Server(BaseHTTPRequestHandler):
    """Answers with the status and body that the request asks for."""

    protocol_version = "HTTP/1.1"
    connections: ClassVar[set[tuple[str, int]]] = set()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.connections.add(self.client_address)
        threading.Event().wait(asked.get("wait", 0))
        body = asked.get("body", "{}").encode()
        self.send_response(asked.get("status", 200))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture()
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/webhook"
    server.shutdown()
    server.server_close()


def call(url: str, *asked: dict[str, Any], **settings: Any) -> list[Any]:
    async def call_all() -> list[Any]:
        endpoint = ActionEndpoint.like(EndpointConfig(url, **settings))
        try:
            return [await endpoint.request(json=one, timeout=300) for one in asked]
        finally:
            await endpoint.close()

    return asyncio.run(call_all())


def test_request_answers(url: str) -> None:
    assert call(url, {"body": '{"events": []}'}) == [{"events": []}]


def test_request_uses_one_connection(url: str) -> None:
    Server.connections.clear()
    call(url, {}, {}, {})
    assert len(Server.connections) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"status": 500},
        {"status": 404},
        {"status": 503, "body": "not JSON"},
        {"body": "not JSON"},
        {"wait": 0.5},
    ],
)
def test_request_fails_loudly(url: str, asked: dict[str, Any]) -> None:
    with pytest.raises(TurnFailed):
        call(url, asked, timeout=0.2)


def test_request_fails_loudly_without_server() -> None:
    with pytest.raises(TurnFailed):
        call("http://127.0.0.1:9/webhook", {})


def test_request_hands_on_rejection_of_action(url: str) -> None:
    with pytest.raises(ClientResponseError):
        call(url, {"status": 400})


def test_failure_is_not_an_exception_that_rasa_swallows() -> None:
    assert not issubclass(TurnFailed, Exception)
