"""How fast things go, by how much somebody says that they use."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from journey.catalogue.schema import Entry, Name
from journey.datafile import read
from journey.language.words import Language, split
from journey.store.tables import Product

FILE = Path("data/use.yml")
NEAR = 3
"""So many words at most lie between a number, what is used, and the time."""


class Use(Entry):
    """One entry of use.yml."""

    category: str
    words: Annotated[tuple[Name, ...], Field(min_length=1)]
    holds: Annotated[tuple[Name, ...], Field(min_length=1)]
    takes: Annotated[float, Field(gt=0)]

    @property
    def about(self) -> str:
        """The name of the fact that says how much a customer uses."""
        return f"{self.category.replace('-', '_')}_use"

    def days(self, product: Product, per_day: float) -> float | None:
        """Return how long one piece of a product lasts, when it says what it holds."""
        amounts = [product.attributes.get(name) for name in self.holds]
        known = [float(x) for x in amounts if isinstance(x, int | float)]
        if len(known) < len(amounts) or per_day <= 0:
            return None
        return math.prod(known) / (self.takes * per_day)


Uses = Mapping[str, Use]


@dataclass(frozen=True)
class Rate:
    """What somebody said that they use, so much a day."""

    use: Use
    word: str
    per_day: float

    @property
    def value(self) -> str:
        """The fact as it is kept."""
        return f"{self.per_day:.3g} {self.word} a day"


def rate_in(value: str) -> float:
    """Return the daily amount of a fact that was kept."""
    return float(value.split()[0])


def hear(text: str, uses: Uses, language: Language) -> Rate | None:
    """Return how much somebody says that they use: "two cups a day"."""
    said = split(text)
    for place, token in enumerate(said):
        amount = _number(token, language)
        if amount is None:
            continue
        for use in uses.values():
            rest = said[place + 1 :]
            word = next((x for x in rest[:NEAR] if x in use.words), None)
            days = _period(rest, language)
            if word and days:
                return Rate(use, word, amount / days)
    return None


def _period(said: Sequence[str], language: Language) -> float | None:
    """Return over how many days an amount was said: "two cups of it a day"."""
    near = f" {' '.join(said[: 2 * NEAR])} "
    found = [x for x in language.periods if f" {x} " in near]
    return language.periods[min(found, key=near.index)] if found else None


def _number(token: str, language: Language) -> float | None:
    if token.isdecimal() and 0 < int(token) < 1000:
        return float(token)
    return language.numbers.get(token)


def load_uses(path: Path = FILE) -> Uses:
    """Read how fast things go, by category.

    Raises:
        DataError: the file is missing or not valid.
    """
    entries = read(path, TypeAdapter(tuple[Use, ...]))
    return {use.category: use for use in entries}
