"""Days on which parcels travel."""

from datetime import datetime, time, timedelta


def deliver_by(now: datetime, days: int) -> datetime:
    """Return the evening of the n-th working day (Monday to Friday) from now."""
    day = now.date()
    while days > 0 or day.weekday() > 4:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return datetime.combine(day, time(20), tzinfo=now.tzinfo)
