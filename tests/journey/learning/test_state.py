from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from journey.learning.state import merge, read_state, rebuild, write_state
from journey.people import privacy
from journey.people.consent import Purpose, record_consent
from journey.store.tables import Base
from tests.factories import NOW
from tests.journey.learning.acts import Person

PRODUCTS = st.sampled_from(["duvet", "pillow", "filters", "machine"])
BASKETS = st.lists(PRODUCTS, min_size=1, max_size=3, unique=True)
ACTS = st.one_of(
    st.tuples(st.just("sees"), BASKETS),
    st.tuples(st.just("option_chosen"), PRODUCTS),
    st.tuples(st.just("option_refused"), PRODUCTS),
    st.tuples(st.just("orders"), BASKETS),
    st.tuples(st.just("order_cancelled"), st.integers(0, 5)),
    st.tuples(st.just("return_requested"), st.integers(0, 5)),
    st.tuples(st.just("feedback_given"), st.sampled_from(["good", "bad", "mixed"])),
    st.tuples(st.just("asked_again"), BASKETS),
    st.tuples(st.just("told_others"), BASKETS),
    st.tuples(st.just("need_believed"), st.sampled_from(["wakes", "hot"])),
    st.tuples(st.just("question_answered"), st.sampled_from(["heat", "noise"])),
    st.tuples(st.just("summary_confirmed"), st.sampled_from(["sleep", "work"])),
    st.tuples(st.just("lesson_deleted"), PRODUCTS),
    st.tuples(st.just("lesson_corrected"), PRODUCTS),
    st.tuples(st.just("consent"), st.booleans()),
)
STORIES = st.lists(st.tuples(st.integers(0, 2), ACTS), max_size=20)
Story = list[tuple[int, tuple[str, Any]]]
PAYLOADS = {
    "option_chosen": lambda x: {"product": x},
    "option_refused": lambda x: {"product": x, "why": "trait"},
    "order_cancelled": lambda x: {"order": x},
    "return_requested": lambda x: {"order": x},
    "feedback_given": lambda x: {"value": x},
    "asked_again": lambda x: {"products": x},
    "told_others": lambda x: {"products": x},
    "need_believed": lambda x: {"need": "sleep", "odds": 1.0, "cues": [x]},
    "question_answered": lambda x: {"question": "why", "answer": x, "said": x},
    "summary_confirmed": lambda x: {"need": x},
    "lesson_deleted": lambda x: {"product": x},
    "lesson_corrected": lambda x: {"product": x, "likes": True},
}


def live(session: Session, story: Story, *who_lives: int) -> list[Person]:
    """Let three customers (or some of them) live through a story."""
    people = [Person(session) for _ in range(3)]
    for name, person in zip("abc", people, strict=True):
        session.flush()
        person.id = name
    for number, (who, (act, value)) in enumerate(story):
        if not who_lives or who in who_lives:
            do(session, people[who], number, act, value)
    return people


def do(session: Session, person: Person, number: int, act: str, value: Any) -> None:
    at = NOW + timedelta(days=number)
    if act == "sees":
        person.sees(*value, at=at)
    elif act == "orders":
        person.orders(number, *value, days=number)
    elif act == "consent":
        record_consent(
            session,
            person.id,
            Purpose.LEARNING,
            value,
            text="Learn from me",
            source="test",
            now=at,
        )
    else:
        person.does(act, at=at, **PAYLOADS[act](value))


def fresh() -> Iterator[Session]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


PROPERTY = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@PROPERTY
@given(STORIES)
def test_the_log_gives_the_same_state_again(story: Story) -> None:
    for session in fresh():
        live(session, story)
        before = read_state(session)
        rebuild(session)
        assert read_state(session) == before


@PROPERTY
@given(STORIES)
def test_shards_add_up_to_the_whole(story: Story) -> None:
    parts = []
    for who in range(3):
        for session in fresh():
            live(session, story, who)
            parts.append(read_state(session))
    for session in fresh():
        live(session, story)
        whole = read_state(session)
    assert unmuted(merge(parts[0], merge(parts[1], parts[2]))) == unmuted(whole)


@PROPERTY
@given(STORIES)
def test_an_erased_customer_was_never_there(story: Story) -> None:
    for session in fresh():
        live(session, story, 0, 2)
        without = read_state(session)
    for session in fresh():
        live(session, story)
        privacy.erase_customer(session, "b", NOW)
        assert unmuted(read_state(session)) == unmuted(without)


def unmuted(state: dict[str, Any]) -> dict[str, Any]:
    """Leave out what has a random id."""
    return {name: rows for name, rows in state.items() if name != "learned_mutes"}


def test_a_written_state_reads_the_same(session: Session) -> None:
    person = Person(session)
    person.sees("duvet")
    person.orders(1, "duvet")
    state = read_state(session)
    write_state(session, merge({}, state))
    assert read_state(session) == state


@pytest.mark.parametrize("batch", [1, 2])
def test_a_rebuild_tells_its_progress(
    session: Session, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("journey.learning.state.BATCH", batch)
    person = Person(session)
    person.sees("duvet")
    person.orders(1, "duvet")
    ticks: list[int] = []
    assert rebuild(session, ticks.append) == 2
    assert sum(ticks) == 2
