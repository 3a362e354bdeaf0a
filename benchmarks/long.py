"""A whole turn late in a conversation beside a 10th turn, in the same seconds.

    .venv/bin/python -m benchmarks.long [--turns 5000] [--profile]

One customer talks on and on: wishes that end in a shortlist, and asides. At each
point that conversation alternates with new ones that are at their 10th turn; both say
the same wish and wait until its options are in the stream. Browser's POST, inbox,
engine, action, outbox and stream are the real ones; the web process and the action
server run inside this one, and the limit of 20 messages in 10 seconds is lifted. Their
CPU time stands beside the seconds: it tells what grows also where others use the cores.
"""

import argparse
import cProfile
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.statements import Statements, running, watch
from benchmarks.whole import WISHES
from journey.cli.talk import Talk, open_talk
from web import edge

POINTS = (10, 100, 500, 1000, 2000, 5000)
PAIRS = 20
EARLY = 10
ASIDES = ("what does delivery cost", "are you a robot?", "thanks", "hello")
SAID = [text for pair in zip(WISHES, ASIDES, strict=True) for text in pair]


@dataclass(frozen=True)
class Cost:
    """What one turn took."""

    seconds: float
    cpu: float
    """Seconds of this process: web, actions and the customer."""
    statements: int
    """SQL statements of the action."""


@dataclass(frozen=True)
class Row:
    """Turns at a point beside 10th turns of the same seconds."""

    point: int
    late: Sequence[Cost]
    early: Sequence[Cost]


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=POINTS[-1])
    parser.add_argument("--profile", action="store_true", help="CPU of late actions")
    given = parser.parse_args()
    edge.MANY = sys.maxsize
    points = [point for point in POINTS if point <= given.turns]
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        web, counted = stack.enter_context(running(Path(folder)))
        talk = stack.enter_context(open_talk(web, None, ""))
        said = 0
        for point in points:
            said = lead(talk, said, point)
            rows.append(compare(web, talk, point, counted))
            print(table(rows[-1:]), file=sys.stderr)
        if given.profile:
            explain(talk)
    print(table(rows))


def lead(talk: Talk, said: int, point: int) -> int:
    """Lead a conversation to a turn and return its number."""
    for number in range(said, point):
        talk.post(SAID[number % len(SAID)])
        for _ in talk.hear(60):
            pass
    return point


def compare(web: str, talk: Talk, point: int, counted: dict[str, Statements]) -> Row:
    """Return what this turn costs, and a 10th."""
    late: list[Cost] = []
    early: list[Cost] = []
    for pair in range(PAIRS):
        wish = WISHES[pair % len(WISHES)]
        with open_talk(web, None, "") as fresh:
            lead(fresh, 0, EARLY - 1)
            early.append(ask(fresh, wish, counted))
        late.append(ask(talk, wish, counted))
    return Row(point, late, early)


def ask(talk: Talk, wish: str, counted: dict[str, Statements]) -> Cost:
    """Say a wish and return what it took until its options are in the stream."""
    stream = talk.events()
    next(stream)
    for statements in counted.values():
        statements.seen.clear()
    began, used = time.perf_counter(), time.process_time()
    talk.post(wish)
    said = []
    for kind, data in stream:
        if kind == "message" and data["author"] != "customer":
            took, used = time.perf_counter() - began, time.process_time() - used
            talk.position = data["position"]
            if "shortlist" in data["content"]:
                return Cost(took, used, len(counted["actions"].seen))
            said.append(data["text"])
        elif kind == "typing" and said and not data["on"]:
            break
    raise RuntimeError(f"no shortlist came for {wish!r}, but {said}")


def explain(talk: Talk) -> None:
    """Print where the CPU of late actions goes."""
    profile = cProfile.Profile()
    watch(profile)
    lead(talk, 0, 5 * len(SAID))
    stats = pstats.Stats(profile, stream=sys.stderr)
    stats.sort_stats("cumulative").print_stats(60)


def table(rows: Sequence[Row]) -> str:
    """Return the table in Markdown."""
    lines = [
        "| turn | median, ms | a 10th turn, ms | ratio | of CPU | statements, action |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.point} | {median(row.late, 'seconds') * 1e3:.0f}"
        f" | {median(row.early, 'seconds') * 1e3:.0f} | {ratio(row, 'seconds'):.2f}"
        f" | {ratio(row, 'cpu'):.2f} | {median(row.late, 'statements'):.0f}"
        f" ({median(row.early, 'statements'):.0f}) |"
        for row in rows
    ]
    return "\n".join(lines)


def median(costs: Sequence[Cost], what: str) -> float:
    """Return the median of one thing that turns took."""
    return statistics.median(getattr(cost, what) for cost in costs)


def ratio(row: Row, what: str) -> float:
    """Return how many 10th turns this turn is."""
    return median(row.late, what) / median(row.early, what)


if __name__ == "__main__":
    main()
