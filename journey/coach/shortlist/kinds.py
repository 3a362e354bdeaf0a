"""Kinds of things: those that are offered when it is not said what is wanted."""

from collections.abc import Mapping

from journey import pending
from journey.coach import say
from journey.turn import Move, Turn

MOST = 4
"""How many kinds are offered when it was not said what kind of thing is wanted."""
KNOWN = ("product", "category", "brand", "need", "cue", "reference", "order")
"""A message about any of these is about something that we know."""


def not_sold(turn: Turn) -> list[Move]:
    """Answer who asks for a thing by a name that the catalogue does not have."""
    language = turn.knowledge.language(turn.heard.language)
    asks = 0 < language.heard("not_sold", turn.heard.text) < 1
    if not asks or turn.heard.of(*KNOWN):
        return []
    return [ask_any(turn, "utter_not_sold")]


def ask_any(turn: Turn, text: str) -> Move:
    """Ask what kind of thing is wanted, of the largest there are."""
    kinds = commonest(turn.knowledge.catalogue.sizes)
    return pending.expect(turn, "kind", Move(text, buttons=buttons(turn, kinds)))


def commonest(sizes: Mapping[str, int]) -> list[str]:
    return sorted(sizes, key=lambda kind: (-sizes[kind], kind))[:MOST]


def buttons(turn: Turn, kinds: list[str]) -> tuple[say.Button, ...]:
    names = turn.knowledge.catalogue.categories
    return tuple(
        say.button(names[kind].name.capitalize(), "ask_recommendation", category=kind)
        for kind in kinds
    )
