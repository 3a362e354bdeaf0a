"""Numbers of a text with their unit or currency, joined to ranges and bounded."""

import re
from dataclasses import dataclass, replace

from bot.components import bounds, units
from bot.components.numerals import NUMBER, number

AMOUNT = re.compile(
    rf"(?P<sign>(?<![^\W_])(?:{units.SIGN})\s?)?"
    rf"(?<![\w#])(?<!\w[.,])(?<!\d[/:])(?P<times>x\s?)?(?P<n>{NUMBER})"
    r"(?P<ish>\s?-?ish(?!\w))?",
    re.IGNORECASE,
)
TAIL = re.compile(
    rf"[\s-]?(?:(?:{units.CURRENCY}|(?P<cents>{units.CENTS})"
    rf"|{units.UNIT}){units.UNIT_END}"
    r"|(?P<x>x(?=\s|$)|pcs?\b|pieces?\b|packs?\b|boxes\b|bottles\b|of (?:them|those"
    r"|these)\b))",
    re.IGNORECASE,
)
FEET = re.compile(
    r"(?<!\w)(\d)\s?(?:['’′]|ft\.?|foot|feet)\s?(\d{1,2})(?:\s?(?:\"|”|″|''"
    r"|in(?:ch(?:es)?)?\b)|(?!\w))",
    re.IGNORECASE,
)
SIDES = re.compile(
    rf"(?<![\w.,])(\d{{1,4}}(?:[.,]\d+)?)\s?[x×]\s?(\d{{1,4}}(?:[.,]\d+)?)"
    rf"(?:\s?[x×]\s?(\d{{1,4}}(?:[.,]\d+)?))?\s?(?P<unit>mm|cms?|m"
    rf"|in(?:ch(?:es)?)?){units.UNIT_END}",
    re.IGNORECASE,
)
METRES = re.compile(r"(?<!\w)(\d)m(\d\d)(?!\w)", re.IGNORECASE)
RANGE = re.compile(r"\s?(?:-|–|—|\bto\b|\band\b|\bor\b|\btill\b|\buntil\b)\s?", re.I)
BETWEEN = re.compile(r"\b(?:between|from|anywhere from)\W*$", re.IGNORECASE)
TIMES = re.compile(r"\s?by\s?", re.IGNORECASE)
ID_BEFORE = re.compile(r"(?:order|number|no\.?|nr\.?|code|ref\w*|#|id|size)\W*$", re.I)
ORDERED = re.compile(r"\border $", re.I)
MOST_ORDERED = 99
"""Up to this many pieces are ordered; a greater number is that of an order."""
PAST = re.compile(r"\b(?:half|quarter|ten|five|twenty|minutes) (?:past|to)\s*$", re.I)
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


def read_amounts(text: str, most: int) -> list[Amount]:
    """Return up to so many amounts, in order."""
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
        or _is_id(text[: match.start()][-12:], match["n"])
    )


def _is_id(before: str, said: str) -> bool:
    """Tell whether a number names something: "order 1010", but not "order two"."""
    pieces = number(said) <= MOST_ORDERED and ORDERED.search(before)
    return not pieces and bool(ID_BEFORE.search(before))


def join_ranges(text: str, amounts: list[Amount]) -> list[Amount]:
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


def bound(text: str, amount: Amount) -> Amount:
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
