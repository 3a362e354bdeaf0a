"""The population's sums of a long log: grouped by PostgreSQL, and as a job over files.

    .venv/bin/python -m benchmarks.population [--events 100000 1000000]
        [--by loop dask postgresql]

Made-up customers have journeys and order; each engine gives the sums of the same
events, and all sums are compared. `loop` goes through the files one by one in one
process; `spark` needs `pip install pyspark` and Java.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection

from journey.learning.grouped import group
from journey.learning.job import learn_parts
from journey.learning.parts import learn_part
from journey.learning.state import State, merge
from journey.store.engine import open_engine
from journey.store.tables import Base
from tests.bot.databases import installed, postgres

START = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTS, NEEDS = 500, 12
JOURNEYS, EACH = 5, 8
"""Journeys of a customer, events of a journey."""
PART = 50_000
"""So many events stand in one file: what a process holds of the log at a time."""
BLOCK = 1 << 20
FILLED = """
INSERT INTO events (number, id, at, customer_id, journey_id, need, kind, version,
  payload, decided_by, learning_state)
SELECT (line->>'number')::integer, line->>'number', (line->>'at')::timestamptz,
  line->>'customer_id', line->>'journey_id', line->>'need', line->>'kind', 1,
  line->'payload', 'rules', 0
FROM lines
"""


def journey(random: Random, who: str, number: int) -> Iterator[dict[str, Any]]:
    """Yield what happens in one journey."""
    products = [f"product-{int(PRODUCTS * random.random() ** 3)}" for _ in range(7)]
    need, shown = f"need-{random.randrange(NEEDS)}", list(dict.fromkeys(products[:4]))
    answer = random.choice(["heat", "noise", "light"])
    bought = [[shown[0], *products[4:6]], [shown[0], products[6]]]
    acts: list[tuple[str, float, dict[str, Any]]] = [
        ("need_believed", 0, {"need": need, "odds": 1.0, "cues": ["said"]}),
        ("question_answered", 0, {"question": "why", "answer": answer}),
        ("summary_confirmed", 0, {"need": need}),
        ("shortlist_shown", 0, {"options": [{"product": x} for x in shown]}),
        ("option_refused", 0, {"product": shown[-1], "why": "price"}),
        ("option_chosen", 0, {"product": shown[0]}),
    ]
    for place, items in enumerate(bought):
        told = {"order": number * 2 + place, "items": [{"product": x} for x in items]}
        acts.append(("order_placed", place * random.uniform(5, 30), told))
    for place, (kind, days, payload) in enumerate(acts):
        at = START + timedelta(days=40 * (number % JOURNEYS) + days, seconds=place)
        yield {
            "number": number * EACH + place + 1,
            "at": at.isoformat(),
            "customer_id": who,
            "journey_id": f"journey-{number}",
            "need": need,
            "kind": kind,
            "payload": payload,
        }


def write(folder: Path, events: int) -> list[Path]:
    """Write so many events into files, all of a customer in one."""
    random, customers = Random(0), events // (JOURNEYS * EACH)
    parts = 1 + events // PART
    paths = [folder / f"events-{part:04}.jsonl" for part in range(parts)]
    for part, path in enumerate(paths):
        with path.open("w", encoding="utf-8") as file:
            for customer in range(part, customers, parts):
                for place in range(JOURNEYS):
                    number = customer * JOURNEYS + place
                    for line in journey(random, f"customer-{customer}", number):
                        file.write(json.dumps(line) + "\n")
    return paths


def load(connection: Connection, paths: Sequence[Path]) -> None:
    """Copy the files into the log."""
    connection.exec_driver_sql("CREATE TEMP TABLE lines (line json)")
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy("COPY lines FROM STDIN") as copy:
        for path in paths:
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    copy.write(block)
    connection.exec_driver_sql(FILLED)
    connection.exec_driver_sql("DROP TABLE lines")
    connection.exec_driver_sql("ANALYZE events")


def by_loop(paths: Sequence[Path]) -> State:
    """Return the sums of one file after the other."""
    return reduce(merge, map(learn_part, paths))


def by_spark(paths: Sequence[Path]) -> State:
    """Return the sums as a job of Spark on this machine gives them."""
    from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]

    spark = SparkSession.builder.master("local[2]").getOrCreate()
    files = spark.sparkContext.parallelize(list(paths), len(paths))
    found: State = files.map(learn_part).treeReduce(merge)
    spark.stop()
    return found


def timed(
    name: str, events: int, work: Callable[[], State], peak: Callable[[], int]
) -> State:
    """Return the sums, and print how long they took."""
    start = time.perf_counter()
    found = work()
    spent = time.perf_counter() - start
    rows = sum(map(len, found.values()))
    print(
        f"{name:10} {events:>10,} {spent:8.1f} s {peak() / 1024:7.0f} MB {rows:>9,}",
        flush=True,
    )
    return found


def by_postgresql(paths: Sequence[Path], events: int) -> State:
    """Load the events into a PostgreSQL of its own, and let it group them."""
    binaries = installed()
    assert binaries, "PostgreSQL is not installed"
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as home,
        postgres(binaries, Path(home)) as url,
    ):
        engine = open_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        Base.metadata.create_all(engine)
        with engine.connect() as connection:
            for index in [*Base.metadata.tables["events"].indexes]:
                index.drop(connection)
            connection.exec_driver_sql("SET work_mem = '256MB'")
            load(connection, paths)
            backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            work = partial(group, connection)
            found = timed("postgresql", events, work, partial(peak_of, backend))
        engine.dispose()
    return found


def peak_of(process: int | str) -> int:
    """Return the most memory that a process had, in kB."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return next(int(x.split()[1]) for x in status.splitlines() if "VmHWM" in x)


def peak_of_children() -> int:
    """Return the most memory that any child process had, in kB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def main() -> None:
    """Print time and memory by engine and number of events."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--by", nargs="+", default=["loop", "dask", "postgresql"])
    given = parser.parse_args()
    ways: dict[str, tuple[Callable[[Sequence[Path]], State], Callable[[], int]]] = {
        "loop": (by_loop, partial(peak_of, "self")),
        "dask": (learn_parts, peak_of_children),
        "spark": (by_spark, peak_of_children),
    }
    print(f"{'by':10} {'events':>10} {'time':>10} {'peak':>10} {'rows':>9}")
    for events in given.events:
        with tempfile.TemporaryDirectory() as folder:
            paths, found = write(Path(folder), events), []
            for name in given.by:
                if name == "postgresql":
                    found.append(by_postgresql(paths, events))
                else:
                    work, peak = ways[name]
                    found.append(timed(name, events, partial(work, paths), peak))
            assert all(x == found[0] for x in found), "the sums differ"


if __name__ == "__main__":
    main()
