"""What a message means as a reply to what the coach asked or told of itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from journey.language.words import split
from journey.people.goals import deadline
from journey.turn import Entity, Turn


class To(StrEnum):
    """What is replied to: an offer or a question, how it went, bad news."""

    OFFER = "offer"
    OUTCOME = "outcome"
    NEWS = "news"


CLEAR = 0.6
"""From this confidence on an intent alone tells what a reply means."""
GRAVE, SURE = frozenset({"stranger", "never", "over"}), 0.75
"""What ends more than a question, and how surely it must be meant."""
BY_INTENT: Mapping[To, Mapping[str, str]] = {
    To.OFFER: {"affirm": "yes", "deny": "no", "goodbye": "no"},
    To.OUTCOME: {},
    To.NEWS: {"affirm": "fine", "cancel_order": "cancel"},
}


def meaning(turn: Turn, to: To) -> str | None:
    """Return what a message means as a reply (see data/nlu/replies/), None for others.

    A button means what its intent says.
    """
    clear = turn.heard.confidence >= CLEAR
    by_intent = BY_INTENT[to].get(turn.heard.intent) if clear else None
    for mark in turn.heard.of("reply"):
        kind, _, said = str(mark.value).partition(".")
        if kind == to:
            doubted = said in GRAVE and mark.confidence < SURE
            if doubted:
                return None
            return "no" if said == "yes" and clear and _denies(turn) else said
    return by_intent


def _denies(turn: Turn) -> bool:
    """Tell whether a yes is none, for all else says no: "nope, all good"."""
    return turn.heard.intent == "deny" and not agrees(turn)


def agrees(turn: Turn) -> bool:
    """Tell whether a part of a message is a yes: "yes, but not at night"."""
    return any(mark.value == "affirm" for mark in turn.heard.of("act"))


def named_day(turn: Turn) -> datetime | None:
    """Return the day that a message names, to come: "in two weeks", "on Friday"."""
    for entity in turn.heard.of("duration"):
        if (days := int(entity.value["days"])) and not _lasted(turn, entity):
            return turn.now + timedelta(days=days)
    return deadline(turn)


def _lasted(turn: Turn, span: Entity) -> bool:
    """Tell whether it is how long something took: "I was away for two weeks"."""
    language = turn.knowledge.language(turn.heard.language)
    before = split(turn.heard.text[: span.start])
    return bool(before) and before[-1] in language.hears["lasting"]
