"""Days said in another language than English, by the library dateparser.

What the library lacks is in a file: endings that hang on a day's name (Hungarian
`péntekig`), and the words for `by`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml
from dateparser.search import search_dates

WORD = re.compile(r"[^\W\d_][\w\u0300-\u036F\u0900-\u0D7F]*")
AROUND = 14
READ = 300


@dataclass(frozen=True)
class Speech:
    """How a language says `by`, and what hangs on its words."""

    by: "re.Pattern[str]"
    endings: tuple[str, ...]


def read_speech(path: Path) -> dict[str, Speech]:
    """Read the file; a missing one knows no language."""
    if not path.is_file():
        return {}
    said = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {code: _speech(one) for code, one in said.items()}


def _speech(one: dict[str, list[str]]) -> Speech:
    by = "|".join(re.escape(word) for word in one.get("by") or ["\0"])
    longest_first = sorted(one.get("endings") or (), key=len, reverse=True)
    return Speech(re.compile(by, re.IGNORECASE), tuple(longest_first))


def find_days(
    text: str, code: str, speech: Speech, today: date
) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
    """Yield the span and the value of each day that a text names."""
    text = text[:READ]
    settings = {
        "RELATIVE_BASE": datetime.combine(today, time(12)),
        "PREFER_DATES_FROM": "future",
    }
    plain = WORD.sub(lambda word: _bare(word[0], speech.endings), text)
    found: Sequence[tuple[str, datetime]] | None = search_dates(
        plain, languages=[code], settings=settings
    )
    at = 0
    for said, moment in found or ():
        # The library gives the words back with other blanks between them.
        place = re.compile(r"\s+".join(map(re.escape, said.split()))).search(plain, at)
        if not place or not _tells(said):
            continue
        at = place.end()
        around = text[max(0, place.start() - AROUND) : at + AROUND]
        op = "<=" if speech.by.search(around) else "=="
        yield place.span(), {"date": moment.date().isoformat(), "op": op}


def _tells(said: str) -> bool:
    """Tell a day from a bare number, and from `je`, which is no jeudi."""
    letters = sum(letter.isalpha() for letter in said)
    return letters > 2 or (letters > 0 and not said.isascii())


def _bare(word: str, endings: Sequence[str]) -> str:
    """Cut an ending off; blanks keep all else where it was."""
    for ending in endings:
        if word.lower().endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + " " * len(ending)
    return word
