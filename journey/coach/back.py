"""The way back to what was being talked about."""

from journey import journeys, pending
from journey.turn import Move, Turn


def way_back(turn: Turn) -> list[Move]:
    """Ask again what still waits for an answer, with a word on what it was about."""
    prompt = pending.prompt(pending.row(turn))
    if prompt is None:
        return []
    journey = journeys.current(turn)
    need = turn.knowledge.needs.get(journey.need or "") if journey else None
    if need is None:
        return [Move("utter_way_back"), prompt]
    return [Move("utter_way_back_need", {"need": need.name}), prompt]


def heard(turn: Turn) -> list[Move]:
    """Go back to what an answer interrupted; else go on hearing what else is said."""
    if pending.row(turn).stack:
        return finished(turn)
    pending.hush(turn)
    return []


def finished(turn: Turn) -> list[Move]:
    """End a sub-dialogue and return to what it interrupted."""
    pending.done(turn)
    return way_back(turn)
