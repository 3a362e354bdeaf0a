"""Short speech in one language: what is heard by phrase, and small words said."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from pydantic import Field, TypeAdapter
from rapidfuzz import fuzz

from journey.catalogue.schema import Entry
from journey.datafile import read
from journey.language.calendars import Calendar

CLOSE = 84
"""How alike (0 to 100) two longer words must be; shorter ones must be equal."""
LONG = 5
APART = 2
"""How many letters longer one of two like words may be."""
SPANS = (("day", 1.0, 13), ("week", 7.0, 10), ("month", 30.44, 10**6))
"""Units of time, and up to how many of each are said."""
PLACES = ("home", "work")
TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
NEGATORS = frozenset({"not", "no", "never", "without", "isn't", "aren't", "wasn't"})


class Language(Entry):
    """The file data/language/<code>.yml."""

    language: str
    name: str
    hears: dict[str, tuple[str, ...]]
    people: dict[str, str] = Field(default_factory=dict)
    countries: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    says: dict[str, str]
    numbers: dict[str, float] = Field(default_factory=dict)
    periods: dict[str, float] = Field(default_factory=dict)
    channels: dict[str, str] = Field(default_factory=dict)
    web: dict[str, str] = Field(default_factory=dict)
    handoff: dict[str, str] = Field(default_factory=dict)
    calendar: Calendar

    def heard(self, kind: str, text: str) -> float:
        """Return how much of a text (0 to 1) the best phrase of a kind covers."""
        return max(coverage(phrase, text) for phrase in self.hears[kind])

    def day(self, moment: datetime) -> str:
        """Return a day as it is said."""
        return moment.strftime(self.says["date"])

    def span(self, days: float) -> str:
        """Return a length of time as it is said: days, weeks, months."""
        counts = [(name, max(1, round(days / size))) for name, size, _ in SPANS]
        fitting = [
            x for x, (_, _, most) in zip(counts, SPANS, strict=True) if x[1] <= most
        ]
        name, count = fitting[0]
        kind = f"span_{name}" if count == 1 else f"span_{name}s"
        return self.says[kind].format(count=count)

    def join(self, parts: Sequence[str]) -> str:
        """Return parts as they are said one after another."""
        if len(parts) < 2:
            return "".join(parts)
        head = self.says["list"].join(parts[:-1])
        return f"{head} {self.says['and']} {parts[-1]}"

    def country(self, name: str) -> str | None:
        """Return the code of a country by its name."""
        plain = " ".join(name.lower().split())
        return next((c for c, names in self.countries.items() if plain in names), None)

    def person(self, text: str) -> str | None:
        """Return the id of the person, not the speaker, whom something is for."""
        return next((who for who in self.people if self._is_for(who, text)), None)

    def place(self, text: str) -> str | None:
        """Return the id of the place that is named: a person's, home or work."""
        said = " ".join(split(text))
        for who in self.people:
            phrases = [phrase.format(who=who) for phrase in self.hears["place_of"]]
            if any(phrase in said for phrase in phrases):
                return who
        return next((x for x in PLACES if self.heard(f"place_{x}", text)), None)

    def place_said(self, label: str) -> str:
        """Return how a place is called to the customer."""
        if label in PLACES:
            return self.says[f"place_{label}"]
        return self.says["place_of"].format(who=self.people[label])

    def _is_for(self, who: str, text: str) -> bool:
        phrases = [phrase.format(who=who) for phrase in self.hears["for_whom"]]
        return any(phrase in " ".join(split(text)) for phrase in phrases)


def load_languages(folder: Path) -> dict[str, Language]:
    """Read every language file (named by a code of two letters) of a folder."""
    adapter = TypeAdapter(Language)
    files = [read(path, adapter) for path in sorted(folder.glob("[a-z][a-z].yml"))]
    return {language.language: language for language in files}


@lru_cache(4096)
def split(text: str) -> tuple[str, ...]:
    """Return the words and signs of a text, in lower case."""
    return tuple(TOKEN.findall(text.lower().replace("’", "'")))


def coverage(phrase: str, text: str) -> float:
    """Return the share of a text's words that a phrase accounts for, or 0.

    Every word of the phrase must be there in its order, at most one word apart.
    """
    wanted, said = split(phrase), split(text)
    spot = place(wanted, said)
    if spot is None or not said:
        return 0.0
    words = sum(token[0].isalnum() for token in said) or len(said)
    return min(1.0, len(wanted) / words)


def place(wanted: Sequence[str], said: Sequence[str]) -> int | None:
    """Return where a phrase begins in a text; a denied one is not there."""
    if not wanted:
        return None
    for start, word in enumerate(said):
        if not alike(wanted[0], word):
            continue
        if _follows(wanted, said[start:]) and not _denied(wanted, said[:start]):
            return start
    return None


def _follows(wanted: Sequence[str], said: Sequence[str]) -> bool:
    """Tell whether the words after the first stand there in order."""
    spot = 0
    for word in wanted[1:]:
        window = said[spot + 1 : spot + 3]
        step = next((n for n, other in enumerate(window) if alike(word, other)), None)
        if step is None:
            return False
        spot += step + 1
    return True


def _denied(wanted: Sequence[str], before: Sequence[str]) -> bool:
    """Tell whether a negator stands right before, as in "not the noise"."""
    near = [token for token in before[-2:] if token not in {"the", "a", "my", "any"}]
    return bool(near) and near[-1] in NEGATORS and wanted[0] not in NEGATORS


@lru_cache(65536)
def alike(wanted: str, said: str) -> bool:
    """Tell whether a word was meant, with room for a plural or a typing error."""
    if wanted == said:
        return True
    short, long = sorted((len(wanted), len(said)))
    if long - short > APART:
        return False
    if wanted == f"{said}s" or said == f"{wanted}s":
        return True
    return short >= LONG and fuzz.ratio(wanted, said) >= CLOSE
