"""Whatever happens in whatever order: nothing is written that may not be."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from journey.knowledge import Knowledge
from journey.owner.ownership import Owner
from journey.people.consent import WRITING, Purpose, start_writing, stop_writing
from journey.proactive.quiet import Quiet
from journey.proactive.wishes import keep_wish
from journey.store.engine import open_sessions
from journey.store.tables import Conversation, Customer, Message, Proactive
from tests.factories import make_customer
from tests.journey.proactive.writing import Office

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
STARTS = [
    # The nights in which Europe's clocks change, and a leap day.
    datetime(2026, 3, 28, 15, tzinfo=ZoneInfo("UTC")),
    datetime(2026, 10, 24, 15, tzinfo=ZoneInfo("UTC")),
    datetime(2028, 2, 28, 15, tzinfo=ZoneInfo("UTC")),
]
STEPS = ["agree", "refuse", "stop", "start", "plan", "take", "back", "move", "wish"]
WAITS = [0.2, 1.0, 5.0, 11.0, 40.0]


@dataclass
class Life:
    """A customer to whom things happen, and what they would have a right to."""

    office: Office
    customer: Customer
    agreed: bool = False
    stopped: bool = False
    before: bool = False
    person: bool = False
    per_week: int = 2
    planned: int = 0
    sent: list[datetime] = field(default_factory=list)

    @property
    def conversation(self) -> Conversation:
        query = select(Conversation).where(Conversation.customer_id == self.customer.id)
        return self.office.session.scalars(query).one()

    def happen(self, step: str, pick: int) -> None:
        steps: dict[str, Callable[[int], None]] = {
            "agree": lambda _: self.decide(True),
            "refuse": lambda _: self.decide(False),
            "stop": lambda _: self.stop(),
            "start": lambda _: self.start(),
            "plan": lambda _: self.plan(),
            "take": lambda _: self.own(Owner.HUMAN),
            "back": lambda _: self.own(Owner.BOT),
            "move": self.move,
            "wish": self.wish,
        }
        steps[step](pick)

    def decide(self, granted: bool) -> None:
        self.office.decide(self.customer, Purpose.CHECK_IN, granted)
        self.agreed, self.stopped = granted, self.stopped and not granted
        self.before = granted

    def stop(self) -> None:
        session, now = self.office.session, self.office.now
        stop_writing(session, self.customer.id, "stop", source="x", now=now)
        self.agreed, self.stopped = False, True

    def start(self) -> None:
        session, now = self.office.session, self.office.now
        start_writing(session, self.customer.id, source="y", now=now)
        if self.stopped:
            self.agreed = self.before
            self.stopped = not self.before

    def plan(self) -> None:
        self.planned += 1
        self.office.plan(self.customer, once=str(self.planned))

    def own(self, owner: Owner) -> None:
        self.person = owner is not Owner.BOT
        conversation = self.conversation
        conversation.owner = owner
        conversation.owner_version += 1

    def move(self, pick: int) -> None:
        self.customer.timezone = ZONES[pick % len(ZONES)]

    def wish(self, pick: int) -> None:
        self.per_week = pick % 4
        keep_wish(
            self.office.session,
            self.customer.id,
            said="x",
            now=self.office.now,
            per_week=self.per_week,
        )

    def check(self) -> None:
        """Look at what went out since: each had every right to."""
        query = select(Message.created_at).where(Message.position.is_not(None))
        found = sorted(self.office.session.scalars(query))
        for at in found[len(self.sent) :]:
            assert self.agreed
            assert not self.person
            assert not Quiet(ZoneInfo(self.customer.timezone)).holds(at)
            week = [x for x in found if at - timedelta(days=7) < x <= at]
            assert len(week) <= self.per_week
        self.sent = found


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    begins=st.sampled_from(STARTS),
    story=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 7), st.sampled_from(WAITS)),
        max_size=14,
    ),
)
def test_nothing_is_written_that_may_not_be(
    engine: Engine,
    knowledge: Knowledge,
    begins: datetime,
    story: list[tuple[str, int, float]],
) -> None:
    with open_sessions(engine)() as session:
        office = Office(session, knowledge, now=begins)
        customer = make_customer(session, timezone="Europe/Berlin")
        office.conversation(customer, "telegram")
        life = Life(office, customer)
        life.plan()
        for step, pick, hours in story:
            life.happen(step, pick)
            office.work(hours=hours)
            life.check()
        session.rollback()


@pytest.mark.parametrize("begins", STARTS)
def test_what_may_be_written_is_written_once_the_night_is_over(
    engine: Engine, knowledge: Knowledge, begins: datetime
) -> None:
    with open_sessions(engine)() as session:
        office = Office(session, knowledge, now=begins + timedelta(hours=6))
        customer = office.customer()
        row = office.plan(customer)
        for _ in range(24):
            office.work(hours=0.5)
        assert session.get_one(Proactive, row.id).state == "sent"
        (message,) = office.sent()
        here = message.created_at.astimezone(ZoneInfo("Europe/Berlin"))
        assert (here.hour, here.minute) == (8, 0)


def test_every_kind_of_message_needs_a_consent_of_its_own() -> None:
    assert Purpose.PROACTIVE not in WRITING
