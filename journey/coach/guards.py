"""What comes before everything else: safety, a person, silence, and never mind."""

from journey import log, pending
from journey.coach import (
    back,
    contact,
    correct,
    correcting,
    learned,
    reminding,
    replying,
    talk,
)
from journey.coach.orders import ordering
from journey.coach.replying import To
from journey.messages.cleaning import has_masked
from journey.owner import handoff
from journey.owner.risk import find_risk
from journey.people import linking
from journey.turn import Move, Turn

SURE = 0.5
BINDING = frozenset(
    {"confirm_order", "confirm_cancel", "confirm_swap", "confirm_mandate", "forget"}
)
"""What a yes cannot easily be taken back from: "hmm, maybe" is none."""
VAGUE = frozenset({"affirm", "deny", "out_of_scope"})
"""What a "hmm" and a "maybe" are heard as."""
GOES_ON = frozenset({"why", "later", "yes", "unsure"})
"""Who says this to being written to does not end it: "remind me in two weeks"."""
WHOLE = 0.99
MOSTLY = 0.4
CARD = "utter_card_masked"
ABOUT = ("product", "category", "brand", "need", "cue", "reference", "order")
"""What a message with a card number may be about besides."""


def check(turn: Turn) -> list[Move] | None:
    """Return the answer that nothing may come before, if the message needs one."""
    return (
        _risk(turn)
        or ordering.pressed_again(turn, pending.row(turn))
        or learned.switch(turn)
        or correcting.correct(turn)
        or _stop(turn)
        or _start(turn)
        or _page(turn)
        or _person(turn)
        or _card(turn)
        or _take_back(turn)
        or _not_sure(turn)
    )


def _risk(turn: Turn) -> list[Move] | None:
    risk = find_risk(turn.knowledge.risks, turn.heard.text)
    if risk is None:
        return None
    pending.clear(turn)
    return [
        Move("utter_risk", {"answer": risk.says(turn.heard.language)}),
        *handoff.ask(turn, risk.topic),
    ]


def _stop(turn: Turn) -> list[Move] | None:
    stops, heard = turn.knowledge.stops, turn.heard
    if said_in := stops.language(heard.text, heard.channel):
        return talk.stop(turn, said_in)
    language = turn.knowledge.language(heard.language)
    keyword = language.heard("stop", heard.text) >= WHOLE
    goes_on = replying.meaning(turn, To.OFFER) in GOES_ON
    stops_all = heard.intent == "stop_messages" and heard.confidence >= SURE
    meant = stops_all and not goes_on
    if keyword:
        return talk.stop(turn)
    if not meant:
        return None
    # "No messages after eight" is a wish, and stops nothing; nor does "remind me".
    return reminding.answer(turn) or contact.answer(turn) or talk.stop(turn)


def _start(turn: Turn) -> list[Move] | None:
    said_in = turn.knowledge.stops.start_language(turn.heard.text)
    return talk.start(turn, said_in) if said_in else None


def _page(turn: Turn) -> list[Move] | None:
    """Give the link to the customer's own page, good once."""
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("my_page", turn.heard.text) < MOSTLY:
        return None
    code = linking.issue(turn.session, turn.heard.customer_id, now=turn.now)
    link = f"{turn.knowledge.address}/yours/open?code={code}"
    log.write(turn.session, turn.heard, "page_link_given")
    return [Move("utter_my_page", {"link": link}), *back.way_back(turn)]


def _person(turn: Turn) -> list[Move] | None:
    if turn.heard.intent != "ask_human":
        return None
    return handoff.ask(turn, "asked")


def _card(turn: Turn) -> list[Move] | None:
    """Answer a message that was a card number and nothing else that we can use."""
    if not has_masked(turn.heard.text) or turn.heard.of(*ABOUT):
        return None
    log.write(turn.session, turn.heard, "card_masked")
    return [Move(CARD), *back.way_back(turn)]


def about_card(turn: Turn, moves: list[Move]) -> list[Move]:
    """Say that a card number was masked, when the answer does not say it yet."""
    said = any(move.response == CARD for move in moves)
    if said or not has_masked(turn.heard.text):
        return []
    log.write(turn.session, turn.heard, "card_masked")
    return [Move(CARD)]


def _take_back(turn: Turn) -> list[Move] | None:
    cancelled = correct.cancel(turn)
    if cancelled:
        return cancelled
    return correct.correct(turn) if correct.is_correction(turn) else None


def _not_sure(turn: Turn) -> list[Move] | None:
    waiting = pending.row(turn)
    language = turn.knowledge.language(turn.heard.language)
    if turn.heard.intent not in VAGUE or waiting.expects not in BINDING:
        return None
    if language.heard("unsure", turn.heard.text) < SURE:
        return None
    prompt = pending.prompt(waiting)
    return [Move("utter_no_hurry"), *([prompt] if prompt else [])]
