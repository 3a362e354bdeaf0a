"""Days on which parcels travel."""

from datetime import datetime, time, timedelta


def deliver_by(now: datetime, days: int) -> datetime:
    """Return the evening of the n-th working day (Monday to Friday) from now."""
    day = now.date()
    while days > 0 or day.weekday() > 4:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return datetime.combine(day, time(20), tzinfo=now.tzinfo)


def workdays_until(now: datetime, then: datetime) -> int:
    """Return how many working days lie after today up to a day; 0 for a past one."""
    days = (then.date() - now.date()).days
    ahead = (now.date() + timedelta(days=n) for n in range(1, days + 1))
    return sum(day.weekday() < 5 for day in ahead)
