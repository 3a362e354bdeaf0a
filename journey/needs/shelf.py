"""The shelf as numbers: how well each product fits needs and wishes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey.catalogue.load import Catalogue
from journey.catalogue.schema import Attribute, ProductEntry
from journey.needs.schema import Limit, Need

Numbers = NDArray[np.float64]
TOP = 4
MOST_LIMITS = 256
DISCOUNT = 1 / np.log2(np.arange(TOP) + 2)


@dataclass(frozen=True)
class Shelf:
    """What needs are served from: by name, a value from 0 to 1 for every product.

    Values are worked out when they are first asked for, so that a catalogue of a
    hundred thousand products costs only what its needs look at.
    """

    products: tuple[ProductEntry, ...]
    catalogue: Catalogue
    values: dict[str, Numbers] = field(default_factory=dict)
    broken: dict[tuple[str, str, str], NDArray[np.bool_]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether there is a category or an attribute of this name."""
        return name in self.catalogue.categories or name in self.catalogue.attributes

    def column(self, name: str) -> Numbers:
        """Return the value of a category or an attribute for every product."""
        if name not in self.values:
            attribute = self.catalogue.attributes.get(name)
            made = _category(self.products, name)
            if attribute is not None:
                made = _attribute(self.products, name, attribute)
            self.values[name] = made
        return self.values[name]

    def fit(self, weights: Mapping[str, float]) -> Numbers:
        """Return the weighted sum of values for every product."""
        fitted: Numbers = np.zeros(len(self.products))
        for name, weight in weights.items():
            fitted += weight * self.column(name)
        return fitted

    def serves(self, need: Need) -> Numbers:
        """Return how well every product serves a need; 0 outside its categories."""
        kinds = self.fit(need.serves.categories)
        return np.where(kinds > 0, kinds + self.fit(need.serves.attributes), 0.0)

    def breaks(self, limits: Iterable[Limit]) -> NDArray[np.bool_]:
        """Tell for every product whether it breaks any hard wish."""
        broken = np.zeros(len(self.products), dtype=np.bool_)
        for limit in limits:
            broken |= self._broken(limit)
        return broken

    def _broken(self, limit: Limit) -> NDArray[np.bool_]:
        """Look at every product once for each limit; those of answers come again."""
        key = (limit.attribute, limit.op, str(limit.value))
        if key not in self.broken:
            if len(self.broken) >= MOST_LIMITS:
                self.broken.clear()
            found = (breaks(limit, product) for product in self.products)
            self.broken[key] = np.fromiter(found, np.bool_, len(self.products))
        return self.broken[key]


def breaks(limit: Limit, product: ProductEntry) -> bool:
    """Tell whether a product breaks a hard wish; one that is silent about it passes.

    A product has no seat height because it is no chair, not because it is low.
    """
    value = product.attributes.get(limit.attribute)
    return value is not None and not _holds(limit.op, value, limit.value)


def _holds(op: str, value: Any, wanted: Any) -> bool:
    if isinstance(value, list):
        return (wanted in value) == (op == "==")
    match op:
        case "!=":
            return bool(value != wanted)
        case "<=":
            return bool(value <= wanted)
        case ">=":
            return bool(value >= wanted)
        case "==":
            return bool(value == wanted)
    return True


def build_shelf(catalogue: Catalogue, needs: Iterable[Need]) -> Shelf:
    """Return the products that may serve a need."""
    kinds = {name for need in needs for name in need.serves.categories}
    products = tuple(x for x in catalogue.products.values() if x.category in kinds)
    return Shelf(products, catalogue)


def _category(products: tuple[ProductEntry, ...], name: str) -> Numbers:
    return np.array([float(product.category == name) for product in products])


def _attribute(
    products: tuple[ProductEntry, ...], name: str, attribute: Attribute
) -> Numbers:
    values = [product.attributes.get(name) for product in products]
    if not attribute.measured:
        return np.array([float(value is True) for value in values])
    stated = sorted({float(value) for value in values if value is not None})
    if attribute.better == "less":
        stated.reverse()
    steps = {value: (n + 1) / len(stated) for n, value in enumerate(stated)}
    return np.array([0.0 if v is None else steps[float(v)] for v in values])


def best(scores: Numbers, broken: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the rows of the best products that break nothing, best first."""
    kept = np.where(broken | (scores <= 0), -np.inf, scores)
    rows = np.argpartition(-kept, min(TOP, len(kept) - 1))[:TOP]
    ordered = sorted(rows, key=lambda row: (-kept[row], row))
    return tuple(int(row) for row in ordered if np.isfinite(kept[row]))


def change(before: tuple[int, ...], after: tuple[int, ...]) -> float:
    """Return how different two shortlists are, from 0 to 1; the first counts most."""
    size = max(len(before), len(after))
    if size == 0:
        return 0.0
    kept = sum(
        min(DISCOUNT[rank], DISCOUNT[after.index(row)])
        for rank, row in enumerate(before)
        if row in after
    )
    return float(1 - kept / DISCOUNT[:size].sum())
