"""What an owner looks at: how long people waited, what was kept, what was missed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean, median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.desk import handoffs
from journey.promises.promises import State
from journey.store.tables import (
    Asked,
    Handoff,
    JobState,
    Journey,
    Promise,
)


@dataclass(frozen=True)
class Waiting:
    """How people were helped: counts, and minutes from the request to the take-over."""

    asked: int
    taken: int
    left: int
    """Who went on with the bot before anybody came."""
    median_minutes: float | None
    longest_minutes: float | None
    rating: float | None
    ratings: int


@dataclass(frozen=True)
class Solved:
    """What one agent ended, why a person was wanted, and how customers found it."""

    agent: str
    ended: int
    reasons: Mapping[str, int]
    rating: float | None


@dataclass(frozen=True)
class Questions:
    """How a need was asked about in its journeys."""

    need: str
    journeys: int
    asked: int

    @property
    def each(self) -> float:
        """Return how many questions a journey took."""
        return self.asked / self.journeys


def waiting(session: Session, since: datetime) -> Waiting:
    """Return how long customers waited for a person since a day."""
    rows = _handoffs(session, since)
    minutes = [_minutes(x.taken_at - x.requested_at) for x in rows if x.taken_at]
    rated = [row.rating for row in rows if row.rating is not None]
    return Waiting(
        asked=len(rows),
        taken=len(minutes),
        left=sum(row.state == handoffs.State.WITHDRAWN for row in rows),
        median_minutes=median(minutes) if minutes else None,
        longest_minutes=max(minutes, default=None),
        rating=mean(rated) if rated else None,
        ratings=len(rated),
    )


def solved(session: Session, since: datetime) -> list[Solved]:
    """Return what each agent ended since a day, the busiest first."""
    by_agent: dict[str, list[Handoff]] = {}
    for row in _handoffs(session, since):
        if row.closed_at and row.agent:
            by_agent.setdefault(row.agent, []).append(row)
    found = [_solved(agent, rows) for agent, rows in by_agent.items()]
    return sorted(found, key=lambda one: (-one.ended, one.agent))


def promised(session: Session, since: datetime) -> Mapping[str, int]:
    """Return how many promises made since a day are kept, broken or open."""
    query = (
        select(Promise.state, func.count())
        .where(Promise.made_at >= since)
        .group_by(Promise.state)
    )
    counted = {state: count for state, count in session.execute(query)}
    return {str(state): counted.get(state, 0) for state in State}


def questions(session: Session, since: datetime) -> list[Questions]:
    """Return how many questions the journeys of each need took."""
    journeys = func.count(Journey.id.distinct())
    query = (
        select(Journey.need, journeys, func.count(Asked.id))
        .outerjoin(Asked, Asked.journey_id == Journey.id)
        .where(Journey.started_at >= since, Journey.need.is_not(None))
        .group_by(Journey.need)
        .order_by(journeys.desc(), Journey.need)
    )
    return [
        Questions(need, count, asked)
        for need, count, asked in session.execute(query)
        if need
    ]


def _handoffs(session: Session, since: datetime) -> Sequence[Handoff]:
    query = select(Handoff).where(Handoff.requested_at >= since)
    return session.scalars(query.order_by(Handoff.requested_at)).all()


def _solved(agent: str, rows: Sequence[Handoff]) -> Solved:
    rated = [row.rating for row in rows if row.rating is not None]
    reasons = Counter(row.reason for row in rows)
    found = mean(rated) if rated else None
    return Solved(agent, len(rows), dict(reasons.most_common()), found)


def _minutes(time: timedelta) -> float:
    return time.total_seconds() / 60


@dataclass(frozen=True)
class Trouble:
    """A periodic job that fails since its last good run, and what was said last."""

    job: str
    since: datetime | None
    failures: int
    failure: str


def troubles(session: Session) -> list[Trouble]:
    """Return the periodic jobs that fail."""
    query = select(JobState).where(JobState.failures > 0).order_by(JobState.name)
    return [
        Trouble(x.name, x.ran_at, x.failures, x.failure or "")
        for x in session.scalars(query)
    ]
