"""Made-up order histories, as real ones are: rhythms, visits, pauses, and goodbyes.

Every customer uses some products up at a pace of their own around that of the
product, whose pace lies around that of its category. They come to the shop now and
then: what runs out between two visits is bought at the visit before or after. A
double pack lasts twice as long. Holidays stretch gaps; some products are given up,
some customers leave, some start late. The same seed gives the same history.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

FIRST = date(2025, 1, 1)
KINDS = {
    "coffee": 14.0,
    "coffee filters": 40.0,
    "water cartridges": 30.0,
    "skin care": 45.0,
    "pet food": 10.0,
    "vitamins": 30.0,
    "detergent": 35.0,
    "razor blades": 60.0,
}
"""Days that one piece lasts, by category."""
PRODUCTS = 6
"""So many products a category."""
TAKEN = (1, 6)
PAUSE_DAYS = 21
COLUMNS = ("customer", "product", "category", "quantity", "price", "at")


@dataclass(frozen=True)
class Purchase:
    """One line of a history."""

    customer: str
    product: str
    category: str
    quantity: int
    price: float
    at: date


@dataclass(frozen=True)
class Thing:
    """A product, how long one piece of it lasts, and what it costs."""

    name: str
    category: str
    days: float
    price: float


def make_history(customers: int, days: int, random: Random) -> list[Purchase]:
    """Return the purchases of so many customers in so many days, in order of time."""
    things = [*_things(random)]
    found = [
        purchase
        for number in range(customers)
        for purchase in _life(f"customer-{number:05}", things, days, random)
    ]
    return sorted(found, key=lambda x: (x.at, x.customer, x.product))


def write_history(path: Path, purchases: list[Purchase]) -> None:
    """Write a history as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for x in purchases:
            price = f"{x.price:.2f}"
            rows.writerow((x.customer, x.product, x.category, x.quantity, price, x.at))


def _things(random: Random) -> Iterator[Thing]:
    for category, days in KINDS.items():
        for number in range(1, PRODUCTS + 1):
            lasts = days * math.exp(random.gauss(0, 0.4))
            price = round(random.uniform(3, 30), 2)
            yield Thing(f"{category} {number}", category, lasts, price)


def _life(
    customer: str, things: list[Thing], days: int, random: Random
) -> Iterator[Purchase]:
    """Yield what one customer buys."""
    begins = 0 if random.random() < 0.6 else random.randrange(days)
    ends = days if random.random() < 0.8 else random.randrange(begins, days + 1)
    visits = _visits(begins, ends, random)
    pace = math.exp(random.gauss(0, 0.3))
    pauses = [random.randrange(days) for _ in range(days // 300 + 1)]
    for thing in random.sample(things, random.randint(*TAKEN)):
        own = thing.days * pace * math.exp(random.gauss(0, 0.25))
        steady = random.uniform(0.08, 0.35)
        yield from _bought(customer, thing, own, steady, visits, pauses, random)


def _visits(begins: int, ends: int, random: Random) -> list[int]:
    every, at, found = random.uniform(2, 12), float(begins), list[int]()
    while at < ends:
        found.append(int(at))
        at += max(1.0, random.gauss(every, every / 3))
    return found


def _bought(
    customer: str,
    thing: Thing,
    own: float,
    steady: float,
    visits: list[int],
    pauses: list[int],
    random: Random,
) -> Iterator[Purchase]:
    """Yield each time that one customer buys one thing again."""
    if not visits:
        return
    needed = float(random.choice(visits))
    until = visits[-1] if random.random() < 0.85 else random.choice(visits)
    at = -1
    while needed <= until:
        later = [day for day in visits if day > at]
        if not later:
            return
        at = min(later, key=lambda day: abs(day - needed))
        quantity = 2 if random.random() < 0.12 else 1
        when = FIRST + timedelta(days=at)
        yield Purchase(
            customer, thing.name, thing.category, quantity, thing.price, when
        )
        lasts = own * quantity * math.exp(random.gauss(0, steady))
        if any(at <= pause < at + lasts for pause in pauses):
            lasts += random.uniform(0.3, 1) * PAUSE_DAYS
        needed = max(at + lasts, at + 1)
