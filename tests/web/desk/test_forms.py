from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from web.desk.forms import Misread, read_due, read_seen, read_until

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 25, 12, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("form", "until"),
    [
        ({"until": ""}, None),
        ({"until": "3h"}, NOON + timedelta(hours=3)),
        ({"until": "tomorrow"}, datetime(2026, 11, 26, 9, tzinfo=BERLIN)),
        (
            {"until": "at", "at": "2026-11-30T08:15"},
            datetime(2026, 11, 30, 8, 15, tzinfo=BERLIN),
        ),
    ],
)
def test_reads_until_when(form: dict[str, str], until: datetime | None) -> None:
    assert read_until(form, NOON, time(9)) == until


@pytest.mark.parametrize(
    ("at", "fault"), [("", "Choose a time"), ("2026-11-24T08:15", "over already")]
)
def test_refuses_a_time_that_is_none(at: str, fault: str) -> None:
    with pytest.raises(Misread, match=fault):
        read_until({"until": "at", "at": at}, NOON, time(9))


@pytest.mark.parametrize(
    ("due", "day"), [("", None), ("2026-12-01", date(2026, 12, 1))]
)
def test_reads_the_day_of_a_promise(due: str, day: date | None) -> None:
    assert read_due({"due": due}) == day


def test_refuses_what_is_no_day_and_no_position() -> None:
    with pytest.raises(Misread, match="day"):
        read_due({"due": "soon"})
    with pytest.raises(Misread):
        read_seen({"seen": "all"})
