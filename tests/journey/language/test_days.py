from datetime import date

import pytest

from journey.language.days import read_day
from journey.language.words import load_languages
from journey.owner.help import DATA

CALENDAR = load_languages(DATA / "language")["en"].calendar
THURSDAY = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("arrives Tuesday", "2026-12-08"),
        ("arrives Thu", "2026-12-10"),
        ("today", "2026-12-03"),
        ("the day after tomorrow", "2026-12-05"),
        ("in three days", "2026-12-06"),
        ("within 2 weeks", "2026-12-17"),
        ("12 December", "2026-12-12"),
        ("December the 12th", "2026-12-12"),
        ("2 January", "2027-01-02"),
        ("on 2026-12-09", "2026-12-09"),
        ("by 15.12.", "2026-12-15"),
        ("4/12/2026", "2026-12-04"),
        ("Friday 4/12", "2026-12-04"),
    ],
)
def test_read_day(text: str, day: str) -> None:
    assert read_day(text, THURSDAY, CALENDAR) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "solved",
        "order 1043 replaced",
        "may need more",
        "31 February",
        "sent on 2026-11-01",
        "sat with him for 9.5 hours",
        "in 900 weeks",
    ],
)
def test_read_day_finds_none(text: str) -> None:
    assert read_day(text, THURSDAY, CALENDAR) is None
