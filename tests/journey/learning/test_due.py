"""What the model of needs asks itself, a little with each purchase."""

import pytest

from journey.learning.due import TURNS, DueModel
from journey.learning.rhythm import Rhythm


@pytest.fixture
def busy() -> DueModel:
    """Forty customers with ten things each, taken again every twelve days."""
    model = DueModel(days=14)
    for day in range(0, 60, 12):
        for pair in range(400):
            model.observe(f"c{pair % 40}", f"p{pair // 40}", day + pair / 400)
    return model


def test_one_purchase_asks_about_a_few_pairs_only(busy: DueModel) -> None:
    before = len(busy._asked)
    busy.observe("c0", "p0", 200.0)
    assert len(busy._asked) - before <= TURNS


def test_what_is_given_up_is_asked_about_no_more(busy: DueModel) -> None:
    for day in range(400):
        busy.observe("somebody", "else", 300.0 + day)
    assert busy._awake == {("somebody", "else")}


def test_answers_say_whether_it_came_in_time(busy: DueModel) -> None:
    came = [came for _, came in busy._due_rows]
    assert len(came) > 100
    assert all(came)


@pytest.mark.parametrize(("start", "came"), [(0, True), (1, False), (11, True)])
def test_time_is_found_in_a_span(start: float, came: bool) -> None:
    rhythm = Rhythm()
    for day in (0.0, 12.0, 30.0):
        rhythm.add(day)
    assert rhythm.was_within(start, start + 5) is came
