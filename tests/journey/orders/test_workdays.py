from datetime import UTC, datetime, timedelta

import pytest

from journey.orders.workdays import Workdays


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [("2026-11-23", 0, 23), ("2026-11-23", 3, 26), ("2026-11-27", 1, 30)],
)
def test_deliver_by_counts_working_days(start: str, days: int, due: int) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert Workdays().deliver_by(at, days).day == due


def test_deliver_by_never_falls_on_a_weekend() -> None:
    saturday = datetime(2026, 11, 28, tzinfo=UTC)
    due = [
        Workdays().deliver_by(saturday + timedelta(days=n), 0).weekday()
        for n in range(7)
    ]
    assert max(due) <= 4
