"""Hinting: what somebody may come to need is spoken of once, with the reason."""

from journey import journeys, log, pending
from journey.coach import back, questioning, request, say
from journey.coach.grasp import settle
from journey.coach.mandates import carrying
from journey.curate.fit import CATEGORY
from journey.curate.keep import keep_wishes
from journey.curate.wishes import Draft
from journey.foresight.latent import VETOED, Hint, hints
from journey.journeys import Experience, Stage
from journey.learning.stories import NEED
from journey.store.tables import Pending, Proactive
from journey.turn import Move, Turn

EXPECTED = "may_need"
YES = ("affirm", "ask_recommendation", "order_product")


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
    if carrying.refuses(turn) or turn.heard.intent == "goodbye":
        log.write(turn.session, turn.heard, VETOED, thing=thing)
        return [Move("utter_hint_refused"), *back.finished(turn)]
    if turn.heard.intent not in YES or turn.heard.of("product", "category", "need"):
        return None
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
    return request.offer(turn, journey)


EXPECTS = {EXPECTED: answer}
