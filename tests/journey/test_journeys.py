import pytest

from journey import journeys
from journey.journeys import MOVES, Outcome, Stage, WrongMove
from tests.journey.talking import Talk


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_its_moves(stage: Stage) -> None:
    assert stage not in MOVES[stage]


def test_enter_logs_the_stage_once(talk: Talk) -> None:
    turn = talk.turn("greet", "hello")
    journey = journeys.start(turn)
    journeys.enter(turn, journey, Stage.REQUEST)
    journeys.enter(turn, journey, Stage.REQUEST)
    assert talk.events("stage_entered") == [{"to": "request"}]


def test_wrong_move_names_both_stages(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOVES, Stage.REQUEST, frozenset({Stage.RESPOND}))
    turn = talk.turn("greet")
    journey = journeys.start(turn, stage=Stage.REQUEST)
    with pytest.raises(WrongMove, match="from request to respond, not to repeat"):
        journeys.enter(turn, journey, Stage.REPEAT)


def test_closed_journey_stays_as_it_is(talk: Talk) -> None:
    turn = talk.turn("greet")
    journey = journeys.start(turn)
    journeys.close(turn, journey, Outcome.HELPED)
    journeys.close(turn, journey, Outcome.CANCELLED)
    assert journey.outcome == Outcome.HELPED
    assert journeys.current(turn) is None


def test_current_is_the_one_moved_last_in_this_conversation(talk: Talk) -> None:
    first = journeys.start(talk.turn("greet"))
    second = journeys.start(talk.turn("greet"))
    assert journeys.current(talk.turn("greet")) is second
    journeys.resume(talk.turn("greet"), first)
    assert journeys.current(talk.turn("greet")) is first
