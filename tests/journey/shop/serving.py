"""A provider on a port of its own, with faults that are played on command."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Fault:
    """What goes wrong with the next fitting request.

    `after` says that the provider did what was asked before it failed; a status of 0
    is silence for longer than anybody waits. The first `spares` requests go well.
    """

    method: str
    path: str
    status: int = 503
    after: bool = False
    times: int = 1
    spares: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"<html>gateway</html>"

    def fits(self, method: str, path: str) -> bool:
        if not self.times or method != self.method or not path.endswith(self.path):
            return False
        self.spares -= 1
        return self.spares < 0


@dataclass
class Faults:
    """Plays faults in their order, and counts what was asked."""

    app: ASGIApp
    waiting: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        self.asked.append((method, path))
        fault = next((x for x in self.waiting if x.fits(method, path)), None)
        if fault is None:
            await self.app(scope, receive, send)
            return
        fault.times -= 1
        if fault.after:
            await self.app(scope, receive, _nowhere)
        if fault.status == 0:
            await asyncio.sleep(SILENCE)
        answer = Response(fault.body, fault.status or 504, fault.headers)
        await answer(scope, Request(scope, receive).receive, send)

    def count(self, method: str, path: str) -> int:
        """Return how often something was asked."""
        return sum(m == method and p.endswith(path) for m, p in self.asked)


SILENCE = 1.5


async def _nowhere(_message: Message) -> None:
    return


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an app on a free port of the loopback; yield its address."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        config = uvicorn.Config(app, log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)
