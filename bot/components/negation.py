"""What is unwanted or only wished for: marks the other finders' entities.

Runs after all finders. An entity under a negation gets `negated: true` ("anything but
leather", "not too heavy"), a soft wish `soft: true` ("ideally black"). A need is
negated only when it is named as not being the matter ("it's not about sleep"), since
"I can't sleep" is how the need itself speaks.

Config:
    reach: words between a negation and what it negates (default 6).
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from spacy.tokens import Doc

from bot.components.finder import Entity, Finder, entities_of
from bot.components.negation_phrases import (
    AFTER,
    BEFORE,
    BREAK,
    FLIP,
    MODIFIED,
    NEED_NOT,
    SOFT_AFTER,
    SOFT_BEFORE,
)
from bot.components.spacy_doc import SLANG, doc_of

THINGS = (
    "product",
    "category",
    "brand",
    "attribute",
    "colour",
    "material",
    "size",
    "reference",
)
MOST, WINDOW = 100, 120
EXACT = ("date", "money", "quantity", "count")


@dataclass(frozen=True, slots=True)
class Normal:
    """A message's norms joined by spaces, with the way back to characters."""

    text: str
    starts: list[int]
    idx: list[int]

    @classmethod
    def of(cls, doc: Doc) -> "Normal":
        """Join the norms: can't and cant are both `can not`."""
        words, starts, length = [], [], 0
        for token in doc:
            word = SLANG.get(token.lower_) or token.norm_.lower()
            word = "\n" if "\n" in token.text else word.replace(" ", "")
            words.append(word)
            starts.append(length)
            length += len(word) + 1
        return cls(" ".join(words), starts, [token.idx for token in doc])

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters of the message stand in the norms."""
        first = max(0, bisect_right(self.idx, start) - 1)
        after = bisect_left(self.idx, end)
        stop = self.starts[after] - 1 if after < len(self.starts) else len(self.text)
        return self.starts[first], stop


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False
)
class Negation(Finder):
    """Marks entities as `negated` and `soft`; adds none."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"reach": 6}

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark each message's entities."""
        for message in messages:
            self.find(message)
        return messages

    def find(self, message: Message) -> list[Entity]:
        """Mark the entities in place and add none."""
        entities = entities_of(message)
        if entities:
            scopes = Scopes(Normal.of(doc_of(message)), entities, self.config["reach"])
            marked = [scopes.mark(one) for one in entities[:MOST]]
            message.set(ENTITIES, marked + entities[MOST:], add_to_output=True)
        return []


class Scopes:
    """The stretches of one message that are negated or softly wished."""

    def __init__(self, normal: Normal, entities: list[Entity], reach: int) -> None:
        self._text = normal.text
        self._reach = reach
        self._normal = normal
        self._amounts = [
            normal.place(e["start"], e["end"])
            for e in entities[:MOST]
            if e["entity"] in EXACT
        ]
        things = [e for e in entities[: 2 * MOST] if e["entity"] in (*THINGS, *EXACT)]
        self._places = [
            (normal.place(e["start"], e["end"]), e["entity"]) for e in things
        ]
        outside = [m for m in BEFORE.finditer(self._text) if not self._in_amount(m)]
        self._negations = [(m.end(), m[0].strip()) for m in outside]
        self._soft = [m.end() for m in SOFT_BEFORE.finditer(self._text)]
        self._soft_after = [m.start() for m in SOFT_AFTER.finditer(self._text)]
        self._needless = [m.span() for m in NEED_NOT.finditer(self._text)]

    def _in_amount(self, match: "re.Match[str]") -> bool:
        """Tell a bound ("no more than 50") from a negation."""
        at = match.end() - 1
        return any(start <= at < end for start, end in self._amounts)

    def mark(self, one: Entity) -> Entity:
        """Return the entity with its marks."""
        start, end = self._normal.place(one["start"], one["end"])
        marks: dict[str, bool] = {}
        if self._is_negated(one, start, end):
            marks["negated"] = True
        if one["entity"] in (*THINGS, *EXACT) and self._is_soft(start, end):
            marks["soft"] = True
        return {**one, **marks}

    def _is_negated(self, one: Entity, start: int, end: int) -> bool:
        if one["entity"] in ("need", "cue"):
            return any(
                s <= end + 24
                and start - 24 <= e
                and not self._broken(min(e, end), max(s, start))
                for s, e in self._needless
            )
        if one["entity"] in THINGS and not _is_total(one):
            over = [
                word
                for at, word in self._negations
                if start - WINDOW <= at <= start
                and self._covers(at, start, one["entity"])
            ]
            if over and MODIFIED.match(self._text, end):
                return False
            flips = [word for word in over if FLIP.fullmatch(word)]
            if over:
                return len(over) == 1 or not flips or len(flips) == len(over)
            return self._negated_after(end)
        if one["entity"] in EXACT and _is_exact(one):
            return any(at <= start <= at + 5 for at, _ in self._negations)
        return False

    def _covers(self, at: int, start: int, kind: str) -> bool:
        between = self._text[at:start]
        if between.count(" ") > self._reach + 6 * between.count(" or "):
            return False
        return not BREAK.search(between) and self._continues(at, start, kind)

    def _continues(self, at: int, start: int, kind: str) -> bool:
        """Tell whether commas and `and` go on listing what is negated."""
        inner = [
            (place, name) for place, name in self._places if at <= place[0] < start
        ]
        if not inner:
            return " , " not in self._text[at:start]
        last, name = inner[-1]
        gap = self._text[last[1] : start]
        if "," in gap:
            rest = self._text[start : start + WINDOW].split(".")[0]
            return (
                bool(re.search(r"^(?: ?\w+){1,3} (?:, |or |nor )", rest))
                or "or" in gap.split()
                or "nor" in gap.split()
            )
        if "and" in gap.split() or "with" in gap.split() or "in" in gap.split():
            return name == kind and "and" in gap.split()
        return True

    def _negated_after(self, end: int) -> bool:
        rest = re.split(r" (?:[.!;]|but|because) ", self._text[end : end + 60])[0]
        follows = any(end <= place[0] < end + len(rest) for place, _ in self._places)
        return bool(AFTER.match(rest)) and not follows

    def _is_soft(self, start: int, end: int) -> bool:
        for at in self._soft:
            if (
                start - WINDOW <= at <= start
                and not re.search(r" (?:but|and then) | [.!?;] ", self._text[at:start])
                and self._text[at:start].count(" ") <= 8
            ):
                return not re.search(r", (?:i |it |must|has )", self._text[at:start])
        for at in self._soft_after:
            if (
                end <= at <= end + WINDOW
                and not re.search(
                    r" (?:but|and) | [.,!?;] ",
                    self._text[end:at].replace(" but not", ""),
                )
                and self._text[end:at].count(" ") <= 5
            ):
                return True
        return False

    def _broken(self, low: int, high: int) -> bool:
        return low < high and bool(re.search(r" [.!?;,] | but ", self._text[low:high]))


def _is_total(one: Entity) -> bool:
    return one["entity"] == "reference" and bool({"none"} & set(one["value"]))


def _is_exact(one: Entity) -> bool:
    value = one["value"]
    return not isinstance(value, dict) or value.get("op") in ("==", "between")
