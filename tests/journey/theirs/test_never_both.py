"""Two desks and a bot: never do two answer, and nobody waits unheard."""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from journey.knowledge import load_knowledge
from tests.journey.theirs.machine import TwoDesks

EXAMPLES = int(os.environ.get("COACH_EXAMPLES", "40"))
"""More of them on request: the search is random."""


def test_any_interleaving_of_two_desks_has_one_who_answers(engine: Engine) -> None:
    knowledge = load_knowledge(Path("data"))
    fields = {"engine": engine, "knowledge": knowledge}
    machine = type("Desks", (TwoDesks,), fields)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
