"""Time of one lesson with its SQL, by kind of event, on a file of SQLite.

    .venv/bin/python -m benchmarks.lessons [--customers 300]

The event is written already; timed is what `journey.learning.lessons.learn` adds to
the same transaction. The tables hold what the customers before have taught. Beside the
time on the clock stands the CPU time, which other processes disturb less.
"""

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from journey import log
from journey.learning.lessons import LESSONS, learn
from journey.store.engine import open_engine, open_sessions
from journey.store.tables import Base, Conversation, Customer, Event, Journey

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTS = [f"product-{n}" for n in range(400)]
JOURNEYS = 5
Times = dict[str, list[tuple[float, float]]]
"""By kind of event, seconds on the clock and of CPU."""


def story(random: Random, number: int) -> list[tuple[str, dict[str, Any]]]:
    """Return what happens in one journey."""
    shown = random.sample(PRODUCTS, 4)
    said = {"question": "why", "answer": "heat", "said": "hot"}
    items = [{"product": x} for x in (shown[0], *random.sample(PRODUCTS, 2))]
    return [
        ("need_believed", {"need": "sleep", "odds": 1.0, "cues": ["wakes"]}),
        ("question_answered", said),
        ("summary_confirmed", {"need": "sleep"}),
        ("shortlist_shown", {"options": [{"product": x} for x in shown]}),
        ("option_refused", {"product": shown[1], "why": "price"}),
        ("option_chosen", {"product": shown[0]}),
        ("order_placed", {"order": number, "items": items}),
        ("return_requested", {"order": number, "product": shown[0]}),
        ("feedback_given", {"value": "good"}),
    ]


def live(session: Session, random: Random, times: Times) -> None:
    """Let one customer have their journeys, and time each lesson."""
    customer = Customer(created_at=NOW)
    session.add(customer)
    session.flush()
    talk = Conversation(
        customer_id=customer.id, channel="web", created_at=NOW, active_at=NOW
    )
    session.add(talk)
    session.flush()
    for number in range(JOURNEYS):
        at = NOW + timedelta(days=20 * number, minutes=random.randrange(9999))
        journey = Journey(
            customer_id=customer.id,
            conversation_id=talk.id,
            need="sleep",
            started_at=at,
            stage_at=at,
        )
        session.add(journey)
        session.flush()
        for kind, payload in story(random, number):
            event = Event(
                at=at,
                customer_id=customer.id,
                conversation_id=talk.id,
                journey_id=journey.id,
                need="sleep",
                kind=kind,
                payload=payload,
                decided_by=log.RULES,
            )
            session.add(event)
            session.flush()
            if kind in LESSONS:
                start, cpu = time.perf_counter(), time.thread_time()
                learn(session, event)
                spent = time.perf_counter() - start, time.thread_time() - cpu
                times[kind].append(spent)


def main() -> None:
    """Print the median and the 99th percentile by kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=300)
    given = parser.parse_args()
    times: Times = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder)}/lessons.db")
        Base.metadata.create_all(engine)
        random = Random(0)
        for _ in range(given.customers):
            with open_sessions(engine).begin() as session:
                live(session, random, times)
        engine.dispose()
    every = [x for found in times.values() for x in found]
    for kind, found in [*times.items(), ("all", every)]:
        clock, cpu = (told([x * 1e3 for x in one]) for one in zip(*found, strict=True))
        print(f"{kind:20} {clock}   CPU {cpu}   n {len(found)}")


def told(milliseconds: list[float]) -> str:
    """Return the median and the 99th percentile in words."""
    p99 = statistics.quantiles(milliseconds, n=100)[98]
    return f"median {statistics.median(milliseconds):.3f} ms  p99 {p99:6.3f} ms"


if __name__ == "__main__":
    main()
