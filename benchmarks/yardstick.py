"""CPU times on a machine that is shared: what others disturb is taken out.

The same piece of work is done several times, from the same state; of each timed part
the least counts, since what differs is the machine and not the work. Beside it a fixed
piece of work is timed now and then, a yardstick: figures as multiples of it can be
compared with those of another machine or another day.
"""

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

ROWS = [
    {"name": f"product-{n}", "price": n * 0.99, "tags": ["a", "b"]} for n in range(60)
]
EVERY = 10
"""After so many timed parts comes a round of the fixed work."""


def work() -> float:
    """Do the fixed work; return its CPU time in milliseconds."""
    begun = time.thread_time()
    for _ in range(3):
        rows = json.loads(json.dumps(ROWS))
        found = {row["name"]: row["price"] * len(row["tags"]) for row in rows}
        sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return (time.thread_time() - begun) * 1e3


@dataclass
class Spent:
    """Milliseconds of CPU of what was timed, in its order, and of the fixed work."""

    parts: list[float] = field(default_factory=list)
    rounds: list[float] = field(default_factory=list)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Time what is done inside."""
        if len(self.parts) % EVERY == 0:
            self.rounds.append(work())
        begun = time.thread_time()
        yield
        self.parts.append((time.thread_time() - begun) * 1e3)

    def told(self) -> str:
        """Return the median and the 99th percentile in words."""
        stick = min(self.rounds)
        middle = statistics.median(self.parts)
        p99 = statistics.quantiles(self.parts, n=100)[98]
        return (
            f"median {middle:.2f} ms, p99 {p99:.2f} ms of CPU,"
            f" {middle / stick:.2f} and {p99 / stick:.2f} times"
            f" a yardstick of {stick:.2f} ms, n {len(self.parts)}"
        )


def least(runs: Sequence[Spent]) -> Spent:
    """Return of each part the least of all runs of the same work."""
    parts = [min(times) for times in zip(*(x.parts for x in runs), strict=True)]
    return Spent(parts, [x for run in runs for x in run.rounds])


def together(spent: Sequence[Spent]) -> Spent:
    """Return all parts as one."""
    return Spent(
        [x for one in spent for x in one.parts],
        [x for one in spent for x in one.rounds],
    )
