"""Complaints: heard, and a person offered."""

from journey import journeys, log, pending
from journey.coach import back, say
from journey.owner import handoff
from journey.store.tables import Pending
from journey.turn import Move, Turn


def complain(turn: Turn) -> list[Move]:
    """Hear a complaint and offer a person."""
    log.write(
        turn.session,
        turn.heard,
        "feedback_given",
        journey=journeys.current(turn),
        value="complaint",
        said=turn.heard.text,
    )
    buttons = (
        say.labelled(turn, "person", "ask_human"),
        say.labelled(turn, "go_on", "deny"),
    )
    prompt = Move("utter_offer_person", buttons=buttons)
    pending.interrupt(turn, "person", prompt)
    return [Move("utter_reflect_complaint"), prompt]


def person(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Bring a person after a yes."""
    del waiting
    if turn.heard.intent == "affirm":
        pending.done(turn)
        return handoff.ask(turn, "complaint")
    if turn.heard.intent in ("deny", "refuse_option"):
        return [Move("utter_all_right"), *back.finished(turn)]
    return None


INTENTS = {"complain": complain}
EXPECTS = {"person": person}
