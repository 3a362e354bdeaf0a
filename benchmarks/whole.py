"""A whole turn beside a bare turn of stock Rasa, in the same seconds.

    .venv/bin/python -m benchmarks.whole [--turns 200]

Whole is: the browser's POST, inbox, engine with all of our understanding, action
with journey commit and a shortlist, outbox, and the reply in the browser's stream.
Bare is: one message to `rasa init`'s assistant over its REST channel, no action.
The two take turns, so that whatever else the machine does falls on both alike.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.engines import Server, stock_project
from benchmarks.engines import running as stock_running
from journey.cli.talk import Talk, open_talk
from tests.conversations.house import running as house_running

WISHES = (
    "a desk chair under 200 for somebody tall, no leather",
    "a quiet humidifier for the bedroom, not over 80",
    "running shoes with a lot of cushioning under 150",
    "show me headphones under 150",
)
WARM = 10


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200)
    turns = parser.parse_args().turns
    with (
        tempfile.TemporaryDirectory() as folder,
        house_running(Path(folder)) as house,
        stock_running("stock", stock_project(), ours=False) as stock,
    ):
        pairs = [measure(house.web, stock, n) for n in range(turns + WARM)][WARM:]
    print(table([whole for whole, _ in pairs], [bare for _, bare in pairs]))


def measure(web: str, stock: Server, number: int) -> tuple[float, float]:
    """Return the seconds of one whole and one bare turn, right after each other."""
    bare = stock.ask(f"customer-{number}", number)
    with open_talk(web, None, "") as talk:
        return shortlist(talk, WISHES[number % len(WISHES)]), bare


def shortlist(talk: Talk, wish: str, ready: Callable[[], None] = lambda: None) -> float:
    """Say a wish and return the seconds until the options are in the stream.

    A browser's first message makes its conversation, so the stream is opened
    after a greeting; `ready` is called when all of that is done.
    """
    talk.post("hello")
    for _ in talk.hear(60):
        pass
    stream = talk.events()
    next(stream)
    ready()
    began = time.perf_counter()
    talk.post(wish)
    for kind, data in stream:
        if kind == "message" and data["author"] != "customer":
            took = time.perf_counter() - began
            if "shortlist" not in data["content"]:
                raise RuntimeError(f"no shortlist came for {wish!r}: {data['text']}")
            return took
    raise RuntimeError("the stream broke off")


def table(whole: Sequence[float], bare: Sequence[float]) -> str:
    """Return medians and 99th percentiles in milliseconds, and their ratios."""
    lines = ["| | median, ms | p99, ms |", "|---|---|---|"]
    for name, values in (("bare stock turn", bare), ("whole turn", whole)):
        lines.append(f"| {name} | {median(values):.0f} | {p99(values):.0f} |")
    ratios = median(whole) / median(bare), p99(whole) / p99(bare)
    lines.append(f"| ratio | {ratios[0]:.2f} | {ratios[1]:.2f} |")
    return "\n".join(lines)


def median(values: Sequence[float]) -> float:
    """Return the median in milliseconds."""
    return statistics.median(values) * 1000


def p99(values: Sequence[float]) -> float:
    """Return the 99th percentile in milliseconds."""
    return sorted(values)[int(0.99 * (len(values) - 1))] * 1000


if __name__ == "__main__":
    main()
