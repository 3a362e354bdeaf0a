"""A text with single blanks, and the way back to the original."""

import re
from bisect import bisect_left

from bot.components.finder import Entity

SPACES = re.compile(r"\s{2,}|[^\S ]")


def squeeze(text: str) -> tuple[str, list[int] | None]:
    """Return the text with single blanks, and where its characters came from."""
    if not SPACES.search(text):
        return text, None
    kept = [
        i for i, c in enumerate(text) if not c.isspace() or not text[i - 1].isspace()
    ]
    kept = kept[1:] if kept and text[0].isspace() and kept[0] == 0 else kept
    squeezed = "".join(" " if text[i].isspace() else text[i] for i in kept)
    return squeezed, [*kept, len(text)]


def move(entities: list[Entity], places: list[int] | None) -> list[Entity]:
    """Return the entities with their places in the squeezed text."""
    if places is None:
        return entities
    return [
        {
            **e,
            "start": bisect_left(places, e["start"]),
            "end": bisect_left(places, e["end"]),
        }
        for e in entities
    ]


def restore(one: Entity, places: list[int] | None) -> Entity:
    """Return the entity with its place in the original text."""
    if places is None:
        return one
    return {**one, "start": places[one["start"]], "end": places[one["end"] - 1] + 1}
