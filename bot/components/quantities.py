"""Money, amounts with a unit, and counts, with what bounds them.

Runs after CatalogueTerms, Dates and References: what they found is no amount.

Config:
    currency: of amounts that only say `under 80` (default `EUR`).
    most: amounts read in one message (default 40).
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.lang.en.stop_words import STOP_WORDS

from bot.components import bounds, units
from bot.components.finder import Entity, Finder, covered, entities_of, entity
from bot.components.numerals import NUMBER, number

OTHERS = ("product", "category", "attribute", "size", "date", "duration", "reference")
SURE_MONEY, BARE_MONEY, COUNT = 1.0, 0.6, 0.9
AMOUNT = re.compile(
    rf"(?P<sign>(?<![^\W_])(?:{units.SIGN})\s?)?"
    rf"(?<![\w#])(?<!\w[.,])(?<!\d[/:])(?P<times>x\s?)?(?P<n>{NUMBER})"
    r"(?P<ish>\s?-?ish(?!\w))?",
    re.IGNORECASE,
)
TAIL = re.compile(
    rf"[\s-]?(?:(?:{units.CURRENCY}|(?P<cents>{units.CENTS})|{units.UNIT}){units.UNIT_END}"
    r"|(?P<x>x(?=\s|$)|pcs?\b|pieces?\b|packs?\b|boxes\b|bottles\b|of (?:them|those|these)\b))",
    re.IGNORECASE,
)
FEET = re.compile(
    r"(?<!\w)(\d)\s?(?:['’′]|ft\.?|foot|feet)\s?(\d{1,2})(?:\s?(?:\"|”|″|''|in(?:ch(?:es)?)?\b)|(?!\w))",
    re.IGNORECASE,
)
SIDES = re.compile(
    rf"(?<![\w.,])(\d{{1,4}}(?:[.,]\d+)?)\s?[x×]\s?(\d{{1,4}}(?:[.,]\d+)?)"
    rf"(?:\s?[x×]\s?(\d{{1,4}}(?:[.,]\d+)?))?\s?(?P<unit>mm|cms?|m|in(?:ch(?:es)?)?){units.UNIT_END}",
    re.IGNORECASE,
)
METRES = re.compile(r"(?<!\w)(\d)m(\d\d)(?!\w)", re.IGNORECASE)
RANGE = re.compile(r"\s?(?:-|–|—|\bto\b|\band\b|\bor\b|\btill\b|\buntil\b)\s?", re.I)
BETWEEN = re.compile(r"\b(?:between|from|anywhere from)\W*$", re.IGNORECASE)
TIMES = re.compile(r"\s?by\s?", re.IGNORECASE)
PRICEY = re.compile(
    r"\b(?:spend|budget|pay|price|priced|afford|costs?|costing|limit|cheaper|money)\b",
    re.IGNORECASE,
)
COSTS = re.compile(r"\b(?:costs?|costing|paid|price[ds]?)\b", re.IGNORECASE)
ID_BEFORE = re.compile(r"(?:order|number|no\.?|nr\.?|code|ref\w*|#|id|size)\W*$", re.I)
WORD_AFTER = re.compile(r"[ -]+([^\W\d_]+)")
POINTED = re.compile(r"\b(?:the|this|that|which|any|no|some|\w+er)\s*$", re.IGNORECASE)
NO_NOUNS = frozenset(
    {"max", "tops", "ish", "total", "thanks", "thx", "pls", "if", "till", "ideally"}
)
PAST = re.compile(r"\b(?:half|quarter|ten|five|twenty|minutes) (?:past|to)\s*$", re.I)
SPACES = re.compile(r"\s{2,}|[^\S ]")
CLOCK_AFTER = re.compile(r"[:/]\d|\s?(?:am|pm|o'?clock|st|nd|rd|th)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in the text; `unit` and `money` are what follows or precedes it."""

    start: int
    end: int
    number: float
    text: str
    unit: str | None = None
    money: str | None = None
    pieces: bool = False
    op: str | None = None
    upto: float | None = None


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False
)
class Quantities(Finder):
    """Finds `money`, `quantity` and `count`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"currency": "EUR", "most": 40}

    def find(self, message: Message) -> list[Entity]:
        """Return what is measured, priced or counted."""
        text, places = _squeezed(message.get(TEXT) or "")
        taken = _moved(entities_of(message, *OTHERS), places)
        amounts = _amounts(text, self.config["most"])
        merged = _merged(
            text, [a for a in amounts if not covered((a.start, a.end), taken)]
        )
        found = [self._entity(text, _bounded(text, amount)) for amount in merged]
        return [_restored(one, places) for one in found if one]

    def _entity(self, text: str, amount: Amount) -> Entity | None:
        span = (amount.start, amount.end)
        value: dict[str, Any] = {"amount": amount.number}
        more = {"upto": amount.upto} if amount.upto is not None else {}
        if amount.unit:
            return entity("quantity", _measured(amount), span)
        if amount.money:
            value |= {"currency": amount.money, "op": amount.op or "==", **more}
            return entity("money", value, span, SURE_MONEY)
        if _bare_money(text, amount):
            op = amount.op or ("==" if COSTS.search(text) else "<=")
            value |= {"currency": self.config["currency"], "op": op, **more}
            return entity("money", value, span, BARE_MONEY)
        return _count(text, amount)


def _squeezed(text: str) -> tuple[str, list[int] | None]:
    """Return the text with single blanks, and where its characters came from."""
    if not SPACES.search(text):
        return text, None
    kept = [
        i for i, c in enumerate(text) if not c.isspace() or not text[i - 1].isspace()
    ]
    kept = kept[1:] if kept and text[0].isspace() and kept[0] == 0 else kept
    squeezed = "".join(" " if text[i].isspace() else text[i] for i in kept)
    return squeezed, [*kept, len(text)]


def _moved(entities: list[Entity], places: list[int] | None) -> list[Entity]:
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


def _restored(one: Entity, places: list[int] | None) -> Entity:
    if places is None:
        return one
    return {**one, "start": places[one["start"]], "end": places[one["end"] - 1] + 1}


def _amounts(text: str, most: int) -> list[Amount]:
    found = [*_heights(text), *_sides(text)]
    for match in AMOUNT.finditer(text):
        if len(found) >= most:
            break
        amount = _read(text, match)
        if amount and not any(
            a.start < amount.end and amount.start < a.end for a in found
        ):
            found.append(amount)
    return sorted(found, key=lambda a: a.start)


def _heights(text: str) -> list[Amount]:
    """Read 5'11", 5 foot 11 and 1m80, which are two numbers but one amount."""
    feet = [
        (m, round(int(m[1]) + int(m[2]) / 12, 4), "ft") for m in FEET.finditer(text)
    ]
    metres = [(m, int(m[1]) + int(m[2]) / 100, "m") for m in METRES.finditer(text)]
    return [Amount(m.start(), m.end(), n, m[0], u) for m, n, u in feet + metres]


def _sides(text: str) -> list[Amount]:
    """Read 120x60 cm: each side is an amount in the unit that is said once."""
    found = []
    for match in SIDES.finditer(text):
        unit = match["unit"].lower().rstrip("s")
        unit = unit if unit in ("mm", "cm", "m") else "in"
        for i in (i for i in (1, 2, 3) if match[i]):
            end = match.end() if i == 3 or (i == 2 and not match[3]) else match.end(i)
            found.append(Amount(match.start(i), end, number(match[i]), match[i], unit))
    return found


def _read(text: str, match: re.Match[str]) -> Amount | None:
    tail = TAIL.match(text, match.end())
    kinds = {k: v for k, v in tail.groupdict().items() if v} if tail else {}
    money = units.currency(match["sign"]) if match["sign"] else None
    if not kinds and not money and _is_no_amount(text, match):
        return None
    end = (
        tail.end()
        if tail and not (money and kinds.keys() & units.GROUPS)
        else match.end()
    )
    unit = next((units.GROUPS[k] for k in kinds if k in units.GROUPS), None)
    money = money or next((k for k in kinds if k in units.CURRENCIES), None)
    value = number(match["n"])
    if "cents" in kinds:
        value, money = value / 100, "EUR"
    start = match.start() if match["sign"] or match["times"] else match.start("n")
    pieces = bool(match["times"]) or "x" in kinds
    op = "~" if match["ish"] else None
    return Amount(start, end, value, match["n"], unit, money, pieces, op)


def _is_no_amount(text: str, match: re.Match[str]) -> bool:
    """Tell order numbers, times and words such as `3rd` or `4x4` from amounts."""
    end = match.end()
    letter = end < len(text) and (text[end].isalpha() or text[end] == "_")
    digits = match["n"].isdigit() and len(match["n"]) >= (
        3 if match["n"][0] == "0" else 5
    )
    clock = CLOCK_AFTER.match(text, end)
    return bool(
        letter
        or digits
        or clock
        or PAST.search(text[: match.start()][-24:])
        or ID_BEFORE.search(text[: match.start()][-12:])
    )


def _merged(text: str, amounts: list[Amount]) -> list[Amount]:
    """Join `40 to 50 euros` into a range, and lend `120 x 60 cm` its unit."""
    found: list[Amount] = []
    for amount in reversed(amounts):
        nearest = found[-1] if found else None
        gap = text[amount.end : nearest.start] if nearest else ""
        if nearest and TIMES.fullmatch(gap) and not amount.unit:
            amount = replace(amount, unit=nearest.unit)
        elif nearest and _is_range(text, amount, nearest, gap):
            found.pop()
            amount = _ranged(amount, nearest)
        found.append(amount)
    return found[::-1]


def _is_range(text: str, low: Amount, high: Amount, gap: str) -> bool:
    between = BETWEEN.search(text[: low.start][-16:])
    joined = RANGE.fullmatch(gap)
    spoken = gap.strip().lower() in ("and", "or")
    fits = not (low.unit and high.unit and low.unit != high.unit) and not high.op
    alike = high.unit or high.money or low.money or not spoken
    apart = low.number < high.number
    return bool(
        joined
        and fits
        and apart
        and (between or ((not spoken or gap.strip() == "or") and alike))
    )


def _ranged(low: Amount, high: Amount) -> Amount:
    return replace(
        low, end=high.end, upto=high.number, op="between", unit=high.unit or low.unit,
        money=high.money or low.money,
    )  # fmt: skip


def _bounded(text: str, amount: Amount) -> Amount:
    """Set the operator, and let the span hold the words that say it."""
    if amount.op == "between":
        between = BETWEEN.search(text[: amount.start][-16:])
        return replace(
            amount, start=amount.start - len(between[0]) if between else amount.start
        )
    op, start = bounds.before(text, amount.start)
    last, end = bounds.after(text, amount.end)
    strong = next((o for o in (op, last) if o in ("<=", ">=")), None)
    return replace(amount, op=strong or op or last or amount.op, start=start, end=end)


def _measured(amount: Amount) -> dict[str, Any]:
    unit = str(amount.unit)
    in_base, base_unit = units.base(amount.number, unit)
    value = {
        "amount": amount.number, "unit": unit, "base_amount": in_base,
        "base_unit": base_unit, "op": amount.op or "==",
    }  # fmt: skip
    if amount.upto is not None:
        value |= {"upto": amount.upto, "base_upto": units.base(amount.upto, unit)[0]}
    return value


def _bare_money(text: str, amount: Amount) -> bool:
    after = WORD_AFTER.match(text, amount.end)
    counted = after and after[1].lower() not in STOP_WORDS | NO_NOUNS
    if amount.pieces or amount.number < 5 or counted:
        return False
    around = text[max(0, amount.start - 30) : amount.end + 15]
    if PRICEY.search(around):
        return True
    said_before = (
        text[amount.start : amount.end].lower().startswith(amount.text.lower())
    )
    guess = amount.op == "~" and amount.number >= 20 and not said_before
    return amount.op == "<=" or guess


def _count(text: str, amount: Amount) -> Entity | None:
    said = amount.text.lower()
    alone = len(text.split()) <= 3
    vague = said in ("one", "half", "a half", "half a", "a quarter", "½")
    if vague and (not alone or POINTED.search(text[: amount.start])):
        return None
    more = {"op": amount.op} if amount.op else {}
    if amount.upto is not None:
        more["upto"] = amount.upto  # type: ignore[assignment]
    value = int(amount.number) if amount.number.is_integer() else amount.number
    return entity("count", value, (amount.start, amount.end), COUNT, **more)
