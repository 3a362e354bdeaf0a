"""A large shelf narrowed to what is worth a close look, with numbers alone.

What speaks for each product without learning becomes one sum. The best few are then
read from the database, where price and stock are live, and checked and scored as
every candidate is.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journey.curate.columns import Columns, Numbers, kept
from journey.curate.fit import DELIVERY, PRICE, Limit
from journey.curate.score import CARE, CHEAP, NEED, PREFERENCE, WEIGHTS, Wish
from journey.needs.schema import Serves
from journey.orders.workdays import Arrivals

MANY = 400
"""A shelf of so many products is not narrowed: all of it is looked at."""
FEW = 48
"""Where no more than so many fit, all of these are looked at."""
POOL = 24
REMEMBERED = 1000
"""So many narrowed shelves are kept for whoever looks for the same."""


class Narrowed(NamedTuple):
    """Products worth a close look, and whether these are all that fit."""

    products: tuple[str, ...]
    whole: bool


@dataclass(frozen=True)
class Aim:
    """What speaks for a product without learning: need, wishes, what is cared about."""

    serves: Serves | None
    wishes: Sequence[Wish]
    cares: Mapping[str, Sequence[str]]
    less: Set[str]

    def scores(self, columns: Columns, rows: NDArray[np.int64]) -> Numbers:
        """Return the sum for each of some rows."""
        total = WEIGHTS[CHEAP] * columns.degree(Wish(PRICE, 1), rows, True)
        wanted = [(WEIGHTS[PREFERENCE], wish) for wish in self.wishes]
        if self.serves is not None:
            fits = self.serves.categories
            by_kind = np.array([fits.get(kind, 0.0) for kind in columns.kinds])
            total = total + WEIGHTS[NEED] * by_kind[columns.kind[rows]]
            given = self.serves.attributes.items()
            wanted += [(WEIGHTS[NEED], Wish(name, weight)) for name, weight in given]
        for factor, wish in wanted:
            less = wish.attribute in self.less
            total = total + factor * wish.weight * columns.degree(wish, rows, less)
        return total + self._care(columns, rows)

    def _care(self, columns: Columns, rows: NDArray[np.int64]) -> Numbers:
        total, kinds = np.zeros(len(rows)), columns.kind[rows]
        there = np.bincount(kinds, minlength=len(columns.kinds))
        for number, kind in enumerate(columns.kinds):
            named = self.cares.get(kind, ()) if there[number] else ()
            known = [name for name in named if name in columns.numbers]
            mine = np.flatnonzero(kinds == number) if known else kinds
            for name in known:
                degree = columns.degree(Wish(name, 1), rows[mine], name in self.less)
                total[mine] += WEIGHTS[CARE] / len(known) * degree
        return total


def narrowed(
    columns: Columns,
    limits: Sequence[Limit],
    kinds: Sequence[str] | None,
    aim: Aim,
    arrivals: Arrivals,
    pool: int,
) -> Narrowed:
    """Return the ids of the best so many that fit, as the catalogue was imported.

    Where few fit it is all of them. What was found is kept as long as the columns
    are; what a day of delivery bounds changes with the clock.
    """
    bounds = [(x.attribute, x.op, x.value) for x in limits]
    asked = repr((bounds, kinds, aim.serves, aim.wishes, pool))
    found = columns.narrowed.get(asked)
    if found is None:
        rows = _fitting(columns, limits, kinds, arrivals)
        few = len(rows) <= max(FEW, pool)
        top = rows if few else best(columns, rows, aim, pool)
        found = Narrowed(tuple(columns.products[n].product for n in top), few)
        if all(limit.attribute != DELIVERY for limit in limits):
            _keep(columns.narrowed, asked, found)
    return found


def _keep(kept: dict[str, Narrowed], asked: str, found: Narrowed) -> None:
    if len(kept) >= REMEMBERED:
        kept.clear()
    kept[asked] = found


def _fitting(
    columns: Columns,
    limits: Sequence[Limit],
    kinds: Sequence[str] | None,
    arrivals: Arrivals,
) -> NDArray[np.int64]:
    """Return the rows of the catalogue that keep every limit."""
    mask = kept(columns, limits, arrivals)
    if kinds is not None:
        mask &= columns.having(columns.kinds[x] for x in kinds if x in columns.kinds)
    return np.flatnonzero(mask)


def best(
    columns: Columns,
    fitting: NDArray[np.int64],
    aim: Aim,
    pool: int,
) -> NDArray[np.int64]:
    """Return the best so many of more rows."""
    scores = aim.scores(columns, fitting)
    return np.sort(fitting[np.argpartition(-scores, pool)[:pool]])
