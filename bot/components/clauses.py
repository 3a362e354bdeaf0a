"""The clauses of a message, as stretches of characters."""

import re

STRONG = re.compile(r"[.!?;…]+(?:\s|$)|\n+|\s[-–—]\s|[\U0001F300-\U0001FAFF]+")
WEAK = re.compile(
    r",\s*(?:but|and|so|also|then|or|plus)?\s+|\s+(?:but|although|though)\s+"
    r"|\s+(?:and|also|so|then|plus)\s+(?=(?:also|then|please|pls|can|could|would|will|do|does"
    r"|did|is|are|where|wheres|what|whats|when|how|why|which|who|i|i'm|im|i'd|i'll|we|my"
    r"|the|it|you|your|let|tell|show|send|give|cancel|order|stop|call|get|add|change|don't"
    r"|dont|no|not|yes|ok|thanks|thank)\b)",
    re.IGNORECASE,
)
LEAST_LETTERS = 2
READ = 1200


def clauses(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each clause of the first 1,200 characters, in order.

    A comma parts clauses, and so do but, and `and` before a new subject or verb.
    """
    text = text[:READ]
    cuts = [match.span() for match in STRONG.finditer(text)]
    cuts += [match.span() for match in WEAK.finditer(text)]
    found, start = [], 0
    for low, high in [*sorted(cuts), (len(text), len(text))]:
        if low >= start:
            found.append(_trimmed(text, start, low))
            start = high
    return [span for span in found if _letters(text[slice(*span)]) >= LEAST_LETTERS]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _letters(text: str) -> int:
    return sum(c.isalpha() for c in text)
