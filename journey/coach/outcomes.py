"""How something went, as a customer says it: well, badly or so-so."""

from journey.coach import replying, telling
from journey.coach.replying import To
from journey.journeys import Outcome
from journey.turn import Turn

HEARD = 0.12
OUTCOMES = {
    "good": Outcome.HELPED,
    "mixed": Outcome.PARTLY,
    "bad": Outcome.NOT_HELPED,
}


def polarity(turn: Turn) -> str | None:
    """Return whether a customer says that it went well, badly, or so-so."""
    for entity in turn.heard.of("feedback"):
        return str(entity.value)
    said = replying.meaning(turn, To.OUTCOME)
    if said in OUTCOMES:
        return said
    language = turn.knowledge.language(turn.heard.language)
    scores = {kind: language.heard(kind, turn.heard.text) for kind in OUTCOMES}
    kind = max(("mixed", "bad", "good"), key=lambda kind: scores[kind])
    if min(scores["good"], scores["bad"]) >= HEARD:
        return "mixed"
    if scores[kind] >= HEARD:
        return kind
    if telling.told_others(turn):
        return "good"
    return {"affirm": "good", "thank": "good", "deny": "bad", "complain": "bad"}.get(
        turn.heard.intent
    )
