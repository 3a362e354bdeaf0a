"""The scheduler: runs each periodic job when it is due, once, whoever dies."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.jobs import BEAT, Job
from journey.store.engine import Sessions
from journey.store.insert import INSERTS
from journey.store.tables import JobState

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

LOOKS_EVERY = 2.0
"""Seconds after which a scheduler looks whether a job is due."""
AT_ONCE = 4
"""So many jobs run at the same time."""
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=15)
"""A job that failed is tried again after that; the wait doubles each time."""


@dataclass(frozen=True)
class Scheduler:
    """Runs jobs over a database. Several may run over the same one."""

    sessions: Sessions
    clock: Clock
    random: Random

    def run(self, job: Job) -> int:
        """Run a job until nothing is due for it; return how many rows it finished."""
        total = 0
        try:
            while self._is_due(job) and (done := self._step(job)):
                total += done
        except Exception as error:
            logger.exception("the job %s failed", job.name)
            self._note_failure(job, error)
        return total

    def _is_due(self, job: Job) -> bool:
        """Look without waiting for a writer; most looks find nothing."""
        with self.sessions() as session:
            session.connection(execution_options={"readonly": True})
            state = session.get(JobState, job.name)
            return state is None or state.due_at <= self.clock()

    def _step(self, job: Job) -> int:
        """Do one transaction's work; it also says when the job is due next."""
        now = self.clock()
        # Not begin(): a job that calls out commits in between.
        with self.sessions() as session:
            state = _claimed(session, job.name, now)
            if state is None:
                return 0
            done = job.run(session, now=now, random=self.random)
            state.ran_at, state.failures, state.failure = now, 0, None
            state.done = done if done else state.done
            if not done:
                state.due_at = job.when.get_next_fire_time(now, now)
            session.commit()
        return done

    def _note_failure(self, job: Job, error: Exception) -> None:
        now = self.clock()
        with self.sessions.begin() as session:
            state = _claimed(session, job.name, now)
            if state is not None:
                state.failures += 1
                state.failure = f"{type(error).__name__}: {error}"[:500]
                state.due_at = now + min(SHORTEST * 2 ** (state.failures - 1), LONGEST)

    def run_forever(self, jobs: Sequence[Job]) -> None:
        """Look after the jobs until the process is told to stop."""
        executors = {"default": ThreadPoolExecutor(AT_ONCE)}
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        ticking = BlockingScheduler(
            executors=executors, job_defaults=defaults, timezone="UTC"
        )
        for job in jobs:
            ticking.add_job(
                self.run,
                "interval",
                [job],
                id=job.name,
                seconds=LOOKS_EVERY,
                next_run_time=self.clock(),
            )
        ticking.start()


def _claimed(session: Session, name: str, now: datetime) -> JobState | None:
    """Hold a job that is due until the transaction ends; None when another does."""
    new: Any = INSERTS[session.get_bind().dialect.name](JobState)
    values = {"name": name, "due_at": now, "done": 0, "failures": 0}
    session.execute(new.values(values).on_conflict_do_nothing())
    query = select(JobState).where(JobState.name == name, JobState.due_at <= now)
    return session.scalar(query.with_for_update(skip_locked=True))


def states(session: Session) -> Sequence[JobState]:
    """Return how each job's last run went."""
    return session.scalars(select(JobState).order_by(JobState.name)).all()


def beats(session: Session, since: datetime) -> bool:
    """Tell whether a scheduler has been alive since an instant."""
    state = session.get(JobState, BEAT)
    return state is not None and state.ran_at is not None and state.ran_at >= since
