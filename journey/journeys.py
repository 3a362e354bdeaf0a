"""Journeys: opened, moved from stage to stage, closed."""

from enum import StrEnum

from sqlalchemy import Select, select

from journey import log
from journey.store.tables import Journey
from journey.turn import Turn


class Stage(StrEnum):
    """Where a journey is."""

    RECOGNIZE = "recognize"
    REQUEST = "request"
    RESPOND = "respond"
    REPEAT = "repeat"


MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.RECOGNIZE: frozenset({Stage.REQUEST, Stage.RESPOND, Stage.REPEAT}),
    # Back to recognize: the customer corrects what we took for their need.
    Stage.REQUEST: frozenset({Stage.RECOGNIZE, Stage.RESPOND, Stage.REPEAT}),
    Stage.RESPOND: frozenset({Stage.RECOGNIZE, Stage.REQUEST, Stage.REPEAT}),
    Stage.REPEAT: frozenset({Stage.RECOGNIZE, Stage.REQUEST, Stage.RESPOND}),
}


class Experience(StrEnum):
    """What kind of journey it is."""

    COACH_BEHAVIOR = "coach_behavior"
    CURATED_OFFERING = "curated_offering"
    RESPOND_TO_DESIRE = "respond_to_desire"
    AUTOMATIC_EXECUTION = "automatic_execution"


class Outcome(StrEnum):
    """How a journey ended."""

    HELPED = "helped"
    PARTLY = "partly"
    NOT_HELPED = "not_helped"
    CANCELLED = "cancelled"
    ORDERED = "ordered"


class WrongMove(Exception):
    """A journey cannot go from one stage to another in one step."""

    def __init__(self, start: Stage, to: Stage) -> None:
        allowed = ", ".join(sorted(MOVES[start]))
        super().__init__(f"a journey moves from {start} to {allowed}, not to {to}")


def start(
    turn: Turn,
    *,
    stage: Stage = Stage.RECOGNIZE,
    experience: Experience = Experience.COACH_BEHAVIOR,
    need: str | None = None,
) -> Journey:
    """Open a journey with the customer's own words."""
    journey = Journey(
        customer_id=turn.heard.customer_id,
        conversation_id=turn.heard.conversation_id,
        stage=stage,
        experience=experience,
        need=need,
        words=turn.heard.text,
        started_at=turn.now,
        stage_at=turn.now,
    )
    turn.session.add(journey)
    turn.session.flush()
    log.write(
        turn.session,
        turn.heard,
        "journey_started",
        journey=journey,
        experience=experience,
        need=need,
    )
    return journey


def current(turn: Turn) -> Journey | None:
    """Return the open journey that was last moved in this conversation."""
    query = _open(turn).where(Journey.conversation_id == turn.heard.conversation_id)
    return turn.session.scalars(query.limit(1)).first()


def opened(turn: Turn) -> list[Journey]:
    """Return every open journey of the customer, the last moved first."""
    return list(turn.session.scalars(_open(turn)))


def resume(turn: Turn, journey: Journey) -> Journey:
    """Go on with a journey here, which may have begun on another channel."""
    journey.conversation_id = turn.heard.conversation_id
    journey.stage_at = turn.now
    turn.session.flush()
    return journey


def enter(turn: Turn, journey: Journey, stage: Stage) -> None:
    """Move a journey to a stage; staying where it is changes nothing.

    Raises:
        WrongMove: the table of moves does not allow it.
    """
    now = Stage(journey.stage)
    if stage == now:
        return
    if stage not in MOVES[now]:
        raise WrongMove(now, stage)
    journey.stage, journey.stage_at = stage, turn.now
    log.write(turn.session, turn.heard, "stage_entered", journey=journey, to=stage)


def close(turn: Turn, journey: Journey, outcome: Outcome) -> None:
    """End a journey; a closed one stays as it is."""
    if journey.state != "open":
        return
    log.write(
        turn.session, turn.heard, "journey_closed", journey=journey, outcome=outcome
    )
    journey.state, journey.outcome, journey.closed_at = "closed", outcome, turn.now


def _open(turn: Turn) -> Select[Journey]:
    return (
        select(Journey)
        .where(Journey.customer_id == turn.heard.customer_id, Journey.state == "open")
        .order_by(Journey.stage_at.desc(), Journey.started_at.desc())
    )
