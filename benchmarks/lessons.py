"""Time of one lesson with its SQL, by kind of event, on a file of SQLite.

    .venv/bin/python -m benchmarks.lessons [--customers 200] [--runs 4]

The event is written already; timed is what `journey.learning.lessons.learn` adds to
the same transaction. The tables hold what the customers before have taught. See
benchmarks/yardstick.py for how the time is told.
"""

import argparse
import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.yardstick import Spent, least, together
from journey import log
from journey.learning.lessons import LESSONS, learn
from journey.store.engine import open_engine, open_sessions
from journey.store.tables import Base, Conversation, Customer, Event, Journey

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTS = [f"product-{n}" for n in range(400)]
JOURNEYS = 5
Times = dict[str, Spent]
"""By kind of event."""


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
                with times[kind].timed():
                    learn(session, event)


def run(customers: int) -> Times:
    """Let customers live in a database of their own."""
    times: Times = defaultdict(Spent)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder)}/lessons.db")
        Base.metadata.create_all(engine)
        random = Random(0)
        for _ in range(customers):
            with open_sessions(engine).begin() as session:
                live(session, random, times)
        engine.dispose()
    return times


def main() -> None:
    """Print the median and the 99th percentile by kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--runs", type=int, default=4)
    given = parser.parse_args()
    runs = [run(given.customers) for _ in range(given.runs)]
    times = {kind: least([x[kind] for x in runs]) for kind in runs[0]}
    for kind, spent in [*times.items(), ("all", together([*times.values()]))]:
        print(f"{kind:18} {spent.told()}")


if __name__ == "__main__":
    main()
