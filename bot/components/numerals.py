"""Numbers as people write them: digits, words, and halves."""

import re

UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000}
PHRASES = {
    "a couple of hundred": 200, "couple of hundred": 200, "a few hundred": 300,
    "a couple of": 2, "a couple": 2, "couple of": 2, "a pair of": 2, "a pair": 2,
    "half a dozen": 6, "a dozen": 12, "one dozen": 12, "two dozen": 24, "dozen": 12,
    "a half": 0.5, "half a": 0.5, "half an": 0.5, "half": 0.5,
    "one and a half": 1.5, "a quarter": 0.25, "a hundred": 100, "a thousand": 1000,
    "a grand": 1000, "hundred": 100, "thousand": 1000,
}  # fmt: skip

_TENS = "|".join(TENS)
_ONES = "|".join(sorted(UNITS, key=len, reverse=True))
_SMALL = rf"(?:(?:{_TENS})(?:[ -](?:{_ONES}))?|{_ONES})"
_SCALE = "|".join(SCALES)
_WORDS = (
    rf"{_SMALL}(?:[ -](?:{_SCALE}))*(?:(?: and)? {_SMALL}(?: (?:{_SCALE}))?)?"
    r"(?: and a half)?"
)
_PHRASES = "|".join(sorted(PHRASES, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:[ ,.’']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,3})?"
NUMBER = (
    rf"(?:(?:{_DIGITS})(?:\s?k\b| thousand\b| grand\b| and a half\b|½)?|½"
    rf"|(?:{_WORDS}|{_PHRASES})\b)"
)
"""Pattern of one number; compile with re.IGNORECASE, and read with `number`."""

_PIECE = re.compile(r"[a-z]+")
_THOUSANDS = re.compile(r"^\d{1,3}(?:[ ,.’']\d{3})+(?:[.,]\d{1,2})?$")


def number(text: str) -> float:
    """Read what NUMBER matched; `1.200,50` and `1,200.50` are the same amount."""
    plain = " ".join(text.lower().split())
    if plain == "½":
        return 0.5
    if plain in PHRASES:
        return float(PHRASES[plain])
    if plain[0].isdigit():
        return _digits(plain)
    return _words(plain)


def _digits(text: str) -> float:
    times, half = 1.0, 0.0
    for ending in ("thousand", "grand", "k", "and a half", "½"):
        if text.endswith(ending):
            text = text[: -len(ending)].rstrip()
            half = 0.5 if "half" in ending or ending == "½" else 0.0
            times = 1.0 if half else 1000.0
    if _THOUSANDS.match(text):
        decimals = re.search(r"[.,](\d{1,2})$", text)
        whole = text[: decimals.start()] if decimals else text
        text = re.sub(r"\D", "", whole) + (f".{decimals[1]}" if decimals else "")
    return float(text.replace(",", ".")) * times + half


def _words(text: str) -> float:
    half = 0.5 if text.endswith("and a half") else 0.0
    total, part = 0.0, 0.0
    for word in _PIECE.findall(text.removesuffix("and a half")):
        if word in SCALES:
            part = (part or 1.0) * SCALES[word]
            if SCALES[word] >= 1000:
                total, part = total + part, 0.0
        elif word != "and":
            part += UNITS.get(word, 0) + TENS.get(word, 0)
    return total + part + half
