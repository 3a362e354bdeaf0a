"""Each message once, whatever step its scheduler is killed at.

`COACH_ROWS=1000` plans so many messages instead of a hundred.
"""

import os
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import Engine, func, select

from journey.knowledge import Knowledge, load_knowledge
from journey.store.engine import open_sessions
from journey.store.tables import Event, Message, Proactive
from tests.databases import BOTH, filled
from tests.e2e.dying_scheduler import Steps, empty_outbox, live_on, plan_many

MANY = int(os.environ.get("COACH_ROWS", "100"))
STATEMENTS = {"send": 500, "settle": 30}
"""About so many make one transaction."""


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with filled(request.param) as engine:
        yield engine


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def steps(job: str, random: Random, schedulers: int) -> Steps:
    """Return where to die: before a commit, after one, or at any statement."""
    # Who comes to the first commit dies for certain, whoever that is.
    yield from [("commit", 1)] * schedulers
    kinds = {"commit": 3, "after_commit": 3}
    kinds["before_cursor_execute"] = 3 * STATEMENTS[job]
    while True:
        name = random.choice(list(kinds))
        yield name, random.randint(1, kinds[name])


@pytest.mark.parametrize("schedulers", [1, 2])
def test_each_message_is_sent_once_though_schedulers_are_killed(
    engine: Engine, knowledge: Knowledge, schedulers: int
) -> None:
    plan_many(engine, MANY)
    url = engine.url.render_as_string(hide_password=False)
    deaths = []
    for job in STATEMENTS:
        # A process must not inherit its parent's connections.
        engine.dispose()
        where = steps(job, Random(schedulers), schedulers)
        deaths.append(live_on(url, knowledge, job, where, schedulers))
        empty_outbox(engine)
    assert min(deaths) > 0
    assert_each_once(engine)


def assert_each_once(engine: Engine) -> None:
    with open_sessions(engine)() as session:
        assert Counter(session.scalars(select(Proactive.state))) == {"sent": MANY}
        got = select(Message.conversation_id).where(Message.position.is_not(None))
        assert set(Counter(session.scalars(got)).values()) == {1}
        assert session.scalar(select(func.count()).select_from(Message)) == MANY
        whom = select(Event.customer_id).where(Event.kind == "proactive_sent")
        told = session.scalars(whom).all()
        assert len(told) == len(set(told)) == MANY
