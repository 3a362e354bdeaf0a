"""Days as people write them: "Tuesday", "in three days", "12 December"."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from journey.language.calendars import Calendar
from journey.language.words import split

ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
NUMERIC = re.compile(r"\b(\d{1,2})([/.])(\d{1,2})(?:\2(\d{4}|\d{2})?|(?!\.)\b)")
ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?")
FARTHEST = timedelta(days=366)


def read_day(text: str, today: date, calendar: Calendar) -> date | None:
    """Return the day that a text names, today or later; None when it names none."""
    said = split(text)
    found = [*_written(text, today), *_spoken(said, today, calendar)]
    return next((day for day in found if today <= day <= today + FARTHEST), None)


def _written(text: str, today: date) -> Iterator[date]:
    for year, month, day in ISO.findall(text):
        yield from _day(int(day), int(month), int(year))
    for found in NUMERIC.finditer(ISO.sub(" ", text)):
        day, sign, month, year = found.groups()
        if sign == "." and not found.group().endswith(".") and not year:
            # "9.5 hours" is no day, "9.5." is one.
            continue
        given = int(year) + (2000 if len(year) == 2 else 0) if year else None
        yield from _coming(int(day), int(month), today, given)


def _spoken(said: tuple[str, ...], today: date, calendar: Calendar) -> Iterator[date]:
    yield from _with_month(said, today, calendar)
    yield from _counted(said, today, calendar)
    line = f" {' '.join(said)} "
    for phrase in sorted(calendar.ahead, key=len, reverse=True):
        if f" {phrase} " in line:
            yield today + timedelta(days=calendar.ahead[phrase])
    for number, names in enumerate(calendar.weekdays):
        if any(name in said for name in names):
            yield today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _with_month(
    said: tuple[str, ...], today: date, calendar: Calendar
) -> Iterator[date]:
    for at, word in enumerate(said):
        month = next((n for n, x in enumerate(calendar.months, 1) if word in x), None)
        if month is None:
            continue
        for near in (*said[max(0, at - 2) : at][::-1], *said[at + 1 : at + 3]):
            if found := ORDINAL.fullmatch(near):
                yield from _coming(int(found[1]), month, today, None)
                break


def _counted(said: tuple[str, ...], today: date, calendar: Calendar) -> Iterator[date]:
    for begin, amount, unit in zip(said, said[1:], said[2:], strict=False):
        if begin in calendar.begins and unit in calendar.units:
            count = int(amount) if amount.isdecimal() else calendar.numbers.get(amount)
            if count is not None and count * calendar.units[unit] <= FARTHEST.days:
                yield today + timedelta(days=count * calendar.units[unit])


def _coming(day: int, month: int, today: date, year: int | None) -> Iterator[date]:
    if year is not None:
        yield from _day(day, month, year)
        return
    for named in (today.year, today.year + 1):
        for found in _day(day, month, named):
            if found >= today:
                yield found
                return


def _day(day: int, month: int, year: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
