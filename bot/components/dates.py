"""Days and durations, relative to the day on which the message was sent.

Runs after Language: days in another language are read by its words.

Config:
    most: dates and durations read in one message (default 10).
    words: file of words around days per language (default `data/language/days.yml`;
        missing: English only).

The day is that of the message's metadata `at` (ISO 8601), in its own offset; without
it, today in UTC.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any

from dateutil.parser import isoparse
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components import calendar_days, date_phrases
from bot.components.date_words import CALENDAR, FIXES, TRIGGERS
from bot.components.finder import Entity, Finder, entities_of, entity
from bot.components.foreign_days import find_days, read_speech
from bot.components.plain import Plain, Reader

NUMERIC = re.compile(r"\d ?[./-] ?\d")
CORRECTED, ABROAD = 0.85, 0.8
LONGEST_TEXT = 3000
LONGEST = 3650.0
BETWEEN = re.compile(r"(?:between|from) $")
JOIN = re.compile(r" (?:and|to|till|until|-|–) ")


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False
)
class Dates(Finder):
    """Finds `date` and `duration`."""

    def __init__(
        self,
        config: dict[str, Any],
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        super().__init__(config)
        self._clock = clock
        self._speech = read_speech(Path(self.config["words"]))
        self._plain = Reader(CALENDAR, known=TRIGGERS, fixes=FIXES)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"most": 10, "words": "data/language/days.yml"}

    def find(self, message: Message) -> list[Entity]:
        """Return the days and durations, first days."""
        for one in entities_of(message, "language"):
            return self._abroad(message, one.get("detected", one["value"]))
        plain = self._plain.read((message.get(TEXT) or "")[:LONGEST_TEXT])
        words = set(plain.text.split(" "))
        if not words & TRIGGERS and not NUMERIC.search(plain.text):
            return []
        found: dict[tuple[int, int], Entity] = {}
        self._durations(plain, found, every=True)
        self._days(plain, found, self._today(message))
        self._durations(plain, found, every=False)
        every = _joined(plain, sorted(found.items()))
        return every[: self.config["most"]]

    def _abroad(self, message: Message, code: str) -> list[Entity]:
        if code not in self._speech:
            return []
        days = find_days(
            message.get(TEXT), code, self._speech[code], self._today(message)
        )
        some = islice(days, self.config["most"])
        return [entity("date", value, span, ABROAD) for span, value in some]

    def _today(self, message: Message) -> date:
        at = (message.get("metadata") or {}).get("at")
        try:
            sent: datetime = isoparse(at) if isinstance(at, str) else self._clock()
        except ValueError:
            sent = self._clock()
        return sent.date()

    def _days(
        self, plain: Plain, found: dict[tuple[int, int], Entity], today: date
    ) -> None:
        for pattern, read in date_phrases.PHRASES:
            for match in pattern.finditer(plain.text):
                span = match.span()
                days = None if _taken(span, found) else read(match, today)
                if days:
                    begin, value = _bounded(plain.text, match, days)
                    latest = date_phrases.LATEST.match(plain.text, span[1])
                    end = latest.end() if latest else span[1]
                    found[(begin, end)] = _entity(plain, "date", value, (begin, end))

    def _durations(
        self, plain: Plain, found: dict[tuple[int, int], Entity], *, every: bool
    ) -> None:
        for pattern, repeats in date_phrases.DURATIONS:
            for match in pattern.finditer(plain.text) if repeats == every else ():
                days = date_phrases.duration(match)
                if days and days < LONGEST and not _taken(match.span(), found):
                    value = {
                        "days": int(days) if days == int(days) else days,
                        "every": every,
                    }
                    found[match.span()] = _entity(
                        plain, "duration", value, match.span()
                    )


def _taken(span: tuple[int, int], found: dict[tuple[int, int], Entity]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in found)


def _bounded(
    text: str, match: "re.Match[str]", days: calendar_days.Span
) -> tuple[int, dict[str, Any]]:
    """Return where the phrase begins with its operator, and the entity's value."""
    first, last = days
    before = text[max(0, match.start() - 40) : match.start()]
    op, begin = "", match.start()
    for one, pattern in date_phrases.OPERATORS:
        said = pattern.search(before)
        if said:
            op, begin = one, match.start() - len(before) + said.start()
            break
    if date_phrases.LATEST.match(text, match.end()) or match[0].startswith(
        ("within", "over")
    ):
        op = "<="
    if "next" in match[0].split(" ")[:3] and "n" in match.groupdict():
        op = "<="
    return begin, _value(op, first, last)


def _value(op: str, first: date, last: date) -> dict[str, Any]:
    one_day = timedelta(days=1)
    if op == "<=":
        return {"date": last.isoformat(), "op": "<="}
    if op == "<":
        return {"date": (first - one_day).isoformat(), "op": "<="}
    if op == ">":
        return {"date": (last + one_day).isoformat(), "op": ">="}
    if op == ">=" or (op == "~" and first == last):
        return {"date": first.isoformat(), "op": op}
    if first == last:
        return {"date": first.isoformat(), "op": "=="}
    return {"date": first.isoformat(), "op": "between", "upto": last.isoformat()}


def _joined(plain: Plain, found: list[tuple[tuple[int, int], Entity]]) -> list[Entity]:
    """Make one span of days of `between monday and friday`."""
    kept: list[tuple[tuple[int, int], Entity]] = []
    for span, one in found:
        before, first = kept[-1] if kept else ((0, 0), one)
        gap = plain.text[before[1] : span[0]]
        opens = (
            BETWEEN.search(plain.text[: before[0]]) or first["value"].get("op") == ">="
        )
        dates = kept and first["entity"] == one["entity"] == "date"
        if dates and JOIN.fullmatch(gap) and opens:
            first["value"] = _between(first["value"]["date"], one["value"])
            first["end"] = one["end"]
            kept[-1] = ((before[0], span[1]), first)
        else:
            kept.append((span, one))
    return [one for _, one in kept]


def _between(first: str, then: dict[str, Any]) -> dict[str, Any]:
    last = date.fromisoformat(then.get("upto", then["date"]))
    if last.isoformat() < first:
        last += timedelta(days=7)
    return {"date": first, "op": "between", "upto": last.isoformat()}


def _entity(plain: Plain, name: str, value: Any, span: tuple[int, int]) -> Entity:
    sure = CORRECTED if plain.unsure(*span) else 1.0
    return entity(name, value, plain.span(*span), sure)
