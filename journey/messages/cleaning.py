"""What a customer typed, made safe to keep."""

import re
import unicodedata

LONGEST = 4000
KEPT_CONTROLS = "\n\t"
BETWEEN = r"[ .\-\n\t\u00a0\u2000-\u2015\u202f\u2060\ufeff]{0,3}"
DIGITS = re.compile(rf"\d(?:{BETWEEN}\d){{12,}}")
PRINTED = re.compile(
    r"(?<!\d)\d{4}(?P<four>[^\d\w]{1,3}|_)\d{4}(?P=four)\d{4}(?P=four)\d{1,7}(?!\d)"
    r"|(?<!\d)\d{4}(?P<six>[^\d\w]{1,3}|_)\d{6}(?P=six)\d{4,5}(?!\d)"
)
"""Groups of digits as on a card, with the same signs between all of them."""
CARD_LENGTHS = range(19, 12, -1)
CARD_STARTS = range(2, 7)
MASK = "••••••••"
BEHIND = re.compile(rf"{MASK}(?:\W{{1,3}}(?:\d\d ?/ ?\d{{2,4}}|\d{{3,4}})(?!\d))+")
"""What stands behind a card number: until when it is valid, and its code."""
CODE = re.compile(r"\b((?:cv[vc]2?|csc|security code)\W*(?:is\W+)?)\d{3,4}\b", re.I)


class TooLong(Exception):
    """A text has more than `LONGEST` characters."""


class Empty(Exception):
    """Nothing that can be read is left of a text."""


def clean(text: str) -> str:
    """Return a text without control characters and card numbers.

    Raises:
        TooLong: it has more than 4,000 characters.
        Empty: nothing is left of it.
    """
    if len(text) > LONGEST:
        raise TooLong
    kept = "".join(char for char in text if _is_readable(char)).strip()
    if not kept:
        raise Empty
    return mask_cards(kept)


def _is_readable(char: str) -> bool:
    """Say whether a character is text: no control, no half of a surrogate pair."""
    return char in KEPT_CONTROLS or unicodedata.category(char) not in ("Cc", "Cs")


def mask_cards(text: str) -> str:
    """Return a text without card numbers and what is printed beside them."""
    plain = PRINTED.sub(_closed, text)
    masked = BEHIND.sub(MASK, DIGITS.sub(_masked, plain))
    return CODE.sub(rf"\1{MASK}", masked)


def has_masked(text: str) -> bool:
    """Tell whether something was masked in a text."""
    return MASK in text


def _closed(found: re.Match[str]) -> str:
    """Mask what is written in a card's groups, if it is a card's number."""
    digits = "".join(char for char in found.group() if char.isdigit())
    return MASK if _card_length(digits) == len(digits) else found.group()


def _masked(found: re.Match[str]) -> str:
    """Mask the cards in a run of digits, which may go on with a date or a code."""
    run, kept, at = found.group(), "", 0
    places = [index for index, char in enumerate(run) if char.isdigit()]
    while at < len(places):
        length = _card_length("".join(run[place] for place in places[at : at + 19]))
        if length and _starts_group(run, places[at]):
            kept += MASK
            at += length
        else:
            kept += run[places[at]]
            at += 1
        end = places[at] if at < len(places) else len(run)
        kept += run[places[at - 1] + 1 : end]
    return kept


def _starts_group(run: str, place: int) -> bool:
    return place == 0 or not run[place - 1].isdigit()


def _card_length(digits: str) -> int:
    """Return how many of the first digits make a card number, or 0."""
    if int(digits[0]) not in CARD_STARTS:
        return 0
    fits = (n for n in CARD_LENGTHS if n <= len(digits) and _passes_luhn(digits[:n]))
    return next(fits, 0)


def _passes_luhn(digits: str) -> bool:
    """Say whether the check digit fits, as on every payment card (ISO/IEC 7812)."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0
