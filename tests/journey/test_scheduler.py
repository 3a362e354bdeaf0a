"""Jobs run when they are due, each row once, whoever dies or fails."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from journey.jobs import BEAT, Job, Run, beat, every, jobs, nightly
from journey.knowledge import Knowledge
from journey.scheduler import Scheduler, beats, states
from journey.shop.embedded import EmbeddedShop
from journey.store.engine import open_sessions
from journey.store.tables import Customer, JobState
from tests.factories import NOW, make_customer


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def runner(engine: Engine, clock: Clock) -> Scheduler:
    return Scheduler(open_sessions(engine), clock, Random(1))


def counting(seen: Counter[str], results: list[int]) -> Run:
    def run(session: Session, *, now: datetime, random: Random) -> int:
        del session, random
        seen[now.isoformat()] += 1
        return results.pop(0) if results else 0

    return run


def failing(session: Session, *, now: datetime, random: Random) -> int:
    del random
    make_customer(session, name="half done", created_at=now)
    raise RuntimeError("the shop is closed")


def state_of(runner: Scheduler, name: str) -> JobState:
    with runner.sessions() as session:
        return session.scalars(select(JobState).where(JobState.name == name)).one()


def test_run_goes_on_until_nothing_is_due(runner: Scheduler) -> None:
    seen = Counter[str]()
    job = Job("some", every(minutes=5), counting(seen, [3, 2]))
    assert runner.run(job) == 5
    assert seen.total() == 3


def test_run_waits_for_its_time(runner: Scheduler, clock: Clock) -> None:
    seen = Counter[str]()
    job = Job("some", every(minutes=5), counting(seen, []))
    for wait in (0, 4, 2):
        clock.wait(minutes=wait)
        runner.run(job)
    assert seen.total() == 2


def test_run_at_night_happens_once_though_two_schedulers_run(
    runner: Scheduler, clock: Clock, engine: Engine
) -> None:
    seen = Counter[str]()
    job = Job("some", nightly(3), counting(seen, []))
    second = Scheduler(open_sessions(engine), clock, Random(2))
    for _ in range(48):
        clock.wait(hours=1)
        runner.run(job)
        second.run(job)
    # Once at the first look, then at 03:00 of both nights (seen at the half hour).
    assert [at[5:13] for at in seen] == ["11-23T10", "11-24T03", "11-25T03"]
    assert set(seen.values()) == {1}


def test_run_leaves_nothing_of_what_failed(
    runner: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    runner.run(Job("some", every(days=1), failing))
    assert "the job some failed" in caplog.text
    assert state_of(runner, "some").failure == "RuntimeError: the shop is closed"
    with runner.sessions() as session:
        assert session.scalars(select(Customer)).all() == []


def test_run_tries_again_later_and_later(runner: Scheduler, clock: Clock) -> None:
    waits = []
    for _ in range(10):
        runner.run(Job("some", every(days=1), failing))
        due = state_of(runner, "some").due_at
        waits.append((due - clock.now).total_seconds())
        clock.now = due
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == 15 * 60


def test_run_forgets_failures_when_it_works(runner: Scheduler, clock: Clock) -> None:
    runner.run(Job("some", every(days=1), failing))
    clock.wait(seconds=5)
    runner.run(Job("some", every(days=1), beat))
    state = state_of(runner, "some")
    assert (state.failures, state.failure) == (0, None)
    assert state.due_at == clock.now + timedelta(days=1)


def test_run_lets_a_job_commit_before_it_calls_out(runner: Scheduler) -> None:
    def run(session: Session, *, now: datetime, random: Random) -> int:
        del random
        make_customer(session, name="claimed", created_at=now)
        session.commit()
        raise RuntimeError("the outside is gone")

    runner.run(Job("some", every(days=1), run))
    with runner.sessions() as session:
        assert session.scalars(select(Customer.name)).one() == "claimed"
    assert state_of(runner, "some").failures == 1


def test_beats_shows_that_a_scheduler_lives(
    runner: Scheduler, session: Session
) -> None:
    assert not beats(session, NOW)
    session.rollback()
    runner.run(Job(BEAT, every(seconds=10), beat))
    session.rollback()
    assert beats(session, NOW)
    assert not beats(session, NOW + timedelta(seconds=1))
    assert [state.name for state in states(session)] == [BEAT]


def test_jobs_have_names_of_their_own(knowledge: Knowledge, tmp_path: Path) -> None:
    names = [job.name for job in jobs(knowledge, EmbeddedShop(), tmp_path)]
    assert BEAT in names
    assert len(names) == len(set(names))
