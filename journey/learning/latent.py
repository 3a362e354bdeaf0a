"""Latent needs: what customers come to need that they did not say, from counts.

A thing is a kind of product that was taken, or a need that was confirmed. It comes
after another thing, comes back a year later, or comes with the season. Each share
leans on what is common, the more so the less was counted; the lag between two things
and the share that never follows make one distribution (a cure model: Boag, 1949), and
the months of a year are told by a Gamma-Poisson ratio (DuMouchel, 1999).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from journey.learning.fading import EPOCH
from journey.learning.renewal import Forecast

AHEAD, MONTH = 30.0, 30.0
QUIET, REGULAR = 60.0, 4
"""What was taken so lately, or in so many months, is no latent need."""
WINDOW = 120.0
"""Within so many days a thing follows another."""
YEAR, EARLY, NEAR = 365.25, 15.0, 10.0
"""A year later is asked about so many days before its day, give or take some."""
PAIRS, LAGS, SEASONS, OWN, YEARS = 20.0, 5.0, 20.0, 24.0, 10.0
"""So many customers, lags, takings, months, years weigh as much as the level above."""
AGAIN = (2.0, 10.0)
"""Before anything is counted, so many of so many come back a year later."""
OWNER = 200.0
"""So many months of a customer weigh as much as the owner's word."""
LAG = (math.log(30.0), 0.8)
TOLD, LIFT = 0.25, 2.0
"""From this probability on a need is spoken of, when so many times the usual one."""
Story = Sequence[tuple[float, str]]
"""What one customer took and confirmed: the day and the thing, oldest first."""


@dataclass(frozen=True)
class Owner:
    """What the owner says of a thing: how often in a year, and in which month."""

    yearly: float = 0.0
    season: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Outlook:
    """How likely a customer comes to need a thing, how likely anybody does, and why.

    `why` is `after`, `year` or `season`; `share` is of those who took `after`, of
    those who came a year before, or how much more often than in other months.
    """

    thing: str
    chance: float
    usual: float
    why: str
    share: float
    after: str = ""


@dataclass
class Tally:
    """Counts over customers; `lived` is in months of customers."""

    took: Counter[str] = field(default_factory=Counter)
    had: Counter[tuple[str, str]] = field(default_factory=Counter)
    came: Counter[tuple[str, str]] = field(default_factory=Counter)
    logs: dict[tuple[str, str], float] = field(default_factory=dict)
    squares: float = 0.0
    months: Counter[tuple[str, int]] = field(default_factory=Counter)
    awaited: Counter[str] = field(default_factory=Counter)
    returned: Counter[str] = field(default_factory=Counter)
    lived: float = 0.0

    def take(self, story: Story, end: float) -> None:
        """Count one customer's story, of which nothing is known from `end` on."""
        self.lived += max(end - story[0][0], 0.0) / MONTH
        firsts = first_days(story)
        for thing, day in firsts.items():
            if day + WINDOW <= end:
                self._follow(thing, day, firsts)
        for thing, days in monthly(story).items():
            self.months.update((thing, month_of(day)) for day in days)
            self._year(thing, days, end)

    def _follow(self, thing: str, day: float, firsts: Mapping[str, float]) -> None:
        self.took[thing] += 1
        for later, at in firsts.items():
            pair = thing, later
            if at <= day:
                self.had[pair] += 1
            elif at - day <= WINDOW:
                lag = math.log(max(at - day, 1.0))
                self.came[pair] += 1
                self.logs[pair] = self.logs.get(pair, 0.0) + lag
                self.squares += lag * lag

    def _year(self, thing: str, days: Sequence[float], end: float) -> None:
        for day in days:
            asked = day + YEAR - EARLY
            silent = not any(asked - QUIET < x < asked for x in days)
            if asked + AHEAD <= end and silent:
                self.awaited[thing] += 1
                self.returned[thing] += any(asked <= x < asked + AHEAD for x in days)


@dataclass(frozen=True)
class LatentModel:
    """Foretells from counts what nobody said."""

    tally: Tally = field(default_factory=Tally)
    owners: Mapping[str, Owner] = field(default_factory=dict)

    @cached_property
    def things(self) -> list[str]:
        """Everything that may be needed."""
        return sorted({thing for thing, _ in self.tally.months} | self.owners.keys())

    def usual(self, thing: str, ahead: float = AHEAD) -> float:
        """Return how likely anybody needs a thing within so many days."""
        return 1 - math.exp(-self._rate(thing) * ahead / MONTH)

    def outlooks(
        self, story: Story, today: float, ahead: float = AHEAD
    ) -> Iterator[Outlook]:
        """Yield how likely a customer needs each thing within so many days."""
        days, firsts = monthly(story), first_days(story)
        for thing in latent_in(self.things, story, today):
            ways = [self._season(thing, story, len(days[thing]), today, ahead)]
            ways += self._after(thing, firsts, today, ahead)
            ways += self._year(thing, days[thing], today, ahead)
            yield max(ways, key=lambda x: x.chance)

    def _rate(self, thing: str) -> float:
        """Return how often a month a thing is needed."""
        said = self.owners.get(thing, Owner()).yearly / 12
        return (self._times[thing] + OWNER * said) / (self.tally.lived + OWNER)

    def _season(
        self, thing: str, story: Story, own: int, today: float, ahead: float
    ) -> Outlook:
        lived = (today - story[0][0]) / MONTH if story else 0.0
        rate = (own + OWN * self._rate(thing)) / (lived + OWN)
        ratio = self.ratio(thing, month_of(today + ahead / 2))
        chance = 1 - math.exp(-rate * ratio * ahead / MONTH)
        return Outlook(thing, chance, self.usual(thing, ahead), "season", ratio)

    def ratio(self, thing: str, month: int) -> float:
        """Return how much more often a thing is needed in a month than in others."""
        said = self.owners.get(thing, Owner()).season.get(month, 1.0)
        whole = self._whole
        share = whole[month] / max(whole.total(), 1)
        expected = self._times[thing] * share + SEASONS
        return (self.tally.months[thing, month] + SEASONS * said) / expected

    def _after(
        self, thing: str, firsts: Mapping[str, float], today: float, ahead: float
    ) -> Iterator[Outlook]:
        for before, day in firsts.items():
            if thing in firsts or not 0 <= today - day <= WINDOW:
                continue
            came, stood = self.tally.came[before, thing], self._stood(before, thing)
            share = (came + PAIRS * self._base(before, thing)) / (stood + PAIRS)
            mean = (self.tally.logs.get((before, thing), 0.0) + LAGS * self._lag[0]) / (
                came + LAGS
            )
            follows = Forecast(mean, self._lag[1], 1 - share)
            chance = follows.chance(today - day, ahead)
            usual = self.usual(thing, ahead)
            yield Outlook(thing, chance, usual, "after", share, before)

    def _year(
        self, thing: str, days: Sequence[float], today: float, ahead: float
    ) -> Iterator[Outlook]:
        if not any(abs(x + YEAR - EARLY - today) <= NEAR for x in days):
            return
        counts = self.tally.returned, self.tally.awaited
        all_came, all_asked = (x.total() for x in counts)
        pooled = (all_came + AGAIN[0]) / (all_asked + AGAIN[1])
        ratio = self.ratio(thing, month_of(today + ahead / 2))
        odds = pooled / (1 - pooled) * ratio
        came, asked = (x[thing] for x in counts)
        share = (came + YEARS * odds / (1 + odds)) / (asked + YEARS)
        chance = share * min(ahead / AHEAD, 1.0) * min(ratio, 1.0)
        yield Outlook(thing, chance, self.usual(thing, ahead), "year", share)

    def _stood(self, before: str, thing: str) -> int:
        return self.tally.took[before] - self.tally.had[before, thing]

    @cached_property
    def _times(self) -> Counter[str]:
        found = Counter[str]()
        for (thing, _), count in self.tally.months.items():
            found[thing] += count
        return found

    @cached_property
    def _whole(self) -> Counter[int]:
        found = Counter[int]()
        for (_, month), count in self.tally.months.items():
            found[month] += count
        return found

    def _base(self, before: str, thing: str) -> float:
        """Return how often a thing follows whatever else was taken before it."""
        came, stood = self._follows[thing]
        came -= self.tally.came[before, thing]
        stood -= self._stood(before, thing)
        return (came + PAIRS * self.usual(thing, WINDOW)) / (stood + PAIRS)

    @cached_property
    def _follows(self) -> Mapping[str, tuple[int, int]]:
        """How often each thing came after any other one, of how many times."""
        came, had = Counter[str](), Counter[str]()
        for sums, pairs in ((came, self.tally.came), (had, self.tally.had)):
            for (_, later), count in pairs.items():
                sums[later] += count
        # Whoever took a thing had it then: it never stood open behind itself.
        taken = self.tally.took.total()
        return {x: (came[x], taken - had[x]) for x in self.things}

    @cached_property
    def _lag(self) -> tuple[float, float]:
        """The mean and the spread of all log lags."""
        count = self.tally.came.total()
        if count < LAGS:
            return LAG
        mean = sum(self.tally.logs.values()) / count
        return mean, math.sqrt(max(self.tally.squares / count - mean**2, 0.1))


def worth_telling(outlook: Outlook) -> bool:
    """Tell whether a need is likely enough to be spoken of."""
    return outlook.chance >= max(TOLD, LIFT * outlook.usual)


def first_days(story: Story) -> dict[str, float]:
    """Return when each thing was first taken."""
    found = dict[str, float]()
    for day, thing in story:
        found.setdefault(thing, day)
    return found


def monthly(story: Story) -> dict[str, list[float]]:
    """Return the days on which each thing was taken, one in 30 days at most."""
    found = defaultdict[str, list[float]](list)
    for day, thing in story:
        if not found[thing] or day - found[thing][-1] >= MONTH:
            found[thing].append(day)
    return found


def latent_in(things: Iterable[str], story: Story, today: float) -> list[str]:
    """Return the things that are not taken regularly, nor were lately."""
    days = monthly(story)
    lately = {thing for day, thing in story if day > today - QUIET}
    return [x for x in things if x not in lately and len(days[x]) < REGULAR]


def month_of(day: float) -> int:
    """Return the month of a day since the epoch of learning, 1 to 12."""
    return (EPOCH + timedelta(days=day)).month
