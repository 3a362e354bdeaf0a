"""Phrases for days and durations over plain text (lower case, single spaces)."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from bot.components import calendar_days as days
from bot.components.numerals import NUMBER, number

Reader = Callable[["re.Match[str]", date], days.Span | None]
LONGEST_WAY = 36500

_WEEKDAY = "|".join((*days.WEEKDAYS, "mon", "tues?", "weds?", "thu(?:rs?)?", "fri"))
_MONTH = "|".join((*days.MONTHS, *days.SHORT_MONTHS))
_CLEAR_MONTH = "|".join(m for m in days.MONTHS if m not in ("march", "may"))
_UNIT = "day|night|week|fortnight|month|quarter|year|hour"
_N = rf"(?P<n>{NUMBER}|an?|a few|few|several)"
_TH = r"(?: ?(?:st|nd|rd|th))"
# No list shows more pieces; below, a preposition tells the 2nd of a month apart.
SHOWN = 10
AS_DAY = re.compile(
    r"\b(?:by|on|before|after|until|till|since|from|between|due"
    rf"|(?:from|between) the \d{{1,2}}{_TH} (?:and|to|till|until|-)) $"
)


def _fixed(offset: int) -> Reader:
    def read(_: "re.Match[str]", today: date) -> days.Span:
        day = today + timedelta(days=offset)
        return day, day

    return read


def count(text: str) -> float:
    """Read a number or `a`, `a few`, `several`."""
    if text in ("a", "an"):
        return 1.0
    return 3.0 if text in ("a few", "few", "several") else number(text)


def _away(match: "re.Match[str]", today: date) -> days.Span | None:
    amount, unit = count(match["n"]), match["unit"]
    if amount * days.UNIT_DAYS[unit] > LONGEST_WAY:
        return None
    back = -1 if match.groupdict().get("ago") else 1
    if unit in ("month", "year") and amount.is_integer():
        day = today + relativedelta(**{f"{unit}s": back * int(amount)})
    else:
        day = today + timedelta(days=round(back * amount * days.UNIT_DAYS[unit]))
    return day, day


def _explicit(match: "re.Match[str]", today: date) -> days.Span | None:
    named = match.groupdict().get("month")
    number_of = days.month_number(named) if named else int(match["m"] or 0)
    year = int(match.groupdict().get("year") or 0)
    first, second = int(match["d"]), number_of
    if not named and second > 12 >= first:
        first, second = second, first
    return days.day_of_month(first, today, second, year)


def _numbered(match: "re.Match[str]", today: date) -> days.Span | None:
    """Read `the 14th`; a low number alone is the second of what was just shown."""
    said_as_day = AS_DAY.search(match.string[: match.start()])
    return _explicit(match, today) if said_as_day or int(match["d"]) > SHOWN else None


def _part(match: "re.Match[str]", today: date) -> days.Span:
    which = match["which"] or "this"
    if match["unit"] in ("week", "month", "year"):
        first, last = days.around(match["unit"], today, which)
    else:
        first, last = days.month(match["unit"], today)
    third = max(1, ((last - first).days + 1) // 3)
    if match["part"] == "end":
        return last - timedelta(days=min(2, third) if third < 5 else third // 2), last
    if match["part"] == "middle":
        return first + timedelta(days=third), last - timedelta(days=third)
    return first, first + timedelta(days=third - 1)


def _weekday(match: "re.Match[str]", today: date) -> days.Span:
    return days.weekday(match["day"], today, match["which"] or "")


def _around(match: "re.Match[str]", today: date) -> days.Span:
    which = match["which"] if match["which"] != "the" else "this"
    return days.around(match["unit"], today, which or "this")


def _holiday(match: "re.Match[str]", today: date) -> days.Span:
    said = match["name"]
    name = said if said in days.HOLIDAYS else said.removesuffix("s")
    eve = match.groupdict().get("eve") and f"{name} eve".replace(
        "year eve", "years eve"
    )
    return days.holiday(eve if eve in days.HOLIDAYS else name, today)


_HOLIDAYS = (
    r"christmas|new years?|valentines?|halloween|easter|pentecost|thanksgiving"
    r"|black friday|mothers day|fathers day|boxing day|st nicholas"
)
PHRASES: list[tuple["re.Pattern[str]", Reader]] = [
    (re.compile(rf"\b{pattern}(?!\w)"), reader)
    for pattern, reader in (
        (rf"(?P<name>{_HOLIDAYS})(?: (?P<eve>eve))?(?: day)?", _holiday),
        (r"(?:the )?day after tomorrow", _fixed(2)),
        (r"tomorrow(?: morning| afternoon| evening| night)?", _fixed(1)),
        (r"(?:today|tonight|this (?:morning|afternoon|evening))", _fixed(0)),
        (r"yesterday|last night", _fixed(-1)),
        (r"(?P<year>\d{4}) - (?P<m>\d{1,2}) - (?P<d>\d{1,2})", _explicit),
        (
            r"(?P<d>\d{1,2}) ?[./] ?(?P<m>\d{1,2})(?: ?[./-] ?(?P<year>\d{4}|\d\d))?"
            r"(?<!\d [.] \d)(?: \.)?",
            _explicit,
        ),
        (
            rf"(?:the )?(?P<d>\d{{1,2}}){_TH}?(?: of)? (?P<month>{_MONTH})"
            r"(?: ,?(?P<year>\d{4}))?",
            _explicit,
        ),
        (
            rf"(?P<month>{_MONTH}) (?:the )?(?P<d>\d{{1,2}}){_TH}?"
            r"(?:(?: ,)? (?P<year>\d{4}))?",
            _explicit,
        ),
        (
            rf"(?:{_WEEKDAY}) (?:, ?)?(?:the )?(?P<d>\d{{1,2}}){_TH}(?P<m>)(?! one)",
            _explicit,
        ),
        (rf"the (?P<d>\d{{1,2}}){_TH}(?P<m>)(?! one)", _numbered),
        (
            rf"(?P<part>end|middle|start|beginning) of (?:the )?(?P<which>this|next)? ?"
            rf"(?P<unit>week|month|year|{_MONTH})",
            _part,
        ),
        (
            rf"(?:in|within)(?: the next| about| around)? {_N} (?P<unit>{_UNIT})s?"
            r"(?: time)?",
            _away,
        ),
        (rf"(?:over |in |within )?the next {_N} (?P<unit>{_UNIT})s?", _away),
        (rf"{_N} (?P<unit>{_UNIT})s? from (?:now|today)", _away),
        (rf"{_N} (?P<unit>{_UNIT})s? (?P<ago>ago)", _away),
        (rf"(?:(?P<which>this|next|last|coming) )?(?P<day>{_WEEKDAY})", _weekday),
        (r"(?<=\b(?:by|on) )(?:(?P<which>this|next) )?(?P<day>sat|sun)", _weekday),
        (
            r"(?P<which>this|next|last|coming|past) (?P<unit>week|weekend|month|year)",
            _around,
        ),
        (
            r"(?P<which>the )(?P<unit>weekend)",
            lambda m, t: days.around(m["unit"], t, "this"),
        ),
        (
            rf"(?:(?<=\b(?:in|by|of) )|(?<=\b(?:next|this|from) )|(?<=\bbefore )"
            rf"|(?<=\b(?:until|since|after) ))"
            rf"(?:early |late |mid )?(?P<month>{_MONTH})",
            lambda m, t: days.month(m["month"], t),
        ),
        (rf"(?P<month>{_CLEAR_MONTH})", lambda m, t: days.month(m["month"], t)),
        (
            r"(?:(?<=\b(?:in|by) )|(?<=\b(?:next|this) )|(?<=\bbefore ))(?:the )?"
            r"(?P<season>spring|summer|autumn|fall|winter)",
            lambda m, t: days.season(m["season"], t),
        ),
    )
]

OPERATORS = [
    (op, re.compile(rf"(?<!\w)(?:{pattern}) ?(?:the |this |my )?$"))
    for op, pattern in (
        (
            ">=",
            r"not (?:before|until|till)|no (?:earlier|sooner) than"
            r"|(?:wait|hold|leave|pause|skip|postpone|delay|move|push|put|nothing)"
            r" (?:\w+ ){0,2}(?:until|till)"
            r"|(?:not|\w+nt) (?:need|want|have to have) (?:\w+ )?(?:until|till|before)",
        ),
        (
            "<=",
            r"by(?: around| about)?|until|till|no later than|not later than|up to"
            r"|latest|deadline is|in time for|within",
        ),
        ("<", r"before|ahead of|not after|prior to"),
        (">", r"after"),
        (">=", r"from|since|starting(?: on| from)?|as of|earliest"),
        ("~", r"around|about|sometime(?: around| in)?|roughly"),
        ("", r"on|at|for|in|during"),
    )
]
LATEST = re.compile(r" (?:at the latest|latest|or (?:earlier|sooner)|if not sooner)\b")

_EVERY_UNIT = rf"(?P<unit>{_UNIT}|weekend|morning|evening|{_WEEKDAY})"
DURATIONS: list[tuple["re.Pattern[str]", bool]] = [
    (re.compile(rf"\b{pattern}(?!\w)(?! old)"), every)
    for pattern, every in (
        (rf"(?:every|each) (?P<other>other|second|2 nd) {_EVERY_UNIT}s?", True),
        (
            rf"(?:every|each)(?: single)?(?: {_N}(?: ?(?:-|to|or) ?(?P<m>{NUMBER}))?)? "
            rf"{_EVERY_UNIT}s?",
            True,
        ),
        (
            rf"(?P<times>once|twice|{NUMBER} times?|{NUMBER} x)"
            r"(?: or \w+)? (?:a|per|every|each) "
            r"(?P<unit>day|week|month|year|fortnight)",
            True,
        ),
        (
            r"(?P<named>daily|weekly|fortnightly|bi ?-? ?weekly|monthly"
            r"|quarterly|yearly|annually)",
            True,
        ),
        (
            rf"{_N}(?: ?(?:-|to|or) ?(?P<m>{NUMBER}))? ?-? ?"
            r"(?P<unit>day|night|week|fortnight|month|year)s?",
            False,
        ),
    )
]
NAMED = {
    "daily": 1,
    "weekly": 7,
    "fortnightly": 14,
    "monthly": 30,
    "quarterly": 91,
    "yearly": 365,
    "annually": 365,
}


def duration(match: "re.Match[str]") -> float | None:
    """Return the days that a match of DURATIONS says."""
    said = match.groupdict()
    if said.get("named"):
        return NAMED.get(said["named"].replace(" ", ""), 14)
    unit = days.UNIT_DAYS.get(said["unit"], 7.0)  # a weekday comes once a week
    if said.get("other"):
        return unit * 2
    if said.get("times"):
        often = {"once": 1.0, "twice": 2.0}
        times = often.get(said["times"]) or number(said["times"].split(" ")[0])
        return round(unit / times, 2) if times else None
    amount = count(said["n"]) if said.get("n") else 1.0
    amount = (amount + number(said["m"])) / 2 if said.get("m") else amount
    return round(amount * unit, 2)
