"""Candidates: a catalogue's products apart from the database, made once and kept.

What chooses looks at some dozens of products in every turn. Their price and stock are
read live; everything else is as it was imported, and is held here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from journey.catalogue.schema import ProductEntry
from journey.curate.fit import Described, as_list

Trait = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Candidate:
    """A product that comes into question, at the price of this instant."""

    id: str
    category: str
    brand: str
    price: Decimal
    delivery_days: int
    uses_up_days: float | None
    variant_of: str | None
    attributes: Mapping[str, Any]
    drawback: str
    about: str

    @cached_property
    def traits(self) -> tuple[Trait, ...]:
        """What can be told apart about it without a number."""
        return tuple(dict.fromkeys(_traits(self)))

    @cached_property
    def marks(self) -> frozenset[Trait]:
        """All that it has, its kind and its brand included."""
        return frozenset(_marks(self))


@dataclass(frozen=True)
class Candidates:
    """A catalogue's candidates, each made when it first comes into question."""

    entries: Mapping[str, ProductEntry]
    _made: dict[str, Candidate] = field(default_factory=dict)

    def get(self, product: str, price: Decimal | None = None) -> Candidate | None:
        """Return a product, at a price that was read live."""
        found = self._made.get(product)
        if found is None:
            entry = self.entries.get(product)
            if entry is None:
                return None
            found = self._made[product] = _candidate(entry)
        if price is not None and price != found.price:
            found = self._made[product] = replace(found, price=price)
        return found


def _candidate(entry: ProductEntry) -> Candidate:
    return Candidate(
        id=entry.product,
        category=entry.category,
        brand=entry.brand,
        price=entry.price,
        delivery_days=entry.delivery_days,
        uses_up_days=entry.uses_up_days,
        variant_of=entry.variant_of,
        attributes=entry.attributes,
        drawback=entry.drawback,
        about=entry.about,
    )


def traits(product: Described) -> Sequence[Trait]:
    """Return what can be told apart about a product without a number."""
    return product.traits if isinstance(product, Candidate) else _traits(product)


def _traits(product: Described) -> list[Trait]:
    said = [
        (name, str(one))
        for name, value in product.attributes.items()
        for one in as_list(value)
        if isinstance(one, bool | str)
    ]
    brand = [("brand", product.brand)] if product.brand else []
    return [("category", product.category), *brand, *said]


def marks(product: Described) -> frozenset[Trait]:
    """Return all that a product has, its kind and its brand included."""
    if isinstance(product, Candidate):
        return product.marks
    return frozenset(_marks(product))


def _marks(product: Described) -> set[Trait]:
    found = {
        (name, str(one))
        for name, value in product.attributes.items()
        for one in as_list(value)
    }
    return found | {("category", product.category), ("brand", product.brand)}
