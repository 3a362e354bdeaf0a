"""A scheduler in a process of its own that dies at a chosen step, as by `kill -9`."""

import os
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from random import Random

from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Session

from journey.jobs import Job, Run, every
from journey.knowledge import Knowledge
from journey.messages import outbox
from journey.people.consent import Purpose
from journey.proactive.follow import settle_sent
from journey.proactive.plan import KINDS
from journey.proactive.send import Sending
from journey.scheduler import Scheduler
from journey.shop.embedded import EmbeddedShop
from journey.store.base import new_id
from journey.store.engine import open_engine, open_sessions
from journey.store.tables import Consent, Conversation, Customer, Proactive
from tests.factories import NOW
from tests.journey.proactive.writing import SPEECH, say_hello

Step = tuple[str, int]
"""An event of SQLAlchemy's, and at the how manieth of it the process dies."""
Steps = Iterator[Step]
LIFE = timedelta(seconds=20)


def plan_many(engine: Engine, many: int) -> None:
    """Plan a message for each of many customers who agreed to it."""
    at = NOW - timedelta(days=2)
    people = [{"id": new_id(), "created_at": at} for _ in range(many)]
    with open_sessions(engine).begin() as session:
        session.execute(insert(Customer), people)
        for table, columns in (
            (Conversation, {"channel": "website", "created_at": at, "active_at": at}),
            (Consent, _consent(at)),
            (Proactive, _planned()),
        ):
            rows = [{"customer_id": x["id"], **columns} for x in people]
            session.execute(insert(table), rows)


def _consent(at: datetime) -> dict[str, object]:
    said = {"granted": True, "text": "May I?", "source": "test"}
    return {"purpose": Purpose.CHECK_IN, "at": at, **said}


def _planned() -> dict[str, object]:
    until = NOW + timedelta(days=10)
    times = {"due_at": NOW, "expires_at": until, "created_at": NOW, "timed": True}
    return {"kind": "check_in", "purpose": Purpose.CHECK_IN, "once": "1", **times}


def begin(
    url: str, knowledge: Knowledge, life: int, job: str, step: Step
) -> ForkProcess:
    """Start a scheduler with one job; it dies when it comes to a step."""
    process = get_context("fork").Process(
        target=_live, args=(url, knowledge, life, job, step)
    )
    process.start()
    return process


def died(process: ForkProcess) -> bool:
    """Wait for its end and tell whether it was killed; any other failure raises."""
    process.join(60)
    if process.exitcode not in (0, -signal.SIGKILL):
        raise AssertionError(f"the scheduler ended with {process.exitcode}")
    return process.exitcode != 0


def _live(url: str, knowledge: Knowledge, life: int, job: str, step: Step) -> None:
    engine = open_engine(url)
    _die_at(engine, step)
    now = NOW + life * LIFE
    scheduler = Scheduler(open_sessions(engine), lambda: now, Random(life))
    composers = dict.fromkeys(KINDS, say_hello)
    sending = Sending(knowledge, SPEECH, composers, EmbeddedShop())
    runs: dict[str, Run] = {"send": sending.run, "settle": settle_sent}
    scheduler.run(Job(job, every(seconds=10), runs[job]))


def _die_at(engine: Engine, step: Step) -> None:
    name, at = step
    numbers = count(1)

    def pass_by(*_: object) -> None:
        if next(numbers) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    targets = {"commit": engine, "before_cursor_execute": engine}
    event.listen(targets.get(name, Session), name, pass_by)


def live_on(url: str, knowledge: Knowledge, job: str, steps: Steps, many: int) -> int:
    """Start schedulers, many at a time, until all live to their end; count deaths."""
    deaths = 0
    for life in count(1):
        begun = [begin(url, knowledge, life, job, next(steps)) for _ in range(many)]
        killed = sum([died(process) for process in begun])
        deaths += killed
        if killed == 0:
            return deaths
    raise AssertionError


def empty_outbox(engine: Engine) -> None:
    """Do what the web process does, at once."""
    with open_sessions(engine).begin() as session:
        while found := outbox.waiting(session):
            for conversation_id in found:
                outbox.send(session, conversation_id, now=NOW + LIFE)
            session.flush()
