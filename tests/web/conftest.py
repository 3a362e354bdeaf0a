"""A running web process with a stand-in engine, and a browser's side of the talk."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn

from tests.databases import put_sqlite
from tests.web.door import KEY, FakeDoor
from web.app import Clock, create_app
from web.settings import Settings

SITE_SECRET = "the site's own secret"


@asynccontextmanager
async def serving(app: Any, port: int = 0) -> AsyncIterator[str]:
    """Serve an application on a free port; yield its address."""
    config = uvicorn.Config(
        app, port=port, log_level="warning", timeout_graceful_shutdown=1, ws="none"
    )
    server = uvicorn.Server(config)
    server.capture_signals = _no_signals  # type: ignore[method-assign]
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    task = asyncio.create_task(server.serve(sockets=[sock]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        sock.close()


def _no_signals() -> Any:
    from contextlib import nullcontext

    return nullcontext()


@dataclass
class Browser:
    """One browser: its session, what it sends and what its stream shows."""

    http: httpx.AsyncClient
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def open(self, **who: str) -> dict[str, Any]:
        response = await self.http.post("/chat/session", json=who)
        response.raise_for_status()
        body: dict[str, Any] = response.json()
        return body

    async def say(self, text: str, message_id: str | None = None) -> httpx.Response:
        body = {"id": message_id or uuid4().hex, "text": text}
        return await self.http.post("/chat/messages", json=body)

    async def press(self, token: str) -> httpx.Response:
        body = {"id": uuid4().hex, "token": token}
        return await self.http.post("/chat/messages", json=body)

    async def history(self) -> list[dict[str, Any]]:
        response = await self.http.get("/chat/history")
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    async def texts(self) -> list[str]:
        """Return what was said after the disclosure."""
        return [message["text"] for message in (await self.history())[1:]]

    async def until(self, text: str, seconds: float = 10) -> list[str]:
        """Wait until a text is in the history; return all texts."""
        for _ in range(int(seconds / 0.02)):
            texts = await self.texts()
            if text in texts:
                return texts
            await asyncio.sleep(0.02)
        raise AssertionError(f"{text!r} is not in {texts}")

    async def listen(self, after: int = 0) -> None:
        """Note what the stream shows, until cancelled."""
        url = f"/chat/events?after={after}"
        async with self.http.stream("GET", url, timeout=None) as response:
            kind = ""
            async for line in response.aiter_lines():
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("data:"):
                    self.events.append((kind, json.loads(line[5:])))


@dataclass
class Running:
    """A web process, its stand-in engine and a way to get browsers."""

    url: str
    door: FakeDoor
    settings: Settings
    app: Any
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, **headers: str) -> Browser:
        client = httpx.AsyncClient(
            base_url=self.url, headers=headers, trust_env=False, timeout=20
        )
        self.clients.append(client)
        return Browser(client)

    @property
    def service(self) -> Any:
        return self.app.state.service


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database_url=put_sqlite(tmp_path / "coach.db"),
        door_url="",
        door_key=KEY,
        secret="s" * 32,
        site_secret=SITE_SECRET,
        sites=("https://shop.example",),
        language="en",
        shop="Test & Co",
    )


@asynccontextmanager
async def running(
    settings: Settings, door: FakeDoor, clock: Clock | None = None
) -> AsyncIterator[Running]:
    """Run a web process against a stand-in engine."""
    async with serving(door.app) as door_url:
        app = create_app(replace(settings, door_url=door_url), clock)
        async with serving(app) as url:
            system = Running(url, door, settings, app)
            yield system
            for client in system.clients:
                await client.aclose()


@pytest.fixture
async def system(settings: Settings) -> AsyncIterator[Running]:
    async with running(settings, FakeDoor()) as running_system:
        yield running_system
