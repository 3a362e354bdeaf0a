"""A large shelf narrowed to what is worth a close look, with numbers alone.

What speaks for each product without learning becomes one sum. The best few are then
read from the database, where price and stock are live, and checked and scored as
every candidate is.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journey.curate.columns import Columns, Numbers
from journey.curate.fit import PRICE
from journey.curate.score import CARE, CHEAP, NEED, PREFERENCE, WEIGHTS, Wish
from journey.needs.schema import Serves

MANY = 400
"""A shelf of so many products is not narrowed: all of it is looked at."""
POOL = 24


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
            fits = np.zeros(len(columns.products))
            for name, fit in self.serves.categories.items():
                if name in columns.kinds:
                    fits[columns.kinds[name]] = WEIGHTS[NEED] * fit
            total = total + fits[rows]
            given = self.serves.attributes.items()
            wanted += [(WEIGHTS[NEED], Wish(name, weight)) for name, weight in given]
        for factor, wish in wanted:
            less = wish.attribute in self.less
            total = total + factor * wish.weight * columns.degree(wish, rows, less)
        return total + self._care(columns, rows)

    def _care(self, columns: Columns, rows: NDArray[np.int64]) -> Numbers:
        total = np.zeros(len(columns.products))
        chosen = columns.having([rows])
        for kind, names in self.cares.items():
            mine = columns.kinds.get(kind, rows[:0])
            mine = mine[chosen[mine]]
            known = [x for x in names if x in columns.numbers] if len(mine) else []
            for name in known:
                degree = columns.degree(Wish(name, 1), mine, name in self.less)
                total[mine] += WEIGHTS[CARE] / len(known) * degree
        found: Numbers = total[rows]
        return found


def best(
    columns: Columns,
    fitting: NDArray[np.int64],
    aim: Aim,
    likely: Iterable[str],
    pool: int,
) -> list[str]:
    """Return the ids of the best so many, and of what is likely besides."""
    scores = aim.scores(columns, fitting)
    top = fitting
    if len(fitting) > pool:
        top = fitting[np.argpartition(-scores, pool)[:pool]]
    chosen = dict.fromkeys(columns.products[n].product for n in np.sort(top))
    return list(chosen | dict.fromkeys(likely))
