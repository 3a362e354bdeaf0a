"""Asking whether we may write first: for one purpose, once, at a moment that fits."""

from datetime import timedelta

from sqlalchemy import select

from journey import log, pending
from journey.coach import back, say
from journey.people import consent
from journey.people.consent import Purpose
from journey.store.tables import Event, Pending
from journey.turn import Move, Turn

ASKED = "consent_asked"
PAUSE = timedelta(days=14)
"""So long after one such question there is no other one."""
SURE = 0.3


def may_ask(turn: Turn, purpose: Purpose) -> bool:
    """Tell whether this is a moment to ask: undecided, and nothing asked lately."""
    decided = consent.ledger(turn.session, turn.heard.customer_id)
    if any(row.purpose in (purpose, Purpose.PROACTIVE) for row in decided):
        return False
    return not asked_lately(turn, ASKED, PAUSE)


def asked_lately(turn: Turn, kind: str, pause: timedelta) -> bool:
    """Tell whether a question of a kind was put within a time."""
    query = select(Event.id).where(
        Event.customer_id == turn.heard.customer_id,
        Event.kind == kind,
        Event.at > turn.now - pause,
    )
    return turn.session.scalar(query.limit(1)) is not None


def ask(turn: Turn, purpose: Purpose, *, interrupts: bool = False) -> list[Move]:
    """Ask for consent with the exact words that the ledger will keep.

    `interrupts` says that what is open now is gone back to after the answer.
    """
    text = say.says(turn)[f"agree_{purpose}"]
    buttons = (say.labelled(turn, "agree", "affirm"), say.labelled(turn, "no", "deny"))
    prompt = Move(f"utter_may_{purpose}", {"consent": text}, buttons=buttons)
    log.write(turn.session, turn.heard, ASKED, purpose=purpose)
    put = pending.interrupt if interrupts else pending.expect
    return [put(turn, "consent", prompt, purpose=purpose, text=text)]


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read yes or no; anything else leaves it undecided."""
    language = turn.knowledge.language(turn.heard.language)
    yes = (
        turn.heard.intent == "affirm" or language.heard("agree", turn.heard.text) > SURE
    )
    no = turn.heard.intent in ("deny", "refuse_option", "goodbye")
    purpose = Purpose(waiting.about["purpose"])
    if not (yes or no):
        pending.done(turn)
        return None
    decide(turn, purpose, yes and not no, waiting.about["text"])
    name = "utter_consent_given" if yes and not no else "utter_consent_declined"
    return [Move(name), *back.finished(turn)]


def decide(turn: Turn, purpose: Purpose, granted: bool, text: str) -> None:
    """Put a decision into the ledger, with the words that it was about."""
    consent.record_consent(
        turn.session,
        turn.heard.customer_id,
        purpose,
        granted,
        text=text,
        source=turn.heard.message_id,
        now=turn.now,
    )
    kind = "consent_given" if granted else "consent_declined"
    log.write(turn.session, turn.heard, kind, purpose=purpose)


EXPECTS = {"consent": answer}
