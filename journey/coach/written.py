"""Being written to at all: why, never again, or not the one who is meant."""

from journey import log, pending
from journey.coach import asking, back, say, talk
from journey.people import consent
from journey.people.consent import Purpose
from journey.turn import Move, Turn


def react(
    turn: Turn, said: str | None, purpose: Purpose, because: str = ""
) -> list[Move] | None:
    """Answer what is said about being written to, whatever the message was about.

    `because` is why we wrote, in words.
    """
    if said == "stranger":
        pending.clear(turn)
        return [Move("utter_stranger"), *talk.stop(turn)]
    if said == "never":
        return [_never_again(turn, purpose), *back.finished(turn)]
    if said == "why":
        return [*why(turn, purpose, because), *back.way_back(turn)]
    return [Move("utter_no_hurry")] if said == "unsure" else None


def _never_again(turn: Turn, purpose: Purpose) -> Move:
    """Take back what was agreed to for this purpose, in the customer's own words."""
    asking.decide(turn, purpose, False, turn.heard.text)
    return Move("utter_never_again", {"what": say.says(turn)[f"purpose_{purpose}"]})


def why(turn: Turn, purpose: Purpose, because: str = "") -> list[Move]:
    """Say why we wrote: the reason, and the words that were agreed to."""
    rows = consent.ledger(turn.session, turn.heard.customer_id)
    agreed = [row for row in rows if row.purpose == purpose and row.granted]
    told = [Move("utter_because", {"reason": because})] if because else []
    if agreed:
        values = {"day": say.day(turn, agreed[-1].at), "words": agreed[-1].text}
        told.append(Move("utter_you_agreed", values))
    log.write(turn.session, turn.heard, "reason_told", purpose=purpose)
    return told or [Move("utter_why_asked")]


def told_reason(turn: Turn) -> str:
    """Return the reason that was said with the question that waits."""
    prompt = pending.prompt(pending.row(turn))
    return str(prompt.values.get("reason", "")) if prompt else ""
