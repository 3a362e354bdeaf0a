"""What speaks for each candidate: a sum of named terms that explain themselves."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journey.catalogue.schema import Attribute
from journey.curate.alike import alike
from journey.curate.fit import BRAND, CATEGORY, PRICE, Sold, as_list, values_of
from journey.needs.schema import Serves
from journey.orders.workdays import Arrivals

Numbers = NDArray[np.float64]

NEED, PREFERENCE, CARE = "need", "preference", "care"
CHEAP, LEARNED = "cheap", "learned"
LIKE = "like"
"""A wish for something alike a product: its value is that product's id."""
WEIGHTS = {NEED: 1.0, PREFERENCE: 1.0, CARE: 0.5, CHEAP: 0.15, LEARNED: 1.0}


@dataclass(frozen=True)
class Wish:
    """A soft wish: `weight` from -1 (avoid) to 1 (want).

    `value` is a choice's value, or None for "has it" and "the better end".
    """

    attribute: str
    weight: float
    value: Any = None


class Term(NamedTuple):
    """One summand of a score: what kind, about what, how much."""

    kind: str
    about: str
    amount: float


@dataclass(frozen=True, eq=False)
class Scored:
    """A candidate with its score; the terms that make it are told when asked for."""

    product: Sold
    score: float
    tell: Callable[[], Iterable[Term]]

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The terms."""
        return tuple(self.tell())


def scored(product: Sold, terms: Sequence[Term]) -> Scored:
    """Return a candidate with the terms that make its score."""
    return Scored(product, sum(term.amount for term in terms), lambda: terms)


class Part(NamedTuple):
    """One term of all candidates, shape (candidates,); `always` said, also if 0."""

    kind: str
    about: str
    amounts: Numbers
    always: bool = False


@dataclass(frozen=True, eq=False)
class Degrees:
    """How much of a wish candidates have that stand side by side.

    `models` are the products, by id, that others shall be like.
    """

    candidates: Sequence[Sold]
    attributes: Mapping[str, Attribute]
    models: Mapping[str, Sold]
    arrivals: Arrivals
    _found: dict[tuple[str, Any], Numbers] = field(default_factory=dict)

    def of(self, wish: Wish) -> Numbers:
        """Return the degree, from 0 to 1, of each; shape (candidates,)."""
        key = wish.attribute, wish.value
        if key not in self._found:
            self._found[key] = self._of(wish)
        return self._found[key]

    def _of(self, wish: Wish) -> Numbers:
        name, attribute = wish.attribute, self.attributes.get(wish.attribute)
        if name == LIKE:
            model = self.models.get(wish.value)
            return self._each(lambda x: alike(x, model) if model else 0.0)
        if attribute is None and name not in (PRICE, BRAND, CATEGORY):
            return self._each(lambda x: name in (x.category, x.id))
        if wish.value is not None:
            found = [wish.value in as_list(x) for x in self._values(name)]
            return np.array(found, float)
        if name == PRICE:
            return self._place(name, True)
        if attribute is not None and attribute.measured:
            return self._place(name, attribute.better == "less")
        return np.array([bool(x) for x in self._values(name)], float)

    def _each(self, degree: Callable[[Sold], float]) -> Numbers:
        return np.array([degree(product) for product in self.candidates], float)

    def _values(self, name: str) -> list[Any]:
        return values_of(self.candidates, name, self.arrivals)

    def _place(self, name: str, less: bool) -> Numbers:
        """Return where each lies between the ends; 0 where it is not stated."""
        values = np.array(self._values(name), float)
        low = np.fmin.reduce(values, initial=np.inf)
        high = np.fmax.reduce(values, initial=-np.inf)
        if not high > low:
            return np.where(np.isnan(values), 0.0, 0.5)
        place = (values - low) / (high - low)
        found: Numbers = np.nan_to_num(1 - place if less else place)
        return found


@dataclass(frozen=True)
class Scorer:
    """What all candidates of one shortlist are measured with.

    `learned` gives, per product id, the terms that the learning state adds;
    `models` are the products, by id, that others shall be like, `cares` what is
    looked at first in each category.
    """

    attributes: Mapping[str, Attribute]
    serves: Serves | None
    wishes: Sequence[Wish]
    learned: Mapping[str, Sequence[Term]]
    arrivals: Arrivals
    models: Mapping[str, Sold] = field(default_factory=dict)
    cares: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def rank(self, candidates: Sequence[Sold]) -> list[Scored]:
        """Return the candidates, best first; ties go by id."""
        degrees = Degrees(candidates, self.attributes, self.models, self.arrivals)
        parts = [*self._parts(degrees)]
        sums = np.zeros(len(candidates))
        for part in parts:
            sums += part.amounts
        found = []
        for n, (product, score) in enumerate(
            zip(candidates, sums.tolist(), strict=True)
        ):
            learned = self.learned.get(product.id, ())
            for term in learned:
                score += term.amount
            found.append(Scored(product, score, partial(_terms, parts, n, learned)))
        return sorted(found, key=lambda x: (-x.score, x.product.id))

    def _parts(self, degrees: Degrees) -> Iterator[Part]:
        kinds = [product.category for product in degrees.candidates]
        if self.serves is not None:
            yield from self._need_parts(self.serves, kinds, degrees)
        for wish in self.wishes:
            amounts = wish.weight * degrees.of(wish)
            yield _weighted(PREFERENCE, wish.attribute, amounts)
        for kind in dict.fromkeys(kinds):
            yield from self._care_parts(kind, kinds, degrees)
        yield _weighted(CHEAP, PRICE, degrees.of(Wish(PRICE, 1)), always=True)

    def _need_parts(
        self, serves: Serves, kinds: Sequence[str], degrees: Degrees
    ) -> Iterator[Part]:
        fit = np.array([serves.categories.get(kind, 0.0) for kind in kinds], float)
        yield _weighted(NEED, CATEGORY, fit, always=True)
        for name, weight in serves.attributes.items():
            yield _weighted(NEED, name, weight * degrees.of(Wish(name, weight)))

    def _care_parts(
        self, kind: str, kinds: Sequence[str], degrees: Degrees
    ) -> Iterator[Part]:
        """Yield how good products of a kind are, whoever asks."""
        cares = [
            name
            for name in self.cares.get(kind, ())
            if name in self.attributes and not self.attributes[name].chosen
        ]
        mine = np.array([x == kind for x in kinds], float) / max(len(cares), 1)
        for name in cares:
            yield _weighted(CARE, name, mine * degrees.of(Wish(name, 1)))


def _weighted(kind: str, about: str, amounts: Numbers, *, always: bool = False) -> Part:
    return Part(kind, about, WEIGHTS[kind] * amounts, always)


def _terms(parts: Sequence[Part], n: int, learned: Sequence[Term]) -> Iterator[Term]:
    for part in parts:
        amount = float(part.amounts[n])
        if amount or part.always:
            yield Term(part.kind, part.about, amount)
    yield from learned
