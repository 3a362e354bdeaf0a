"""What speaks for each candidate: a sum of named terms that explain themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from journey.catalogue.schema import Attribute
from journey.curate.alike import alike
from journey.curate.fit import BRAND, CATEGORY, PRICE, Sold, as_list, value_of
from journey.needs.schema import Serves

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


@dataclass(frozen=True)
class Scored:
    """A candidate with its score and the terms that make it."""

    product: Sold
    terms: tuple[Term, ...]
    score: float = field(init=False)

    def __post_init__(self) -> None:
        """Add the terms up."""
        object.__setattr__(self, "score", sum(term.amount for term in self.terms))


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
    now: datetime
    models: Mapping[str, Sold] = field(default_factory=dict)
    cares: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def rank(self, candidates: Sequence[Sold]) -> list[Scored]:
        """Return the candidates, best first; ties go by id."""
        kinds = {product.category for product in candidates}
        numbers = self._numbers(kinds)
        spans = {name: _span(candidates, name, self.now) for name in numbers}
        scored = [Scored(x, tuple(self._terms(x, spans))) for x in candidates]
        return sorted(scored, key=lambda x: (-x.score, x.product.id))

    def _terms(
        self, product: Sold, spans: Mapping[str, tuple[float, float]]
    ) -> list[Term]:
        terms = [*self._need_terms(product, spans)]
        for wish in self.wishes:
            amount = wish.weight * self._degree(product, wish, spans)
            if amount:
                terms.append(_weighted(PREFERENCE, wish.attribute, amount))
        terms += self._care_terms(product, spans)
        cheap = 1 - _place(float(product.price), spans[PRICE])
        terms.append(_weighted(CHEAP, PRICE, cheap))
        return [*terms, *self.learned.get(product.id, ())]

    def _need_terms(
        self, product: Sold, spans: Mapping[str, tuple[float, float]]
    ) -> list[Term]:
        if self.serves is None:
            return []
        fit = self.serves.categories.get(product.category, 0.0)
        terms = [_weighted(NEED, CATEGORY, fit)]
        for name, weight in self.serves.attributes.items():
            degree = self._degree(product, Wish(name, weight), spans)
            if degree:
                terms.append(_weighted(NEED, name, weight * degree))
        return terms

    def _care_terms(
        self, product: Sold, spans: Mapping[str, tuple[float, float]]
    ) -> list[Term]:
        """Return how good a product is of its kind, whoever asks."""
        cares = [
            name
            for name in self.cares.get(product.category, ())
            if name in self.attributes and not self.attributes[name].chosen
        ]
        degrees = [(x, self._degree(product, Wish(x, 1), spans)) for x in cares]
        share = 1 / max(len(cares), 1)
        return [_weighted(CARE, x, share * degree) for x, degree in degrees if degree]

    def _degree(
        self, product: Sold, wish: Wish, spans: Mapping[str, tuple[float, float]]
    ) -> float:
        """Return how much (0 to 1) of a wish a product has."""
        if wish.attribute == LIKE:
            model = self.models.get(wish.value)
            return alike(product, model) if model else 0.0
        attribute = self.attributes.get(wish.attribute)
        has = value_of(product, wish.attribute, self.now)
        if attribute is None and wish.attribute not in (PRICE, BRAND, CATEGORY):
            return float(wish.attribute in (product.category, product.id))
        if has is None:
            return 0.0
        if wish.value is not None:
            return float(wish.value in as_list(has))
        if wish.attribute == PRICE:
            return 1 - _place(has, spans[PRICE])
        if attribute is not None and attribute.measured:
            place = _place(has, spans[wish.attribute])
            return 1 - place if attribute.better == "less" else place
        return float(bool(has))

    def _numbers(self, kinds: Iterable[str]) -> set[str]:
        named = {wish.attribute for wish in self.wishes}
        named |= set(self.serves.attributes) if self.serves else set()
        named |= {name for kind in kinds for name in self.cares.get(kind, ())}
        known = {x for x in named if x in self.attributes}
        return {x for x in known if self.attributes[x].measured} | {PRICE}


def _weighted(kind: str, about: str, amount: float) -> Term:
    return Term(kind, about, WEIGHTS[kind] * amount)


def _span(
    candidates: Sequence[Sold], attribute: str, now: datetime
) -> tuple[float, float]:
    values = [value_of(product, attribute, now) for product in candidates]
    known = [float(value) for value in values if value is not None]
    return (min(known), max(known)) if known else (0.0, 0.0)


def _place(value: float, span: tuple[float, float]) -> float:
    low, high = span
    return 0.5 if high <= low else (value - low) / (high - low)
