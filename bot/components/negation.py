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

_OTHER_VERB = (
    "have|own|find|see|know|sleep|understand|remember|mind|wait|arrive|come|work|receive"
    "|hear|fit|find|got|get|believe|decide|matter|help|seen|received|arrived|had|found|care|tell|say"
)
BEFORE = re.compile(
    r"(?<!\w)(?:"
    r"(?:do|does|did|will|would|can|could|should|ca|wo)? ?\bnot\b(?! (?:only|just|sure|bad|necessarily|yet|really sure"
    rf"|have to be|need to be|a must|essential|required|too fussed|fussy|bothered|(?:really |even |yet )?(?:{_OTHER_VERB})))"
    r"|\bno\b(?! (?:problem|idea|matter|worries|doubt|wonder|rush|hurry|preference|one|need to))"
    r"|without|never|neither|nor|avoid(?:ing)?|hates?|hated|dislikes?|detest|loathe|except(?: for)?"
    r"|(?:anything|everything|all|any(?: colour| color| material)?) (?:but|except|besides)|other than|apart from|instead of|rather than|rather (?:\w+ ){1,3}than"
    r"|sick of|fed up with|allergic to|allergy to|stay away from|steer clear of|get rid of|minus"
    r"|free (?:of|from)|nothing (?:with|in|made of|from|too|that is)|least of all|enough of|skip|leave out|hold the|ditch|forget(?: about)?"
    r")(?!\w)"
)
FLIP = re.compile(
    r"(?<!\w)(?:without|except(?: for)?|live without|(?:anything|everything) but)(?!\w)"
)
AFTER = re.compile(
    r"^(?: [,?] | - | )?(?:(?:is|are|was|be|would|do|does|will|wo|a|definitely|really|just|sounds?|that) )*"
    r"(?:free(?! (?:delivery|shipping|returns?))|not(?! (?:bad|too bad|a problem|only|just))(?: (?:for me|an option|my|good|right|what|it|ok|okay|suitable|work|do|good|great|possible|needed|necessary|nice|at all|really|so)\b.*)?$"
    r"|not (?:for|an|my|what|work|suit|do|ok|okay|good|needed)\b|(?:is |are )?out(?! of)|no(?: way| thanks| thank you| go)?(?: [,.!?]|$)|no thanks|(?:makes?|gives?) me|irritates?|itches|scratches)"
)
MODIFIED = re.compile(r" (?:without|with no)\b")
BREAK = re.compile(
    r"(?<!\w)(?:but|however|though|although|just|only|because|since|please|instead|rather|if|when|while|i|we|it|give|show)(?!\w)|[.!?;:()\n]"
)
SOFT_BEFORE = re.compile(
    r"(?<!\w)(?:ideally|preferably|preference|(?:would |i |we |d )?prefer|hopefully|perhaps|maybe|(?:^|(?<=[,.;!?] )|(?<=and )|(?<=but ))(?:if possible|if you can)|nice to have"
    r"|bonus(?: points)?(?: if| for)?|(?:would|will) love|best if|better if|great if|nice if|(?:do|does|did|would) not (?:have|need) to be|leaning (?:to|towards)|would rather|kind of|sort of"
    r"|would be (?:nice|great|lovely|good|cool|ideal|perfect|a bonus|a plus)(?: if| to have)?|not a must but|optionally)(?!\w)"
)
SOFT_AFTER = re.compile(
    r"(?<!\w)(?:would be (?:nice|great|lovely|good|cool|ideal|perfect|a bonus|a plus|best|appreciated)|if possible|if you can|if you have (?:it|one|any|that)"
    r"|if there is|ideally|preferably|is a bonus|is a plus|nice to have|for preference|(?:is|are) (?:not|no) (?:a )?(?:must|essential|required|necessary|need)|optional|if at all possible|if available|too if it can be|but not essential|but not a must|or so)(?!\w)"
)
NEED_NOT = re.compile(
    r"(?:not about|nothing to do with|not (?:my|the|a) (?:problem|issue|matter)[^.]{0,12}|no (?:problem|trouble|issues?)s? (?:with|there)|do not need help (?:with|to)|(?:is|are) (?:fine|ok|okay|all right|sorted|no problem|not the (?:problem|issue|point)))(?!\w)"
)


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
