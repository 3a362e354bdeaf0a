"""A catalogue's products as columns, and hard wishes as masks over all of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey.catalogue.load import Catalogue
from journey.catalogue.schema import ProductEntry
from journey.curate.fit import (
    ABOUT,
    BRAND,
    CATEGORY,
    DELIVERY,
    PRICE,
    PRODUCT,
    Limit,
    as_list,
    keeps,
)
from journey.curate.score import Wish
from journey.orders.workdays import Arrivals
from journey.store.tables import Product

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
COMPARED = {
    "<=": np.less_equal,
    "<": np.less,
    ">=": np.greater_equal,
    ">": np.greater,
}


@dataclass(frozen=True)
class Columns:
    """A catalogue's products as columns, one row each."""

    products: tuple[ProductEntry, ...]

    @cached_property
    def narrowed(self) -> dict[str, Any]:
        """What was found best for what was asked; see journey/curate/narrow.py."""
        return {}

    @cached_property
    def row(self) -> dict[str, int]:
        """The row of each product."""
        return {product.product: n for n, product in enumerate(self.products)}

    @cached_property
    def price(self) -> Numbers:
        """Prices."""
        return np.array([float(x.price) for x in self.products])

    @cached_property
    def kinds(self) -> dict[str, NDArray[np.int64]]:
        """The rows of each category."""
        found = defaultdict[str, list[int]](list)
        for n, product in enumerate(self.products):
            found[product.category].append(n)
        return {name: np.array(rows) for name, rows in found.items()}

    @cached_property
    def kind(self) -> NDArray[np.int64]:
        """Each product's category, as its place among `kinds`."""
        found = np.zeros(len(self.products), np.int64)
        for number, rows in enumerate(self.kinds.values()):
            found[rows] = number
        return found

    @cached_property
    def numbers(self) -> dict[str, Numbers]:
        """By attribute the number, or 1 and 0 for yes and no; NaN where not stated."""
        found: dict[str, Numbers] = {}
        for n, product in enumerate(self.products):
            for name, value in product.attributes.items():
                if isinstance(value, int | float):
                    if name not in found:
                        found[name] = np.full(len(self.products), np.nan)
                    found[name][n] = value
        return found

    @cached_property
    def values(self) -> dict[tuple[str, Any], NDArray[np.int64]]:
        """The rows that have a value of a choice, a brand, or days of delivery."""
        found = defaultdict[tuple[str, Any], list[int]](list)
        for n, product in enumerate(self.products):
            found[BRAND, product.brand].append(n)
            found[DELIVERY, product.delivery_days].append(n)
            for name, value in product.attributes.items():
                for one in as_list(value):
                    if isinstance(one, str):
                        found[name, one].append(n)
        return {key: np.array(rows) for key, rows in found.items()}

    @cached_property
    def stated(self) -> dict[str, set[str]]:
        """By category the attributes that any product states."""
        found = defaultdict[str, set[str]](set)
        for product in self.products:
            found[product.category] |= set(product.attributes)
        return found

    def having(self, rows: Iterable[NDArray[np.int64]]) -> Mask:
        """Return the mask of some rows."""
        mask = np.zeros(len(self.products), np.bool_)
        for part in rows:
            mask[part] = True
        return mask

    def degree(self, wish: Wish, among: NDArray[np.int64], less: bool) -> Numbers:
        """Return how much (0 to 1) of a wish each of some rows has."""
        if wish.value is not None:
            rows = self.values.get((wish.attribute, wish.value))
            return self.having([] if rows is None else [rows])[among].astype(float)
        column = (
            self.price if wish.attribute == PRICE else self.numbers.get(wish.attribute)
        )
        if column is None:
            return np.zeros(len(among))
        values = column[among]
        stated = ~np.isnan(values)
        low = np.fmin.reduce(values, initial=np.inf)
        high = np.fmax.reduce(values, initial=-np.inf)
        if not high > low:
            return 0.5 * stated
        place = (high - values if less else values - low) / (high - low)
        return np.where(stated, place, 0.0)


def columns_of(catalogue: Catalogue) -> Columns:
    """Return a catalogue's products as columns."""
    return Columns(tuple(catalogue.products.values()))


def kept(columns: Columns, limits: Sequence[Limit], arrivals: Arrivals) -> Mask:
    """Return which products keep every limit that speaks about their category."""
    mask = np.ones(len(columns.products), np.bool_)
    for limit in limits:
        mask &= _keep(columns, limit, arrivals)
    return mask


def _keep(columns: Columns, limit: Limit, arrivals: Arrivals) -> Mask:
    name, wanted = limit.attribute, limit.value.get("value")
    if name == CATEGORY:
        found = columns.having(
            columns.kinds[x] for x in as_list(wanted) if x in columns.kinds
        )
        return found if limit.op == "==" else ~found
    if name == DELIVERY:
        days = [key for key in columns.values if key[0] == DELIVERY]
        fine = [key for key in days if _arrives(int(key[1]), limit, arrivals)]
        return columns.having(columns.values[key] for key in fine)
    column = columns.price if name == PRICE else columns.numbers.get(name)
    if column is not None:
        found = _compare(column, limit)
    elif name == PRODUCT:
        found = columns.having(
            np.array([columns.row[x]]) for x in as_list(wanted) if x in columns.row
        )
        return found if limit.op == "==" else ~found
    else:
        rows = [columns.values.get((name, x)) for x in as_list(wanted)]
        found = columns.having(x for x in rows if x is not None)
        found = found if limit.op == "==" else ~found
    return found | _silent(columns, name)


def _arrives(days: int, limit: Limit, arrivals: Arrivals) -> bool:
    return keeps(Product(delivery_days=days), limit, arrivals)


def _compare(column: Numbers, limit: Limit) -> Mask:
    wanted: Any = limit.value["value"]
    stated = ~np.isnan(column)
    found: Mask
    if limit.op in COMPARED:
        found = stated & COMPARED[limit.op](column, wanted)
    elif limit.op == "between":
        upto: Any = limit.value["upto"]
        found = stated & (column >= wanted) & (column <= upto)
    elif limit.op == "~":
        found = stated & (np.abs(column - wanted) <= ABOUT * abs(wanted))
    else:
        found = np.isin(column, [float(x) for x in as_list(wanted)])
        found = ~found if limit.op == "!=" else found
        found |= ~stated if wanted is False and limit.op == "==" else False
    return found


def _silent(columns: Columns, name: str) -> Mask:
    """Return the products of categories about which a limit does not speak."""
    if name in (PRICE, BRAND):
        return np.zeros(len(columns.products), np.bool_)
    kinds = [k for k in columns.kinds if name not in columns.stated[k]]
    return columns.having(columns.kinds[k] for k in kinds)
