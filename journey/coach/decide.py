"""The one brain: what the coach does next with what it heard."""

import logging
from collections.abc import Callable, Mapping

from journey import log, pending
from journey.coach import (
    back,
    checkin,
    clarify,
    complaint,
    contact,
    correct,
    goal,
    guards,
    hinting,
    questioning,
    recognize,
    reminding,
    repeat,
    request,
    respond,
    rights,
    talk,
    using,
    visit,
)
from journey.coach.mandates import announcing, carrying, ending, standing, terms
from journey.coach.orders import (
    addressing,
    appending,
    carting,
    hastening,
    past,
    purchases,
    refunding,
)
from journey.coach.shortlist import watching
from journey.mandates import mandates
from journey.orders.orders import is_open
from journey.proactive import follow
from journey.store.tables import Pending
from journey.turn import Move, Turn

logger = logging.getLogger(__name__)
Handler = Callable[[Turn], list[Move]]
Reader = Callable[[Turn, Pending], list[Move] | None]

INTENTS: Mapping[str, Handler] = {
    **talk.INTENTS,
    **rights.INTENTS,
    **recognize.INTENTS,
    **goal.INTENTS,
    **repeat.INTENTS,
    **complaint.INTENTS,
    **request.INTENTS,
    **respond.INTENTS,
}
EXPECTS: Mapping[str, Reader] = {
    **recognize.EXPECTS,
    **correct.EXPECTS,
    **goal.EXPECTS,
    **checkin.EXPECTS,
    **repeat.EXPECTS,
    **complaint.EXPECTS,
    **rights.EXPECTS,
    **request.EXPECTS,
    **hinting.EXPECTS,
    **respond.EXPECTS,
}
OF_THINGS = frozenset(
    "ask_recommendation order_product reorder share_situation state_goal"
    " stop_messages forget_me ask_human".split()
)
"""In which no mandate is changed, whatever is said besides."""
HEARD = 0.6
"""From this confidence on a need outweighs an intent that is below it."""
OF_NEEDS = frozenset("state_goal ask_recommendation give_preference".split())
"""Intents that take up a need themselves."""
ASIDES = talk.ASIDES | rights.ASIDES | request.ASIDES | respond.ASIDES


def decide(turn: Turn) -> list[Move]:
    """Return what the coach says next; everything that it decided is in the log."""
    _note(turn)
    carrying.drop_over(turn)
    waiting = pending.row(turn)
    follow.note_answer(turn, waiting)
    moves = guards.check(turn)
    if not moves:
        moves = _beside(turn) or [*past.remark(turn), *_serve(turn, waiting)]
    return [*guards.about_card(turn, moves), *moves]


def _beside(turn: Turn) -> list[Move] | None:
    """Answer what is said beside whatever is talked about, whenever it is said."""
    return (
        past.answer(turn)
        or watching.answer(turn)
        or standing.answer(turn)
        or reminding.answer(turn)
        or contact.answer(turn)
        or refunding.answer(turn)
        or using.answer(turn)
    )


def _serve(turn: Turn, waiting: Pending) -> list[Move]:
    """Answer a message; whatever a handler did, there is something to say."""
    misses = waiting.misses
    owed = visit.begin(turn)
    moves = _aside(turn, waiting) or (
        carting.hear(turn, waiting)
        or appending.hear(turn, waiting)
        or hastening.hear(turn, waiting)
        or ending.hear(turn)
        or _answer(turn, waiting)
        or _handle(turn, waiting)
    )
    if not moves:
        logger.error("no answer to %s: %s", turn.heard.intent, turn.heard.message_id)
        return clarify.miss(turn)
    if waiting.misses == misses:
        waiting.misses = 0
    return [*owed, *visit.end(turn, waiting, moves)]


def _note(turn: Turn) -> None:
    needs = [str(entity.value) for entity in turn.heard.of("need")]
    log.write(
        turn.session,
        turn.heard,
        "message_heard",
        intent=turn.heard.intent,
        confidence=round(turn.heard.confidence, 4),
        needs=needs,
    )


def _meant(turn: Turn) -> str:
    """Return the intent to act on.

    A need that was heard is never out of scope, nor are words in another language.
    Nor does anybody take back a mandate that they never gave: of what was ordered,
    "cancel the filters" cancels the order. And "we moved, it's 9 Elm Row" is no story.
    """
    if addressing.tells(turn):
        return "change_order"
    if _revokes_nothing(turn):
        if any(is_open(line.order) for line in purchases.named(turn)):
            return "cancel_order"
    lost = turn.heard.intent == "out_of_scope" or _revokes_nothing(turn)
    guessed = turn.heard.confidence < HEARD and turn.heard.intent not in OF_NEEDS
    heard = any(e.confidence >= HEARD for e in turn.heard.of("need", "cue"))
    if heard and (lost or guessed):
        return "share_situation"
    if turn.heard.intent not in OF_THINGS and _changes_mandate(turn):
        return "set_mandate"
    return (
        "change_language" if lost and turn.heard.of("language") else turn.heard.intent
    )


def _changes_mandate(turn: Turn) -> bool:
    """Tell whether what may be ordered is changed for good, not an order."""
    limits = turn.heard.intent == "change_order" and terms.limits(turn)
    if not limits and not terms.says_for_good(turn):
        return False
    return bool(mandates.living_mandates(turn.session, turn.heard.customer_id))


def _revokes_nothing(turn: Turn) -> bool:
    if turn.heard.intent != "revoke_mandate":
        return False
    return not mandates.living_mandates(turn.session, turn.heard.customer_id)


def _aside(turn: Turn, waiting: Pending) -> list[Move] | None:
    moves = talk.about_itself(turn, waiting)
    return [*moves, *back.way_back(turn)] if moves else None


def _answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    reader = EXPECTS.get(waiting.expects)
    moves = reader(turn, waiting) if reader else None
    return moves or announcing.heard_later(turn) or ending.said(turn, waiting)


def _handle(turn: Turn, waiting: Pending) -> list[Move]:
    if waiting.expects == "answer":
        moves = questioning.other(turn, waiting)
        if moves:
            return moves
    asked_again = pending.prompt(waiting)
    if turn.heard.intent == "affirm" and asked_again:
        return [asked_again]
    handler = INTENTS.get(_meant(turn))
    if handler is None:
        return clarify.miss(turn)
    asked = (waiting.expects, dict(waiting.about))
    moves = handler(turn)
    untouched = (waiting.expects, waiting.about) == asked
    if turn.heard.intent in ASIDES and untouched:
        return [*moves, *back.way_back(turn)]
    return moves
