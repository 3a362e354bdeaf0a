"""What the shop promises everybody, and how it answers questions about itself."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, TypeAdapter, field_validator, model_validator

from journey.catalogue.schema import Entry, Name
from journey.datafile import read
from journey.language.words import alike, split
from journey.orders.workdays import Arrivals, Workdays, holidays_of

CLEAR = 0.7
"""How much of a policy's name must be in a question, by weight of its words."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Money = Annotated[Decimal, Field(ge=0)]
Days = Annotated[int, Field(ge=0, le=3650)]


class Way(Entry):
    """One way of delivery: what it costs and how many working days it takes."""

    fee: Money
    days: tuple[Days, Days]
    only_in_stock: bool = False
    order_before: Annotated[str, Field(pattern=r"^\d\d:\d\d$")] | None = None

    @property
    def cut_off(self) -> time | None:
        """Until when of a day an order still leaves on it."""
        return time.fromisoformat(self.order_before) if self.order_before else None


class CalendarRules(Entry):
    """Where parcels leave: its public holidays, its clock, and days off of its own."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    region: str | None = None
    timezone: str
    closed: tuple[date, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        ZoneInfo(name)
        return name

    @model_validator(mode="after")
    def _has_holidays(self) -> Self:
        try:
            holidays_of(self.country, self.region)
        except NotImplementedError as error:
            raise ValueError(str(error)) from None
        return self


class DeliveryPolicy(Entry):
    """How parcels go out, and from which sum on it is free."""

    standard: Way
    express: Way | None = None
    free_from: Money
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    countries: Annotated[tuple[str, ...], Field(min_length=1)]
    calendar: CalendarRules | None = None

    @property
    def workdays(self) -> Workdays:
        """The days on which parcels travel."""
        if self.calendar is None:
            return Workdays()
        rules = self.calendar
        return Workdays(rules.country, rules.region, rules.timezone, rules.closed)

    def arrivals(self, now: datetime) -> Arrivals:
        """Return on which days parcels arrive that are ordered now."""
        return Arrivals(now, self.workdays, self.standard.cut_off)

    @property
    def home(self) -> str:
        """The country that an address is in when it names none."""
        return self.calendar.country if self.calendar else self.countries[0]


class ReturnsPolicy(Entry):
    """How long things can be sent back, and which ones cannot."""

    days: Days
    fee: Money
    hygiene_categories: tuple[str, ...] = ()
    final_categories: tuple[str, ...] = ()
    refund_days: Days


class Warranty(Entry):
    """How long we stand for what does not get used up."""

    months: Days


class People(Entry):
    """When somebody of the team is there."""

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...]
    opens: time
    closes: time
    timezone: str

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        ZoneInfo(name)
        return name

    def are_there(self, now: datetime) -> bool:
        """Tell whether the team works at this moment."""
        here = self.here(now)
        return DAYS[here.weekday()] in self.days and (
            self.opens <= here.time() < self.closes
        )

    @property
    def city(self) -> str:
        """The city whose clock the hours go by."""
        return self.timezone.rpartition("/")[2].replace("_", " ")

    def here(self, now: datetime) -> datetime:
        """Return an instant on the team's clock."""
        return now.astimezone(ZoneInfo(self.timezone))

    def within(self, wanted: datetime) -> datetime:
        """Return the moment nearest after a wish at which the team works."""
        here = self.here(wanted)
        works = DAYS[here.weekday()] in self.days
        if works and self.opens <= here.time() <= self.closes:
            return here
        return self.next_there(here)

    def closing(self, now: datetime, days: int) -> datetime:
        """Return the end of the n-th day of work after the one that is next or now."""
        here = self.here(now)
        for ahead in range(7 * (days + 2)):
            day = here.date() + timedelta(days=ahead)
            end = datetime.combine(day, self.closes, tzinfo=here.tzinfo)
            if end > here and DAYS[day.weekday()] in self.days:
                if days == 0:
                    return end
                days -= 1
        raise ValueError("people.days is empty")

    def next_there(self, now: datetime) -> datetime:
        """Return when the team begins next, in its own time."""
        here = self.here(now)
        for ahead in range(8):
            day = here.date() + timedelta(days=ahead)
            begin = datetime.combine(day, self.opens, tzinfo=here.tzinfo)
            if begin > here and DAYS[day.weekday()] in self.days:
                return begin
        raise ValueError("people.days is empty")


class Policy(Entry):
    """One topic: how it is asked for, and the true answer."""

    policy: Name
    names: Annotated[tuple[str, ...], Field(min_length=1)]
    text: Annotated[str, Field(min_length=1, max_length=1000)]


class Policies(Entry):
    """The file policies.yml."""

    delivery: DeliveryPolicy
    returns: ReturnsPolicy
    warranty: Warranty
    people: People
    policies: Annotated[tuple[Policy, ...], Field(min_length=1)]


def load_policies(path: Path) -> Policies:
    """Read policies.yml.

    Raises:
        DataError: it does not fit; each fault names its line and field.
    """
    return read(path, TypeAdapter(Policies))


def find_policy(policies: Policies, text: str) -> Policy | None:
    """Return the policy that a question names best, None when none is named.

    A word that many policies share ("delivery") says less than a rare one.
    """
    said = split(text)
    weights = _weights(policies)
    scored = [(_fit(policy, said, weights), policy) for policy in policies.policies]
    score, policy = max(scored, key=lambda pair: pair[0])
    return policy if score > 0 else None


def _weights(policies: Policies) -> dict[str, float]:
    spoken = [
        {word for name in policy.names for word in split(name)}
        for policy in policies.policies
    ]
    counts = Counter(word for words in spoken for word in words)
    return {word: math.log1p(len(spoken) / n) for word, n in counts.items()}


def _fit(policy: Policy, said: Sequence[str], weights: Mapping[str, float]) -> float:
    return max(_fit_name(split(name), said, weights) for name in policy.names)


def _fit_name(
    name: Sequence[str], said: Sequence[str], weights: Mapping[str, float]
) -> float:
    found = sum(weights[w] for w in name if any(alike(w, other) for other in said))
    share = found / sum(weights[word] for word in name)
    return found * share if share >= CLEAR else 0.0
