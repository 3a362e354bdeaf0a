"""Complaints: heard, and a person offered."""

from datetime import timedelta

from sqlalchemy import select

from journey import journeys, log, pending
from journey.coach import back, say
from journey.owner import handoff
from journey.store.tables import Event, Pending
from journey.turn import Move, Turn

COMPLAINT = "complaint"
RECENT = timedelta(days=1)
"""Two complaints within so long are one that was not dealt with."""


def complain(turn: Turn) -> list[Move]:
    """Hear a complaint and offer a person; who complains again gets one."""
    again = _complained(turn)
    log.write(
        turn.session,
        turn.heard,
        "feedback_given",
        journey=journeys.current(turn),
        value=COMPLAINT,
        said=turn.heard.text,
    )
    if again:
        return [Move("utter_complaint_again"), *handoff.ask(turn, "complaint")]
    buttons = (
        say.labelled(turn, "person", "ask_human"),
        say.labelled(turn, "go_on", "deny"),
    )
    prompt = Move("utter_offer_person", buttons=buttons)
    pending.interrupt(turn, "person", prompt)
    return [Move("utter_reflect_complaint"), prompt]


def _complained(turn: Turn) -> bool:
    """Tell whether the customer complained here already, not long ago."""
    query = select(Event.payload).where(
        Event.conversation_id == turn.heard.conversation_id,
        Event.kind == "feedback_given",
        Event.at > turn.now - RECENT,
    )
    return any(x.get("value") == COMPLAINT for x in turn.session.scalars(query))


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
