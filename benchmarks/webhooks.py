"""Signed webhooks at a steady pace, a tenth of them twice: lost, doubled, how slow.

    python -m benchmarks.webhooks --rate 100 --seconds 60 --engine 40

Three processes: the web process; a provider that calls the generic webhook; an engine
that answers as many messages a second as it is told, with a receiver that counts.
200 conversations; each message has its own text. The intake is one figure, and has to
keep up whatever the engine does; beside it stands how late the provider itself woke up
to call, which says how long this machine lets anybody wait. How fast all is answered is
another: a share of what the engine answers when it is asked directly, in the same run.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import httpx
from sqlalchemy import Engine, select
from starlette.requests import Request
from starlette.responses import Response

from journey.store.engine import open_engine, reading
from journey.store.tables import Arrival, Base, Message
from tests.web.channels import webhook
from tests.web.conftest import serving
from tests.web.door import KEY, FakeDoor
from web.channels.signing import signed_headers

PEOPLE = 200
TWICE = 0.1
PATIENCE = 400
AT_ONCE, ASKED = 8, 200
"""So many ask the engine directly at once, and so often altogether."""


class PacedDoor(FakeDoor):
    """An engine that answers one message after the other, each in the same time."""

    def __init__(self, per_second: float) -> None:
        super().__init__()
        self._takes, self._free_at = 1 / per_second, 0.0

    async def turn(self, request: Request) -> Response:
        """Answer when all that came before is answered."""
        now = time.perf_counter()
        self._free_at = max(now, self._free_at) + self._takes
        await asyncio.sleep(self._free_at - now)
        return await super().turn(request)


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
        while self._idle:
            self._idle.pop()[1].close()


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
        # Connections that were kept are closed by now: a provider calls again, too.
        caller.close()
        status = await caller.post(body, headers)
    times.append(time.perf_counter() - begin)
    return status


@dataclass(frozen=True)
class Called:
    """How many messages a provider sent, the answers it got, and its times."""

    messages: int
    statuses: Counter
    times: list[float]
    late: list[float]
    """How long after its moment each call was begun."""


def call(port: int, rate: int, seconds: int) -> Called:
    """Be the provider, in a process of its own."""
    return asyncio.run(load(Caller(port), rate, seconds))


async def load(caller: Caller, rate: int, seconds: int) -> Called:
    """Post at a steady pace."""
    times: list[float] = []
    late: list[float] = []
    sent: list[asyncio.Task[int]] = []
    chance, begin, number = random.Random(1), time.perf_counter(), 0
    for step in range(rate * seconds):
        await asyncio.sleep(max(0.0, begin + step / rate - time.perf_counter()))
        late.append(time.perf_counter() - begin - step / rate)
        again = number and chance.random() < TWICE
        which = chance.randrange(max(0, number - 20), number) if again else number
        number += not again
        sent.append(asyncio.create_task(post(caller, which, times)))
    statuses = Counter(await asyncio.gather(*sent))
    caller.close()
    return Called(number, statuses, times, late)


async def own_rate(door_url: str) -> float:
    """Return how many messages the engine answers a second when asked directly."""
    async with httpx.AsyncClient(base_url=door_url, trust_env=False) as http:

        async def ask(first: int) -> None:
            for number in range(first, ASKED, AT_ONCE):
                ids = {"message_id": f"own-{number}", "conversation_id": f"own-{first}"}
                letter = {**ids, "text": "hello"}
                headers = {"x-door-key": KEY}
                path = "/webhooks/door/turn"
                await http.post(path, json=letter, headers=headers, timeout=60)

        begin = time.perf_counter()
        await asyncio.gather(*(ask(first) for first in range(AT_ONCE)))
        return ASKED / (time.perf_counter() - begin)


def stored(engine: Engine) -> Counter:
    """Count the customers' messages that are in the database, by their text.

    What is put down but not taken in yet counts once: a second delivery is dropped
    when it is taken in.
    """
    with reading(engine) as session:
        texts = select(Message.text).where(Message.direction == "in")
        messages = Counter(session.scalars(texts))
        waiting = [one["text"] for one in session.scalars(select(Arrival.content))]
        return messages | Counter(set(waiting))


async def run(rate: int, seconds: int, per_second: float) -> None:
    receiver, door = webhook.Webhook(), PacedDoor(per_second)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        door_url = await stack.enter_async_context(serving(door.app))
        receiver_url = await stack.enter_async_context(serving(receiver.app))
        own = await own_rate(door_url)
        port = free_port()
        process = start_web(folder, port, door_url, receiver_url)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        await until_up(f"http://127.0.0.1:{port}")
        pool = stack.enter_context(ProcessPoolExecutor(1, get_context("spawn")))
        begin = time.perf_counter()
        calling = asyncio.get_running_loop().run_in_executor
        called = await calling(pool, call, port, rate, seconds)
        engine = open_engine(f"sqlite:///{folder}/coach.db")
        said = [f"message {number}" for number in range(called.messages)]
        report_intake(called, said, stored(engine))
        wanted = {f"re: {text}" for text in said}
        while time.perf_counter() < begin + PATIENCE:
            if wanted <= set(receiver.texts()):
                break
            await asyncio.sleep(0.2)
        answered = len(said) / (time.perf_counter() - begin)
        print(f"stored in the end: {tally(said, stored(engine))}")
        report_answers(Counter(receiver.texts()), wanted, answered, own)
        engine.dispose()
        process.terminate()
        process.wait()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = (used.ru_utime + used.ru_stime) * 1000 / len(called.times)
        print(f"web/: {cpu:.1f} ms of processor time per webhook, answer and delivery")


def report_intake(called: Called, said: list[str], kept: Counter) -> None:
    count, statuses = len(called.times), dict(called.statuses)
    print(f"webhooks: {count}, messages: {len(said)}, statuses: {statuses}")
    print(f"acknowledged in: {spread(called.times)}")
    print(f"the provider's own calls were late by: {spread(called.late)}")
    print(f"stored when the last was acknowledged: {tally(said, kept)}")


def spread(times: list[float]) -> str:
    times = sorted(times)
    return (
        f"median {statistics.median(times) * 1000:.0f} ms, "
        f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms, "
        f"longest {times[-1] * 1000:.0f} ms"
    )


def report_answers(got: Counter, wanted: set[str], answered: float, own: float) -> None:
    print(f"answers that arrived: {tally(wanted, got)}")
    print(
        f"answered: {answered:.1f} a second, {answered / own:.0%} of what the engine "
        f"answers when asked directly ({own:.1f} a second)"
    )


def tally(wanted: Iterable[str], got: Counter) -> str:
    lost = sum(1 for text in wanted if not got[text])
    doubled = sum(1 for text in wanted if got[text] > 1)
    return f"{lost} lost, {doubled} doubled"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--engine", type=float, default=40, metavar="PER_SECOND")
    given = parser.parse_args()
    asyncio.run(run(given.rate, given.seconds, given.engine))
