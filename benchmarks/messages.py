"""Messages per second and latency, from a browser's POST to the reply in its stream.

    .venv/bin/python -m benchmarks.messages [--url http://127.0.0.1:8080 --process PID]
        [--idle 1000]

Without --url a web process is started against a stand-in engine that answers at once:
what is measured then is the message path alone. With it, a running system is measured
whole.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx

from tests.e2e.processes import (
    ended,
    environment,
    free_port,
    start,
    start_engine,
    until_up,
)

CROWDS = (1, 8, 32)
EACH = 15
"""Messages in one conversation: more in ten seconds would be slowed down."""
SAID = (
    "I keep waking up at 3",
    "a desk chair under 200 for somebody tall",
    "where is my order?",
    "what do you charge for delivery?",
    "thanks",
)


@dataclass(frozen=True)
class System:
    """A running web process; `process` is its id, when that is known."""

    url: str
    process: int | None = None


@contextmanager
def running(url: str | None, process: int | None = None) -> Iterator[System]:
    """Hand out the system at an address, or one started for the benchmark."""
    if url:
        yield System(url.rstrip("/"), process)
        return
    engine_port, port = free_port(), free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        env = environment(folder, engine_port) | {"COACH_TEST_DELAY": "0"}
        stack.enter_context(ended(start_engine(env, engine_port)))
        web = [sys.executable, "-m", "uvicorn", "web.app:create_app", "--factory"]
        command = [*web, "--port", str(port), "--no-access-log"]
        process = stack.enter_context(ended(start(command, env)))
        until_up(f"http://127.0.0.1:{port}/health")
        yield System(f"http://127.0.0.1:{port}", process.pid)


@asynccontextmanager
async def stream(client: httpx.AsyncClient) -> AsyncIterator[AsyncIterator[str]]:
    """Open a session and its stream; yield what the coach says."""
    (await client.post("/chat/session", json={})).raise_for_status()
    async with client.stream("GET", "/chat/events", timeout=None) as response:
        lines = response.aiter_lines()
        async for line in lines:
            if line.startswith("event: ready"):
                break
        yield answers(lines)


async def answers(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """Yield the id of the first message of each answer."""
    async for line in lines:
        if not line.startswith('data: {"position"'):
            continue
        message = json.loads(line[len("data: ") :])
        if message["direction"] == "out" and message["id"].endswith(":0"):
            yield message["id"]


async def talk(url: str, until: float) -> list[float]:
    """Be one customer until a moment; return the seconds that each reply took."""
    took: list[float] = []
    while time.monotonic() < until:
        async with (
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client,
            stream(client) as said,
        ):
            for number in range(EACH):
                took.append(await one(client, said, SAID[number % len(SAID)]))
                if time.monotonic() > until:
                    break
    return took


async def one(client: httpx.AsyncClient, said: AsyncIterator[str], text: str) -> float:
    """Say one thing; return the seconds until its first answer is there."""
    begun = time.perf_counter()
    body = {"id": uuid4().hex, "text": text}
    (await client.post("/chat/messages", json=body)).raise_for_status()
    await anext(said)
    return time.perf_counter() - begun


async def crowd(url: str, customers: int, seconds: float) -> list[str]:
    """Return a row: customers, messages per second, median and 95th percentile."""
    begun = time.monotonic()
    talks = [talk(url, begun + seconds) for _ in range(customers)]
    took = [one for each in await asyncio.gather(*talks) for one in each]
    lasted = time.monotonic() - begun
    return [str(customers), f"{len(took) / lasted:.1f}", *quantiles(took)]


def quantiles(took: Sequence[float]) -> list[str]:
    """Return median and 95th percentile in milliseconds."""
    middle = statistics.median(took)
    late = statistics.quantiles(took, n=20)[-1] if len(took) > 1 else middle
    return [f"{middle * 1e3:.0f} ms", f"{late * 1e3:.0f} ms"]


async def idle(system: System, count: int, seconds: float) -> list[str]:
    """Return a row: idle streams, memory before and with them, the turn beside them."""
    before = memory(system.process)
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=system.url, trust_env=False, timeout=120, limits=limits
    ) as client:
        await client.post("/chat/session", json={})
        stop = asyncio.Event()
        streams = [asyncio.create_task(sit(client, stop)) for _ in range(count)]
        await asyncio.sleep(max(5.0, count / 100))
        took = await talk(system.url, time.monotonic() + seconds)
        after = memory(system.process)
        stop.set()
        await asyncio.gather(*streams)
    return [str(count), before, after, *quantiles(took)]


async def sit(client: httpx.AsyncClient, stop: asyncio.Event) -> None:
    """Keep one stream open and say nothing."""
    async with client.stream("GET", "/chat/events", timeout=None):
        await stop.wait()


def memory(process: int | None) -> str:
    """Return the resident memory of a process in megabytes."""
    if process is None:
        return "?"
    status = Path(f"/proc/{process}/status").read_text()
    kilobytes = status.partition("VmRSS:")[2].split()[0]
    return f"{int(kilobytes) / 1024:.0f} MB"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---:"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


async def measure(system: System, seconds: float, count: int) -> None:
    """Print both tables."""
    rows = [await crowd(system.url, customers, seconds) for customers in CROWDS]
    print(table(["customers", "messages/s", "median", "95 %"], rows), end="\n\n")
    if count:
        row = await idle(system, count, seconds)
        head = ["idle streams", "memory before", "with them", "median", "95 %"]
        print(table(head, [row]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="the address of a running system")
    parser.add_argument("--process", type=int, help="the id of its web process")
    parser.add_argument("--seconds", type=float, default=10, help="for each crowd")
    parser.add_argument(
        "--idle", type=int, default=1000, help="streams that say nothing"
    )
    arguments = parser.parse_args()
    with running(arguments.url, arguments.process) as system:
        asyncio.run(measure(system, arguments.seconds, arguments.idle))


if __name__ == "__main__":
    main()
