"""Latency of a turn by its number in the conversation, beside stock Rasa.

    .venv/bin/python -m benchmarks.turns [--quick]

Four servers take turns, message by message, so that whatever else the machine does
falls on all alike. At each point the long conversation alternates with new ones that
are at their 10th turn: the ratio compares the same seconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.engines import SAID, Server, light_project, running, stock_project

POINTS = (10, 40, 200, 400, 1000, 2000, 5000)
QUICK = (10, 40, 100, 200)
PAIRS = 21
EARLY = 10


def drive(servers: Sequence[Server], points: Sequence[int], patience: float) -> None:
    """Lead one conversation on each server to the last point."""
    for turn in range(1, points[-1] + 1):
        for server in servers:
            if server.stopped_at is None and server.ask("long", turn) > patience:
                stop_if_slow(server, turn, patience)
        if turn in points:
            print(f"turn {turn} …", file=sys.stderr)
            for server in servers:
                if server.stopped_at is None:
                    server.measured[turn] = pairs(server, turn)


def stop_if_slow(server: Server, turn: int, patience: float) -> None:
    """Give a server up that is slow time and again, not for one hiccup."""
    again = [server.ask("long", 10**6 + 10 * turn + extra) for extra in range(3)]
    if min(again) > patience:
        server.stopped_at = turn


def pairs(server: Server, turn: int) -> tuple[float, float]:
    """Return the median seconds of this turn, and of a 10th turn at the same time."""
    late: list[float] = []
    early: list[float] = []
    for pair in range(PAIRS):
        fresh = f"fresh-{turn}-{pair}"
        for number in range(1, EARLY):
            server.ask(fresh, number)
        early.append(server.ask(fresh, EARLY + pair * len(SAID)))
        late.append(server.ask("long", 10**8 + 100 * turn + EARLY + pair * len(SAID)))
    return statistics.median(late), statistics.median(early)


def table(servers: Sequence[Server], points: Sequence[int]) -> str:
    """Return the table in Markdown: milliseconds, and how many 10th turns that is."""
    head = ["turn", *(server.name for server in servers)]
    lines = [head, ["---:"] * len(head)]
    for point in points:
        lines.append([f"{point}", *(cell(server, point) for server in servers)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(server: Server, point: int) -> str:
    if point not in server.measured:
        return f"given up at {server.stopped_at}"
    late, early = server.measured[point]
    return f"{late * 1e3:.1f} ms ({late / early:.2f}×)"


def ratios(stock: Server, ours: Server) -> str:
    """Say how our turn compares with the stock one, and the last with the 10th."""
    last = max(ours.measured)
    same = [point for point in ours.measured if point in stock.measured]
    late, early = ours.measured[last]
    parts = [
        f"{point}th {ours.measured[point][0] / stock.measured[point][0]:.2f}×"
        for point in same
    ]
    return (
        f"- {ours.name}: the {last}th turn takes {late / early:.2f}× the 10th; "
        f"of {stock.name} it takes {', '.join(parts)}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Turn latency by turn number")
    parser.add_argument("--quick", action="store_true", help="200 turns, not 5,000")
    parser.add_argument("--patience", type=float, default=1.0, metavar="SECONDS")
    given = parser.parse_args()
    points = QUICK if given.quick else POINTS
    stock = stock_project()
    light = light_project(stock)
    with ExitStack() as stack:
        servers = [
            stack.enter_context(running(name, project, ours=ours))
            for name, project, ours in (
                ("stock", stock, False),
                ("stock model, our engine", stock, True),
                ("light", light, False),
                ("light model, our engine", light, True),
            )
        ]
        drive(servers, points, given.patience)
    print(table(servers, points))
    print()
    print(ratios(servers[0], servers[1]))
    print(ratios(servers[2], servers[3]))


if __name__ == "__main__":
    main()
