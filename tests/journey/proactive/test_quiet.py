from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.proactive.quiet import DAY, Quiet

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "UTC",
]
BERLIN = ZoneInfo("Europe/Berlin")


def instant(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        # Winter: Berlin is one hour ahead.
        (instant(2026, 1, 10, 20, 30), instant(2026, 1, 11, 7)),
        (instant(2026, 1, 10, 12), instant(2026, 1, 10, 12)),
        # The night of 29 March has 23 hours, that of 25 October 25.
        (instant(2026, 3, 28, 22), instant(2026, 3, 29, 6)),
        (instant(2026, 10, 24, 22), instant(2026, 10, 25, 7)),
        # A leap day is a day.
        (instant(2028, 2, 28, 21), instant(2028, 2, 29, 7)),
        (instant(2028, 2, 29, 21), instant(2028, 3, 1, 7)),
    ],
)
def test_next_allowed_is_eight_by_the_clock_on_the_wall(
    moment: datetime, allowed: datetime
) -> None:
    assert Quiet(BERLIN).next_allowed(moment) == allowed


def test_quiet_that_ends_in_an_hour_that_is_left_out_ends_behind_it() -> None:
    quiet = Quiet(BERLIN, 22 * 60, 2 * 60 + 30)
    allowed = quiet.next_allowed(instant(2026, 3, 29, 0))
    assert not quiet.holds(allowed)
    assert allowed == instant(2026, 3, 29, 1, 30)


@given(
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(datetime(2023, 1, 1), datetime(2032, 1, 1)),
    begins=st.integers(0, DAY - 1),
    ends=st.integers(0, DAY - 1),
)
def test_next_allowed_is_never_quiet_nor_earlier_nor_two_days_away(
    zone: str, moment: datetime, begins: int, ends: int
) -> None:
    quiet = Quiet(ZoneInfo(zone), begins, ends)
    now = moment.replace(tzinfo=UTC)
    allowed = quiet.next_allowed(now)
    assert not quiet.holds(allowed)
    assert now <= allowed <= now + timedelta(hours=49)


@given(
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(datetime(2023, 1, 1), datetime(2032, 1, 1)),
)
def test_nothing_is_quiet_until_next_quiet(zone: str, moment: datetime) -> None:
    quiet = Quiet(ZoneInfo(zone))
    now = quiet.next_allowed(moment.replace(tzinfo=UTC))
    ends = quiet.next_quiet(now)
    assert ends is not None
    assert quiet.holds(ends)
    steps = int((ends - now) / timedelta(minutes=20))
    assert not any(quiet.holds(now + timedelta(minutes=20 * n)) for n in range(steps))
