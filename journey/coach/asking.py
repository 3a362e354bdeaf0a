"""Asking whether we may write first: for one purpose, once, at a moment that fits."""

from datetime import timedelta

from sqlalchemy import select

from journey import log, pending
from journey.coach import back, contact, replying, say
from journey.coach.replying import To
from journey.people import consent
from journey.people.consent import Purpose
from journey.proactive.wishes import wishes_of
from journey.store.tables import Customer, Event, Pending
from journey.turn import Move, Turn

ASKED = "consent_asked"
PAUSE = timedelta(days=14)
"""So long after one such question there is no other one."""
SURE = 0.3
NO = frozenset({"no", "over", "never", "stranger"})


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
    purpose, text = Purpose(waiting.about["purpose"]), waiting.about["text"]
    said = _said(turn)
    if said == "yes":
        decide(turn, purpose, True, text)
        return [Move("utter_consent_given"), *back.finished(turn)]
    if said in NO or turn.heard.intent == "refuse_option":
        decide(turn, purpose, False, text)
        return [Move("utter_consent_declined"), *back.finished(turn)]
    if said == "later":
        return [Move("utter_consent_declined"), *back.finished(turn)]
    if said == "unsure":
        return [Move("utter_no_hurry")]
    if said == "why":
        return _why(turn, purpose)
    pending.done(turn)
    return None


def _said(turn: Turn) -> str | None:
    """Return what the message means; "yes, but two days before" is a yes.

    Who wants it done without being asked wants more than to be written to.
    """
    said = replying.meaning(turn, To.OFFER)
    yes = turn.heard.intent == "affirm" or replying.agrees(turn)
    if turn.heard.intent == "set_mandate" and not yes and said != "no":
        return None
    return "yes" if said == "later" and yes else said or _agreed(turn)


def _agreed(turn: Turn) -> str | None:
    language = turn.knowledge.language(turn.heard.language)
    return "yes" if language.heard("agree", turn.heard.text) > SURE else None


def _why(turn: Turn, purpose: Purpose) -> list[Move]:
    """Say what it is good for, how often it would be, and how it ends."""
    customer = turn.session.get_one(Customer, turn.heard.customer_id)
    zone = turn.knowledge.policies.people.timezone
    wishes = wishes_of(turn.session, customer, zone)
    language = turn.knowledge.language(turn.heard.language)
    often = contact.often_in_words(language, wishes.per_week, wishes.span.days)
    what = language.says[f"purpose_{purpose}"]
    values = {"what": what, "often": often}
    return [Move("utter_why_consent", values)]


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
