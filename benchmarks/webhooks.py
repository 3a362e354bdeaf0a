"""Signed webhooks at a steady pace, a tenth of them twice: lost, doubled, how slow.

    python -m benchmarks.webhooks --rate 100 --seconds 60

A web process in its own process, the generic webhook, an engine that answers at once,
and a receiver that counts. 200 conversations; each message has its own text.
"""

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx

from journey.store.engine import open_engine
from journey.store.tables import Base
from tests.web.channels import webhook
from tests.web.conftest import serving
from tests.web.door import KEY, FakeDoor
from web.channels.signing import signed_headers

PEOPLE = 200
TWICE = 0.1
PATIENCE = 400


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_web(folder: Path, port: int, door: str, receiver: str) -> subprocess.Popen:
    url = f"sqlite:///{folder}/coach.db"
    engine = open_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
    environ = {
        **os.environ,
        "COACH_DATABASE_URL": url,
        "COACH_DOOR_URL": door,
        "COACH_DOOR_KEY": KEY,
        "COACH_SECRET": "s" * 32,
        "COACH_CHANNELS": str(folder),
        "COACH_WEBHOOK_SECRET": webhook.SECRET,
        "COACH_WEBHOOK_URL": f"{receiver}/in",
    }
    command = [sys.executable, "-m", "uvicorn", "web.app:create_app", "--factory"]
    command += ["--port", str(port), "--no-access-log", "--log-level", "error"]
    return subprocess.Popen(command, env=environ)


async def until_up(url: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        for _ in range(600):
            try:
                if (await http.get(f"{url}/health")).status_code == 200:
                    return
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
    raise SystemExit("the web process does not start")


class Caller:
    """Keeps connections open and posts on them, at next to no cost of its own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, content: bytes, headers: Mapping[str, str]) -> int:
        """Post to the webhook; return the status."""
        if not self._idle:
            pair = await asyncio.open_connection("127.0.0.1", self._port)
            self._idle.append(pair)
        reader, writer = self._idle.pop()
        lines = ["POST /channels/webhook HTTP/1.1", "host: localhost"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += ["content-type: application/json", f"content-length: {len(content)}"]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        status, length = await answer(reader)
        await reader.readexactly(length)
        self._idle.append((reader, writer))
        return status

    def close(self) -> None:
        """Close all connections."""
        for _, writer in self._idle:
            writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Read an answer's head; return its status and how long its body is."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
    lengths = [line for line in head if line.startswith("content-length:")]
    return int(head[0].split()[1]), int(lengths[0].partition(":")[2])


async def post(caller: Caller, number: int, times: list[float]) -> int:
    person = f"person-{number % PEOPLE}"
    letter = {"id": f"m-{number}", "from": person, "text": f"message {number}"}
    body = json.dumps(letter).encode()
    headers = signed_headers(webhook.SECRET, f"r-{number}", body, datetime.now(UTC))
    begin = time.perf_counter()
    try:
        status = await caller.post(body, headers)
    except (OSError, asyncio.IncompleteReadError):
        # A connection that was kept is closed just now: a provider calls again, too.
        status = await caller.post(body, headers)
    times.append(time.perf_counter() - begin)
    return status


async def load(
    caller: Caller, rate: int, seconds: int
) -> tuple[int, Counter, list[float]]:
    """Post at a steady pace; return how many messages, the statuses and the times."""
    times: list[float] = []
    sent: list[asyncio.Task[int]] = []
    chance, begin, number = random.Random(1), time.perf_counter(), 0
    for step in range(rate * seconds):
        await asyncio.sleep(max(0.0, begin + step / rate - time.perf_counter()))
        again = number and chance.random() < TWICE
        which = chance.randrange(max(0, number - 20), number) if again else number
        number += not again
        sent.append(asyncio.create_task(post(caller, which, times)))
    statuses = Counter(await asyncio.gather(*sent))
    return number, statuses, times


async def run(rate: int, seconds: int) -> None:
    receiver, door = webhook.Webhook(), FakeDoor()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        door_url = await stack.enter_async_context(serving(door.app))
        receiver_url = await stack.enter_async_context(serving(receiver.app))
        port = free_port()
        process = start_web(folder, port, door_url, receiver_url)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        await until_up(f"http://127.0.0.1:{port}")
        caller = Caller(port)
        stack.callback(caller.close)
        count, statuses, times = await load(caller, rate, seconds)
        wanted = {f"re: message {number}" for number in range(count)}
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end and not wanted <= set(receiver.texts()):
            await asyncio.sleep(0.5)
        report(count, statuses, times, Counter(receiver.texts()), wanted)


def report(
    count: int, statuses: Counter, times: list[float], got: Counter, wanted: set[str]
) -> None:
    times.sort()
    print(f"webhooks: {len(times)}, messages: {count}, statuses: {dict(statuses)}")
    print(
        f"answered in: median {statistics.median(times) * 1000:.0f} ms, "
        f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms, "
        f"longest {times[-1] * 1000:.0f} ms"
    )
    lost = [text for text in wanted if not got[text]]
    doubled = [text for text in wanted if got[text] > 1]
    print(f"lost: {len(lost)}, doubled: {len(doubled)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    asyncio.run(run(given.rate, given.seconds))
