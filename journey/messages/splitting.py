"""Long texts, cut where a reader would pause."""

import re
from collections.abc import Callable, Iterator

PAUSES = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…:;।])\s+"),
    re.compile(r"\s+"),
)
"""Where to cut, best first: between paragraphs, lines, sentences, words."""
CUT = "…"
Length = Callable[[str], int]


def split(text: str, limit: int, length: Length = len) -> list[str]:
    """Return a text in pieces of at most `limit`, cut at the best pause of each."""
    pieces = []
    rest = text.strip()
    while length(rest) > limit:
        head = _longest(rest, limit, length)
        end, begin = _pause(rest, head)
        pieces.append(rest[:end].rstrip())
        rest = rest[begin:].lstrip()
    return [*pieces, rest] if rest else pieces


def shorten(text: str, limit: int, length: Length = len) -> str:
    """Return a title that fits, cut between words where that keeps most of it."""
    if length(text) <= limit:
        return text
    head = text[: _longest(text, limit - length(CUT), length)]
    at_word = head.rsplit(" ", 1)[0]
    kept = at_word if len(at_word) * 2 > len(head) else head
    return kept.rstrip(" ,.;:") + CUT


def _longest(text: str, limit: int, length: Length) -> int:
    """Return how many characters fit; at least one, so that cutting ends."""
    low, high = 1, min(len(text), max(limit, 1))
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _pause(text: str, head: int) -> tuple[int, int]:
    """Return where to end a piece and where the next one begins.

    A pause in the first half would leave a piece half empty: a lesser pause
    further on is better.
    """
    for pattern in PAUSES:
        places = [found for found in _within(pattern, text, head)]
        if places and places[-1][0] * 2 > head:
            return places[-1]
    return head, head


def _within(
    pattern: re.Pattern[str], text: str, head: int
) -> Iterator[tuple[int, int]]:
    for found in pattern.finditer(text, 0, head + 1):
        if 0 < found.start() <= head:
            yield found.start(), found.end()
