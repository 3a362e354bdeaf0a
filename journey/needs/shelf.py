"""The whole shelf as numbers: how well each product fits needs and wishes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey.catalogue.load import Catalogue
from journey.catalogue.schema import Attribute, ProductEntry
from journey.needs.schema import Limit, Need

Numbers = NDArray[np.float64]
TOP = 4
DISCOUNT = 1 / np.log2(np.arange(TOP) + 2)


@dataclass(frozen=True)
class Shelf:
    """One row a product, one column a category or attribute, values 0 to 1."""

    products: tuple[ProductEntry, ...]
    columns: Mapping[str, int]
    matrix: Numbers

    def fit(self, weights: Mapping[str, float]) -> Numbers:
        """Return the weighted sum of columns for every product."""
        vector = np.zeros(len(self.columns))
        for name, weight in weights.items():
            vector[self.columns[name]] += weight
        fitted: Numbers = self.matrix @ vector
        return fitted

    def serves(self, need: Need) -> Numbers:
        """Return how well every product serves a need; 0 outside its categories."""
        kinds = self.fit(need.serves.categories)
        return np.where(kinds > 0, kinds + self.fit(need.serves.attributes), 0.0)

    def breaks(self, limits: Iterable[Limit]) -> NDArray[np.bool_]:
        """Tell for every product whether it breaks any hard wish."""
        wanted = list(limits)
        broken = [any(breaks(limit, p) for limit in wanted) for p in self.products]
        return np.array(broken, dtype=np.bool_)


def breaks(limit: Limit, product: ProductEntry) -> bool:
    """Tell whether a product breaks a hard wish; one that is silent about it passes.

    A product has no seat height because it is no chair, not because it is low.
    """
    value = product.attributes.get(limit.attribute)
    return value is not None and not _holds(limit.op, value, limit.value)


def _holds(op: str, value: Any, wanted: Any) -> bool:
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


def build_shelf(catalogue: Catalogue) -> Shelf:
    """Turn a catalogue into numbers; a number becomes its rank, the better end 1."""
    products = tuple(catalogue.products.values())
    names = [*catalogue.categories, *catalogue.attributes]
    parts = [_category(products, name) for name in catalogue.categories]
    parts += [_attribute(products, *pair) for pair in catalogue.attributes.items()]
    columns = {name: number for number, name in enumerate(names)}
    return Shelf(products, columns, np.column_stack(parts))


def _category(products: tuple[ProductEntry, ...], name: str) -> Numbers:
    return np.array([float(product.category == name) for product in products])


def _attribute(
    products: tuple[ProductEntry, ...], name: str, attribute: Attribute
) -> Numbers:
    values = [product.attributes.get(name) for product in products]
    if attribute.type != "number":
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
