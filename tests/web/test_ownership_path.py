"""Whoever comes in between: one owner, nothing said by another, nobody unheard."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from journey.desk.handoffs import Who
from journey.store.engine import open_engine
from journey.store.tables import Base
from tests.databases import BOTH, filled
from tests.web.ownership_path import ASKS, BEN, MIA, OwnershipPath

EXAMPLES = int(os.environ.get("COACH_EXAMPLES", "60"))
"""More of them on request: the search is random."""


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with filled(request.param) as engine:
        yield engine


def test_any_interleaving_keeps_one_owner(database: Engine) -> None:
    machine = type("Path", (OwnershipPath,), {"engine": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def scene(name: str, *steps: tuple[str, dict[str, object]]) -> object:
    return pytest.param(steps, id=name)


ASK = ("say", {"name": "c1", "text": ASKS})
SAY = ("say", {"name": "c1", "text": "hello"})
SERVE = ("serve", {"worker": "a", "fails": False})
FAIL = ("serve", {"worker": "a", "fails": True})
THINK = ("think", {"worker": "a"})
FINISH = ("finish", {"fails": False})
SEND = ("send", {"name": "c1"})
CARRY_ON = ("carry_on", {"name": "c1"})
LOOK = ("look", {"name": "c1", "agent": MIA})
WAIT = ("wait", {"seconds": 3600.0})
PROPOSE, FIRE, DIE = ("propose", {"name": "c1"}), ("fire", {}), ("die", {})


def does(act: str, agent: Who = MIA) -> tuple[str, dict[str, object]]:
    return "act", {"name": "c1", "agent": agent, "act": act}


@pytest.mark.parametrize(
    "steps",
    [
        scene("held, then the bot goes on", ASK, SERVE, SAY, SERVE, CARRY_ON, SERVE),
        scene(
            "answer arrives after the takeover",
            *(SAY, THINK, does("take"), WAIT, FINISH, SEND),
        ),
        scene(
            "answer arrives when all is given back",
            *(SAY, THINK, does("take"), LOOK, does("give_back"), FINISH, SEND),
        ),
        scene(
            "answer arrives when the request was taken back",
            *(SAY, THINK, FAIL, WAIT, SERVE, CARRY_ON, SERVE, SEND),
        ),
        scene(
            "unsent answer, a request, and its end",
            *(SAY, ASK, THINK, FINISH, THINK, FINISH, CARRY_ON, THINK, FINISH, SEND),
        ),
        scene("proactive under a person", PROPOSE, does("take"), FIRE, SEND),
        scene("proactive made while a person answers", does("take"), PROPOSE, FIRE),
        scene("asked, dead before the answer", ASK, THINK, DIE, WAIT, SERVE),
        scene("a colleague takes over a draft", does("take"), does("answer")),
        scene("two agents click", ASK, SERVE, does("take"), does("take", BEN)),
        scene("claimed for a person, given back", does("take"), SAY, THINK, LOOK),
    ],
)
def test_scene_ends_with_nobody_unheard(
    steps: list[tuple[str, dict[str, object]]],
) -> None:
    engine = open_engine("sqlite://")
    Base.metadata.create_all(engine)
    machine = type("Path", (OwnershipPath,), {"engine": engine})()
    machine.open()
    for rule, given in steps:
        getattr(machine, rule)(**given)
        machine.there_is_one_owner()
        machine.moves_are_one_chain()
        machine.no_message_is_unanswered_and_unseen()
    machine.teardown()
    engine.dispose()
