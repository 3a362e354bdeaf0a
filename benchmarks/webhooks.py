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
PATIENCE = 120


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


async def until_up(http: httpx.AsyncClient) -> None:
    for _ in range(600):
        try:
            if (await http.get("/health")).status_code == 200:
                return
        except httpx.HTTPError:
            await asyncio.sleep(0.1)
    raise SystemExit("the web process does not start")


async def post(http: httpx.AsyncClient, number: int, times: list[float]) -> int:
    person = f"person-{number % PEOPLE}"
    letter = {"id": f"m-{number}", "from": person, "text": f"message {number}"}
    body = json.dumps(letter).encode()
    headers = signed_headers(webhook.SECRET, f"r-{number}", body, datetime.now(UTC))
    begin = time.perf_counter()
    try:
        answer = await http.post("/channels/webhook", content=body, headers=headers)
    except httpx.TransportError:
        # A connection that was kept is closed just now: a provider calls again, too.
        answer = await http.post("/channels/webhook", content=body, headers=headers)
    times.append(time.perf_counter() - begin)
    return answer.status_code


async def load(
    http: httpx.AsyncClient, rate: int, seconds: int
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
        sent.append(asyncio.create_task(post(http, which, times)))
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
        limits = httpx.Limits(max_connections=200)
        http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            timeout=30,
            limits=limits,
            trust_env=False,
        )
        await stack.enter_async_context(http)
        await until_up(http)
        count, statuses, times = await load(http, rate, seconds)
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
