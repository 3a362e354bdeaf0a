from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.dates import Dates
from tests.bot.components.conftest import Understand


def on(date: str, op: str = "==", upto: str | None = None) -> Any:
    return "date", {"date": date, "op": op, **({"upto": upto} if upto else {})}


def lasting(days: float, every: bool = False) -> Any:
    return "duration", {"days": days, "every": every}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by Friday", on("2026-11-27", "<=")),
        ("by wensday", on("2026-11-25", "<=")),
        ("friday at the latest", on("2026-11-27", "<=")),
        ("not before friday", on("2026-11-27", ">=")),
        ("next friday", on("2026-12-04")),
        ("on monday", on("2026-11-30")),
        ("fri pls", on("2026-11-27")),
        ("tomorrow", on("2026-11-24")),
        ("tommorow morning", on("2026-11-24")),
        ("tmrw", on("2026-11-24")),
        ("the day after tomorrow", on("2026-11-25")),
        ("by tonight", on("2026-11-23", "<=")),
        ("before Christmas", on("2026-12-24", "<=")),
        ("xmas", on("2026-12-25")),
        ("for christmas eve", on("2026-12-24")),
        ("after easter", on("2027-03-29", ">=")),
        ("black friday", on("2026-11-27")),
        ("next month", on("2026-12-01", "between", "2026-12-31")),
        ("this weekend", on("2026-11-28", "between", "2026-11-29")),
        ("by the end of next week", on("2026-12-06", "<=")),
        ("in 3 weeks", on("2026-12-14")),
        ("in a couple of days", on("2026-11-25")),
        ("within 2 days", on("2026-11-25", "<=")),
        ("3 days ago", on("2026-11-20")),
        ("24/12", on("2026-12-24")),
        ("24.12.", on("2026-12-24")),
        ("Dec 24th", on("2026-12-24")),
        ("3rd of march", on("2027-03-03")),
        ("no later than 5 dec", on("2026-12-05", "<=")),
        ("2026-12-01", on("2026-12-01")),
        ("the 14th suits me", on("2026-12-14")),
        ("rather on friday the 4th", on("2026-12-04")),
        ("by the 2nd", on("2026-12-02", "<=")),
        ("from january", on("2027-01-01", ">=")),
        ("dont need it until march", on("2027-03-01", ">=")),
        ("wait until next month", on("2026-12-01", ">=")),
        ("hold it off till january", on("2027-01-01", ">=")),
        ("leave it until the 5th", on("2026-12-05", ">=")),
        ("i can wait, i need it until friday", on("2026-11-27", "<=")),
        ("before summer", on("2027-05-31", "<=")),
        ("between monday and friday", on("2026-11-30", "between", "2026-12-04")),
        ("every six weeks", lasting(42, True)),
        ("evry 2 weeks", lasting(14, True)),
        ("every other week", lasting(14, True)),
        ("every 6-8 weeks", lasting(49, True)),
        ("once a month", lasting(30, True)),
        ("twice a week", lasting(3.5, True)),
        ("monthly", lasting(30, True)),
        ("every monday", lasting(7, True)),
        ("for two months", lasting(60)),
        ("a fortnight", lasting(14)),
    ],
)
def test_find_days_as_people_type_them(
    understand: Understand, text: str, expected: Any
) -> None:
    entities = [e for e in understand(text) if e["entity"] in ("date", "duration")]
    assert [(e["entity"], e["value"]) for e in entities] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "I like the 2nd",
        "the 14th one",
        "I sat in the sun",
        "it may work",
        "my 5 year old",
        "31/02",
        "1.5 kg",
        "a day bed",
    ],
)
def test_find_no_day_in_other_words(understand: Understand, text: str) -> None:
    assert not [e for e in understand(text) if e["entity"] == "date"]


def test_read_the_day_from_the_clock_without_metadata() -> None:
    day = datetime(2027, 1, 4, tzinfo=timezone.utc)
    dates = Dates({}, clock=lambda: day)
    (found,) = dates.find(Message(data={"text": "tomorrow"}))
    assert found["value"]["date"] == "2027-01-05"


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01", None])
def test_read_the_clock_when_the_metadata_are_wrong(at: str | None) -> None:
    dates = Dates({}, clock=lambda: datetime(2027, 1, 4, tzinfo=timezone.utc))
    message = Message(data={"text": "today", "metadata": {"at": at}})
    assert dates.find(message)[0]["value"]["date"] == "2027-01-04"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("péntekig kell a szék", on("2026-11-27", "<=")),
        ("mikor jön, holnap?", on("2026-11-24")),
        ("मुझे यह कल तक चाहिए", on("2026-11-24", "<=")),
        ("5 दिसंबर को", on("2026-12-05")),
        ("শুক্রবারের মধ্যে চাই", on("2026-11-27", "<=")),
        ("నాకు శుక్రవారం లోపు కావాలి", on("2026-11-27", "<=")),
        ("ich brauche es bis Freitag bitte", on("2026-11-27", "<=")),
        ("je voudrais la lampe vendredi", on("2026-11-27")),
    ],
)
def test_read_days_in_other_languages(
    understand: Understand, text: str, expected: Any
) -> None:
    found = [e for e in understand(text) if e["entity"] == "date"]
    assert [(e["entity"], e["value"]) for e in found] == [expected]


@pytest.mark.parametrize(
    "text",
    ["a lámpa túl nehéz nekem", "मुझे 2 कुर्सी चाहिए", "ich suche einen Stuhl für 40"],
)
def test_read_no_day_where_none_is_said(understand: Understand, text: str) -> None:
    assert not [e for e in understand(text) if e["entity"] == "date"]
