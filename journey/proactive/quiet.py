"""The hours at which a customer is left alone, by the clock on their own wall."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
FROM, UNTIL = 21 * 60, 8 * 60


@dataclass(frozen=True)
class Quiet:
    """From one minute of the day to another, over midnight where it must."""

    zone: ZoneInfo
    begins: int = FROM
    ends: int = UNTIL

    def holds(self, moment: datetime) -> bool:
        """Tell whether it is quiet at a moment."""
        here = moment.astimezone(self.zone)
        minute = here.hour * 60 + here.minute
        if self.begins <= self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends

    def next_allowed(self, moment: datetime) -> datetime:
        """Return a moment, or the first one after it at which it is not quiet.

        A wall clock may show the same minute twice in a night, or leave it out.
        """
        while self.holds(moment):
            moment = self._next(self.ends, moment)
        return moment

    def next_quiet(self, moment: datetime) -> datetime | None:
        """Return when it is quiet next after a moment; None when it never is."""
        if self.begins == self.ends:
            return None
        return self._next(self.begins, moment)

    def _next(self, minute: int, moment: datetime) -> datetime:
        """Return when the clock on the wall shows a minute of the day next."""
        here = moment.astimezone(self.zone)
        clock = time(minute // 60 % 24, minute % 60)
        days = [here.date() + timedelta(days=ahead) for ahead in (0, 1)]
        found = [
            datetime.combine(day, clock, self.zone).replace(fold=fold)
            for day in days
            for fold in (0, 1)
        ]
        # By the instant: times of one zone compare by the clock on the wall.
        later = [x for x in found if x.timestamp() > moment.timestamp()]
        return min(later, key=lambda x: x.timestamp()).astimezone(moment.tzinfo)
