"""Whether an amount is a limit, a guess or exact, from the words around it."""

import re

WINDOW = 60
_THAN = (
    r"(?:more|less|fewer|cheaper|dearer|higher|lower|bigger|smaller|larger|longer"
    r"|shorter|taller|heavier|lighter|wider|narrower|louder|quieter|stronger"
    r"|expensive|older|younger) th[ae]n"
)
_LESS = r"(?:less|fewer|cheaper|lower|smaller|shorter|lighter|narrower|quieter|younger)"
_NOT = r"(?:\bnot|\bno|n['’]?t|\bnever|\bnothing|\bwithout|\bnone)\b"
_FILLER = r"(?:\W+(?:the|of|like|maybe|is|be|are|just|only|a|exactly|at|would be))*\W*$"

_AT_MOST = (
    r"under|below|beneath|at (?:the )?(?:most|max(?:imum)?)|up ?to|max(?:imum|\.)?"
    r"|as much as|within|inside|limit|budget|spend(?:ing)?|afford|capped|tops|no higher"
    r"|stay(?:ing)? (?:under|below)|<=?|≤"
)
_AT_LEAST = (
    r"at (?:the very |the )?least|min(?:imum|\.)?|starting|from|upwards of|>=?|≥"
    r"|over|above|beyond|exceed(?:s|ing)?"
)
_ABOUT = (
    r"around|about|roughly|approx(?:imately|\.)?|circa|ca\.?|close to|near(?:ly)?"
    r"|almost|something like|in the region of|more or less|some|say|~|±|like|maybe"
)
NEGATED = re.compile(
    rf"{_NOT}(?:\W+\w+){{0,5}}?\W+(?:over|above|beyond|exceed(?:ing)?|past"
    rf"|(?P<than>{_THAN}))(?:{_FILLER})",
    re.IGNORECASE,
)
THAN = re.compile(rf"\b(?P<than>{_THAN})(?:{_FILLER})", re.IGNORECASE)
AT_MOST = re.compile(rf"(?<!\w)(?:{_AT_MOST})(?:{_FILLER})", re.IGNORECASE)
AT_LEAST = re.compile(rf"(?<!\w)(?:{_AT_LEAST})(?:{_FILLER})", re.IGNORECASE)
ABOUT = re.compile(rf"(?<!\w)(?:{_ABOUT})(?:{_FILLER})", re.IGNORECASE)
NOT_UNDER = re.compile(rf"{_NOT}\s+(?:under|below)(?:{_FILLER})", re.IGNORECASE)
LESS = re.compile(_LESS, re.IGNORECASE)

AFTER = (
    ("<=", r"max(?:imum|\.)?|tops|at (?:the )?(?:very )?(?:most|max)|limit|budget"
     r"|or (?:less|under|below|cheaper|lower|fewer|smaller)|and (?:under|below|less)"
     r"|is (?:my|the|our) (?:max(?:imum)?|limit|budget|ceiling)"),
    (">=", r"or (?:more|over|above|higher|bigger|up|longer|larger)"
     r"|and (?:up|over|above|more)|plus|\+|min(?:imum|\.)?|at (?:the )?(?:very )?least"
     r"|upwards"),
    ("~", r"-?ish|or so|or thereabouts|give or take|something|-?odd|more or less"),
)  # fmt: skip
_SIDE = (
    r"(?: (?:wide|tall|long|high|deep|thick|each|in total|total|all in|altogether))?"
)
AFTERS = [
    (op, re.compile(rf"{_SIDE}[\s,(]*(?:{pattern})(?!\w)", re.IGNORECASE))
    for op, pattern in AFTER
]


def before(text: str, start: int) -> tuple[str | None, int]:
    """Return the operator that the words before `start` say, and where they begin."""
    low = max(0, start - WINDOW)
    window = text[low:start]
    op, begin = None, start
    about = ABOUT.search(window)
    if about:
        op, begin = "~", low + about.start()
        window = window[: about.start()]
    for find in (_negated, _compared, _plain):
        limit = find(window)
        if limit:
            return limit[0], low + limit[1]
    return op, begin


def after(text: str, end: int) -> tuple[str | None, int]:
    """Return the operator that the words after `end` say, and where they end."""
    for op, pattern in AFTERS:
        found = pattern.match(text, end)
        if found:
            return op, found.end()
    return None, end


def _negated(window: str) -> tuple[str, int] | None:
    found = NOT_UNDER.search(window)
    if found:
        return ">=", found.start()
    found = NEGATED.search(window)
    if not found:
        return None
    less = found["than"] and LESS.match(found["than"])
    return (">=" if less else "<="), found.start()


def _compared(window: str) -> tuple[str, int] | None:
    found = THAN.search(window)
    if not found:
        return None
    return ("<=" if LESS.match(found["than"]) else ">="), found.start()


def _plain(window: str) -> tuple[str, int] | None:
    for op, pattern in (("<=", AT_MOST), (">=", AT_LEAST)):
        found = pattern.search(window)
        if found:
            return op, found.start()
    return None
