"""Named days and spans of days, relative to a day: `next month`, `Christmas`."""

from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

Span = tuple[date, date]
"""First and last day, both included."""

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
)  # fmt: skip
SHORT_DAYS = {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3,
              "thurs": 3, "fri": 4, "sat": 5, "sun": 6}  # fmt: skip
SHORT_MONTHS = {m[:3]: i for i, m in enumerate(MONTHS)} | {"sept": 8}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
UNIT_DAYS = {"day": 1.0, "night": 1.0, "week": 7.0, "fortnight": 14.0, "month": 30.0,
             "quarter": 91.0, "year": 365.0, "hour": 1 / 24, "weekend": 7.0,
             "morning": 1.0, "evening": 1.0}  # fmt: skip


def weekday(name: str, today: date, which: str) -> Span:
    """Return the coming day of that name; `next` means in the next calendar week."""
    index = SHORT_DAYS[name] if name in SHORT_DAYS else WEEKDAYS.index(name)
    monday = today - timedelta(days=today.weekday())
    if which == "next":
        day = monday + timedelta(days=7 + index)
    elif which == "last":
        day = today - timedelta(days=(today.weekday() - index - 1) % 7 + 1)
    else:
        day = today + timedelta(days=(index - today.weekday()) % 7)
        if day == today and which != "this":
            day += timedelta(days=7)
    return day, day


def around(unit: str, today: date, which: str) -> Span:
    """Return this, next or last week, weekend, month or year."""
    step = {"this": 0, "next": 1, "last": -1, "past": -1, "coming": 1}[which]
    monday = today - timedelta(days=today.weekday())
    if unit == "weekend":
        step = 0 if which == "coming" else step
        saturday = monday + timedelta(days=5 + 7 * step)
        return saturday, saturday + timedelta(days=1)
    if unit == "week":
        first = monday + timedelta(days=7 * step)
        return first, first + timedelta(days=6)
    if unit == "month":
        return month_of(today.replace(day=1) + relativedelta(months=step))
    year = today.year + step
    return date(year, 1, 1), date(year, 12, 31)


def month_of(day: date) -> Span:
    """Return the whole month of a day."""
    first = day.replace(day=1)
    return first, first + relativedelta(months=1) - timedelta(days=1)


def month(name: str, today: date, year: int | None = None) -> Span:
    """Return the coming month of that name, this one included."""
    number = month_number(name)
    if year is None:
        year = today.year + (number < today.month)
    return month_of(date(year, number, 1))


def month_number(name: str) -> int:
    """Return 1 to 12."""
    return (MONTHS.index(name) if name in MONTHS else SHORT_MONTHS[name]) + 1


def season(name: str, today: date) -> Span:
    """Return the coming or current season (meteorological, northern)."""
    for year in (today.year - 1, today.year, today.year + 1):
        first = date(year, SEASONS[name], 1)
        last = first + relativedelta(months=3) - timedelta(days=1)
        if last >= today:
            return first, last
    raise AssertionError("a season ends at the latest next year")


def day_of_month(day: int, today: date, number: int = 0, year: int = 0) -> Span | None:
    """Return the coming such day; None when the calendar has none."""
    if year:
        tries = [(year if year > 99 else 2000 + year, number)]
    elif number:
        tries = [(today.year, number), (today.year + 1, number)]
    else:
        ahead = today.replace(day=1) + relativedelta(months=1)
        tries = [(today.year, today.month), (ahead.year, ahead.month)]
    for one_year, one_month in tries:
        try:
            found = date(one_year, one_month, day)
        except ValueError:
            continue
        if found >= today or year:
            return found, found
    return None


def _nth(nth: int, index: int, number: int) -> Callable[[int], date]:
    def of(year: int) -> date:
        first = date(year, number, 1)
        return first + timedelta(days=(index - first.weekday()) % 7 + 7 * (nth - 1))

    return of


HOLIDAYS: dict[str, Callable[[int], date]] = {
    "christmas eve": lambda year: date(year, 12, 24),
    "christmas": lambda year: date(year, 12, 25),
    "boxing day": lambda year: date(year, 12, 26),
    "new year": lambda year: date(year, 1, 1),
    "new years eve": lambda year: date(year, 12, 31),
    "valentine": lambda year: date(year, 2, 14),
    "halloween": lambda year: date(year, 10, 31),
    "easter": easter,
    "pentecost": lambda year: easter(year) + timedelta(days=49),
    "thanksgiving": _nth(4, 3, 11),
    "black friday": lambda year: _nth(4, 3, 11)(year) + timedelta(days=1),
    "mothers day": _nth(2, 6, 5),
    "fathers day": _nth(3, 6, 6),
    "st nicholas": lambda year: date(year, 12, 6),
}


def holiday(name: str, today: date) -> Span:
    """Return the coming feast, today included."""
    of = HOLIDAYS[name]
    day = of(today.year)
    day = day if day >= today else of(today.year + 1)
    return day, day
