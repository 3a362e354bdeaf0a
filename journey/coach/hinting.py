"""Hinting: what somebody may come to need is spoken of once, with the reason."""

from datetime import timedelta

from journey import journeys, log, pending
from journey.coach import (
    back,
    clarify,
    questioning,
    replying,
    request,
    say,
    written,
)
from journey.coach.grasp import settle
from journey.coach.mandates import carrying
from journey.coach.replying import To
from journey.coach.shortlist.refining import wishes_of
from journey.curate.fit import CATEGORY
from journey.curate.keep import keep_wishes
from journey.curate.wishes import Draft
from journey.foresight.latent import POSTPONED, VETOED, Hint, hints
from journey.journeys import Experience, Stage
from journey.learning.stories import NEED
from journey.people.consent import Purpose
from journey.store.tables import Pending, Proactive
from journey.turn import Move, Turn

EXPECTED = "may_need"
LOOKS = frozenset(
    "affirm ask_recommendation order_product ask_about_option compare_options"
    " choose_option give_preference refuse_option".split()
)
"""Said of what is offered to be looked at, these look at it."""
LATER = timedelta(days=30)
"""So long what was put off without a day is not spoken of."""


def tell(turn: Turn, row: Proactive) -> list[Move] | None:
    """Say what is likely, unless it is no longer."""
    found = {hint.thing: hint for hint in likely(turn)}
    hint = found.get(row.about["thing"])
    return [ask(turn, hint)] if hint else None


def likely(turn: Turn) -> list[Hint]:
    """Return what the customer may come to need."""
    return hints(turn.session, turn.heard.customer_id, turn.knowledge, turn.now)


def mention(turn: Turn) -> list[Move]:
    """Say to who is here what they likely come to need, if anything."""
    return [ask(turn, hint) for hint in likely(turn)[:1]]


def ask(turn: Turn, hint: Hint) -> Move:
    """Ask whether to look at it together."""
    reason = hint.reason(turn.knowledge.language(turn.heard.language))
    log.write(
        turn.session,
        turn.heard,
        "hint_given",
        thing=hint.thing,
        why=hint.outlook.why,
        chance=round(hint.outlook.chance, 4),
    )
    buttons = (
        say.labelled(turn, "look", "affirm"),
        say.labelled(turn, "no", "deny"),
    )
    prompt = Move(
        "utter_may_need", {"name": hint.name, "reason": reason}, buttons=buttons
    )
    return pending.interrupt(turn, EXPECTED, prompt, thing=hint.thing)


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Look at it together at a yes; a no is kept."""
    thing = str(waiting.about["thing"])
    said = replying.meaning(turn, To.OFFER)
    if said in ("no", "over") or (said is None and carrying.says_no(turn)):
        log.write(turn.session, turn.heard, VETOED, thing=thing)
        return [Move("utter_hint_refused"), *back.finished(turn)]
    if said == "later":
        return [_later(turn, thing), *back.finished(turn)]
    reason = written.told_reason(turn)
    reacted = written.react(turn, said, Purpose.MAY_NEED, reason)
    if reacted or _is_about_other(turn, thing):
        return reacted
    if said == "yes" or turn.heard.intent in LOOKS:
        return _look(turn, thing)
    # "I have a reusable one" asks for nothing again where nothing is named.
    unnamed = turn.heard.intent == "reorder" and not turn.heard.of("category")
    return clarify.miss(turn) if unnamed else None


def _later(turn: Turn, thing: str) -> Move:
    """Speak of it again from the day that is named on, else in a month."""
    day = replying.named_day(turn)
    until = (day or turn.now + LATER).isoformat()
    log.write(turn.session, turn.heard, POSTPONED, thing=thing, until=until)
    if day is None:
        return Move("utter_hint_later")
    return Move("utter_not_due_before", {"day": say.day(turn, day)})


def _is_about_other(turn: Turn, thing: str) -> bool:
    """Tell whether a product, another kind or a need is spoken of."""
    kinds = {f"kind:{e.value}" for e in turn.heard.of("category")}
    return bool(turn.heard.of("product", "need") or kinds - {thing})


def _look(turn: Turn, thing: str) -> list[Move]:
    pending.done(turn)
    kind, _, name = thing.partition(":")
    return _coach(turn, name) if kind + ":" == NEED else _show(turn, name)


def _coach(turn: Turn, need: str) -> list[Move]:
    journey = journeys.start(turn)
    settle(turn, journey, need)
    name = turn.knowledge.needs[need].name
    return [
        Move("utter_start_with", {"need": name}),
        *questioning.go_on(turn, journey),
    ]


def _show(turn: Turn, category: str) -> list[Move]:
    journey = journeys.start(
        turn, stage=Stage.REQUEST, experience=Experience.CURATED_OFFERING
    )
    wish = Draft(CATEGORY, "==", {"value": [category]}, turn.heard.text)
    keep_wishes(turn, journey, [wish])
    keep_wishes(turn, journey, wishes_of(turn, journey))
    return request.offer(turn, journey)


EXPECTS = {EXPECTED: answer}
