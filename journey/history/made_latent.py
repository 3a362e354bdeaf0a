"""Made-up purchases that one may foresee though nobody speaks of them.

Some things follow others after a while, some come with their month: half of those who
take one take it each year. A few take either without any reason. The same seed gives
the same purchases.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from journey.history.made import FIRST, Purchase

TAKES, UNASKED = 0.4, 0.05
"""How many take a thing that leads to another; and take the other without it."""
HABIT, SELDOM = 0.8, 0.1
"""How often somebody with a habit takes a seasonal thing in a year, and another one."""
PRICE = 20.0


@dataclass(frozen=True)
class Lead:
    """After a thing another one follows: how often, and after how many days."""

    thing: str
    later: str
    share: float
    days: float


LEADS = (
    Lead("coffee machine", "descaler", 0.45, 35.0),
    Lead("running shoes", "running socks", 0.5, 14.0),
    Lead("suitcase", "packing cubes", 0.3, 21.0),
)
MONTHS = {"sun cream": 6, "hand cream": 1, "advent calendar": 11}


def make_latent(customers: int, days: int, random: Random) -> list[Purchase]:
    """Return what so many customers take in so many days, in order of time."""
    end = FIRST + timedelta(days=days)
    found = [
        Purchase(f"customer-{number:05}", thing, thing, 1, PRICE, at)
        for number in range(customers)
        for thing, at in (*_led(days, random), *_seasonal(end, random))
        if at < end
    ]
    return sorted(found, key=lambda x: (x.at, x.customer, x.product))


def _led(days: int, random: Random) -> Iterator[tuple[str, date]]:
    for lead in LEADS:
        at = FIRST + timedelta(days=random.randrange(days))
        if random.random() < UNASKED:
            yield lead.later, FIRST + timedelta(days=random.randrange(days))
        if random.random() < TAKES:
            yield lead.thing, at
            if random.random() < lead.share:
                lag = lead.days * math.exp(random.gauss(0, 0.5))
                yield lead.later, at + timedelta(days=max(round(lag), 1))


def _seasonal(end: date, random: Random) -> Iterator[tuple[str, date]]:
    for thing, month in MONTHS.items():
        habit = random.random() < 0.5
        for year in range(FIRST.year, end.year + 1):
            if random.random() < (HABIT if habit else SELDOM):
                yield thing, date(year, month, random.randint(1, 28))
