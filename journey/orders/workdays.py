"""Days on which parcels travel."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

EVENING = time(20)


@dataclass(frozen=True)
class Workdays:
    """Monday to Friday without public holidays, on the clock of where parcels leave.

    Without a country there are no holidays, without a zone the clock is that of
    whoever asks. `closed` are days on which this shop sends nothing besides.
    """

    country: str | None = None
    region: str | None = None
    zone: str | None = None
    closed: tuple[date, ...] = ()

    def has(self, day: date) -> bool:
        """Tell whether parcels travel on a day."""
        free = holidays_of(self.country, self.region) if self.country else ()
        return day.weekday() < 5 and day not in self.closed and day not in free

    def deliver_by(
        self, now: datetime, days: int, before: time | None = None
    ) -> datetime:
        """Return the evening of the n-th working day from now.

        With `before` it counts from the day on which the parcel is made ready: today
        up to that time, else the next working day.
        """
        here = self.here(now)
        day = here.date()
        if before is not None and not (self.has(day) and here.time() < before):
            day = self._next(day)
        while days > 0 or not self.has(day):
            day += timedelta(days=1)
            days -= self.has(day)
        return datetime.combine(day, EVENING, tzinfo=here.tzinfo)

    def day_of(self, now: datetime) -> date:
        """Return which day it is where parcels leave."""
        return self.here(now).date()

    def here(self, now: datetime) -> datetime:
        """Return an instant on the clock of where parcels leave."""
        return now.astimezone(ZoneInfo(self.zone)) if self.zone else now

    def _next(self, day: date) -> date:
        day += timedelta(days=1)
        return day if self.has(day) else self._next(day)


@dataclass(frozen=True)
class Arrivals:
    """On which days parcels arrive that are ordered now, sent in the usual way.

    Up to the time `before` of a day an order leaves on that day.
    """

    now: datetime
    workdays: Workdays = Workdays()
    before: time | None = None

    def after(self, days: int) -> date:
        """Return the day on which something is there that takes so many workdays."""
        found = self._known.get(days)
        if found is None:
            evening = self.workdays.deliver_by(self.now, days, self.before)
            found = self._known[days] = evening.date()
        return found

    @cached_property
    def _known(self) -> dict[int, date]:
        return {}


@lru_cache(64)
def holidays_of(country: str, region: str | None) -> Container[date]:
    """Return the public holidays of a country or of one of its regions.

    Raises:
        NotImplementedError: there is no such country or region.
    """
    return country_holidays(country, subdiv=region)


def workdays_until(now: datetime, then: datetime) -> int:
    """Return how many working days lie after today up to a day; 0 for a past one."""
    days = (then.date() - now.date()).days
    ahead = (now.date() + timedelta(days=n) for n in range(1, days + 1))
    return sum(day.weekday() < 5 for day in ahead)
