import tempfile
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given
from sqlalchemy.orm import Session

from journey.learning.grouped import group
from journey.learning.job import learn_parts
from journey.learning.lessons import OWN
from journey.learning.parts import learn_part, write_parts
from journey.learning.state import State, merge, read_state
from tests.databases import NEEDS_POSTGRES, filled
from tests.factories import NOW
from tests.journey.learning.acts import Person
from tests.journey.learning.test_state import PROPERTY, STORIES, Story, do, fresh, live

PRODUCTS = ["duvet", "pillow", "filters", "machine"]
DRAWN: dict[str, Any] = {
    "sees": lambda random: random.sample(PRODUCTS, 2),
    "option_chosen": lambda random: random.choice(PRODUCTS),
    "option_refused": lambda random: random.choice(PRODUCTS),
    "orders": lambda random: random.sample(PRODUCTS, 2),
    "order_cancelled": lambda random: random.randrange(400),
    "return_requested": lambda random: random.randrange(400),
    "feedback_given": lambda _: "good",
    "asked_again": lambda random: random.sample(PRODUCTS, 2),
    "told_others": lambda random: random.sample(PRODUCTS, 1),
    "need_believed": lambda random: random.choice(["wakes", "hot"]),
    "question_answered": lambda random: random.choice(["heat", "noise"]),
    "summary_confirmed": lambda random: random.choice(["sleep", "work"]),
    "lesson_deleted": lambda random: random.choice(PRODUCTS),
    "lesson_corrected": lambda random: random.choice(PRODUCTS),
    "consent": lambda random: random.random() < 0.7,
}


def population(state: State) -> State:
    """Return what all customers have taught, without each one's own."""
    own = {table.__tablename__ for table in OWN} | {"learned_mutes"}
    return {name: rows for name, rows in state.items() if rows and name not in own}


def live_long(session: Session, random: Random) -> None:
    """Let three customers do four hundred things."""
    people = [Person(session) for _ in range(3)]
    for number in range(400):
        act = random.choice(list(DRAWN))
        do(session, random.choice(people), number, act, DRAWN[act](random))


@PROPERTY
@given(STORIES)
def test_parts_of_the_log_add_up_to_what_was_learned(story: Story) -> None:
    for session in fresh():
        live(session, story)
        with tempfile.TemporaryDirectory() as folder:
            paths = write_parts(session, Path(folder), 2)
            found = reduce(merge, map(learn_part, paths))
        assert found == population(read_state(session))


def test_a_job_over_event_files_gives_the_same_sums(
    session: Session, tmp_path: Path
) -> None:
    live_long(session, Random(1))
    paths = write_parts(session, tmp_path, 3)
    assert learn_parts(paths, "sync") == population(read_state(session))


@NEEDS_POSTGRES
def test_grouping_the_log_gives_the_same_sums() -> None:
    with filled("postgresql") as engine, Session(engine) as session:
        live_long(session, Random(2))
        write_first(Person(session))
        session.flush()
        assert group(session.connection()) == population(read_state(session))


def write_first(person: Person) -> None:
    for kind in ("proactive_sent", "proactive_sent", "proactive_answered"):
        person.does(kind, at=NOW, channel="web", hour=9)


def test_a_part_keeps_a_customer_together(session: Session, tmp_path: Path) -> None:
    live_long(session, Random(3))
    paths = write_parts(session, tmp_path, 2)
    first, second = (learn_part(path) for path in paths)
    assert first != second
    assert merge(first, second) == merge(second, first)
