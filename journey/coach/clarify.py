"""What was not understood: two tries with suggestions, then a person."""

from journey import log, pending
from journey.coach.grasp import suggestions
from journey.coach.shortlist import kinds
from journey.owner import handoff
from journey.turn import Move, Turn

TRIES = 2


def miss(turn: Turn) -> list[Move]:
    """Say that something was not understood, and help to say it otherwise."""
    unknown = kinds.not_sold(turn)
    if unknown:
        return unknown
    misses = pending.miss(turn)
    if misses > TRIES:
        pending.row(turn).misses = 0
        return [Move("utter_give_up"), *handoff.ask(turn, "not_understood")]
    log.write(turn.session, turn.heard, "clarification_asked", number=misses)
    prompt = pending.prompt(pending.row(turn))
    if prompt:
        return [Move(f"utter_clarify_answer_{misses}"), prompt]
    return [Move(f"utter_clarify_{misses}", buttons=suggestions(turn))]
