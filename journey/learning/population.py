"""Population sums over visits: what is popular, what comes again, what follows what.

Everything here is a sum by item, by week and item, or by pair of items.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Visit = tuple[float, Whole]
"""When, and which items (as numbers of the vocabulary)."""
KEEP = 60
"""Of the items that follow one, so many are kept."""
PAIRS = 4000
"""Two visits with more pairs than this say little about any of them."""
LARGE = 60
TOGETHER = 0.5
OWN_POWER, OTHER_POWER = 0.5, 0.3
WEEK = 7.0


@dataclass(frozen=True)
class Population:
    """Sums by item, and the strongest followers of each item.

    Shapes: by item (items,), `weeks` (weeks, items) cumulated, `near` and `pull`
    (items, KEEP).
    """

    taken: Numbers
    buyers: int
    again: Numbers
    ever: Numbers
    visit_gap: Numbers
    day_gap: Numbers
    weeks: Numbers
    first: float
    near: Whole
    pull: Numbers
    popular: Whole

    def lately(self, at: float, weeks: int) -> Numbers:
        """Return how often each item was taken in the last whole weeks before."""
        now = int((at - self.first) // WEEK)
        last = min(max(now, 0), len(self.weeks) - 1)
        before = min(max(now - weeks, 0), len(self.weeks) - 1)
        found: Numbers = self.weeks[last] - self.weeks[before]
        return found


def count(histories: Sequence[Sequence[Visit]], items: int) -> Population:
    """Return the sums over the visits of customers, each oldest first."""
    flat = _flatten(histories)
    taken = np.bincount(flat.item, minlength=items).astype(float)
    near, pull = _followers(histories, taken, items)
    first = float(flat.at.min()) if len(flat.at) else 0.0
    return Population(
        taken,
        len(histories),
        *_repeats(flat, items),
        _weeks(flat, items, first),
        first,
        near,
        pull,
        np.argsort(-taken, kind="stable"),
    )


@dataclass(frozen=True)
class _Flat:
    """Every item of every visit, by customer and time: one row each."""

    who: Whole
    item: Whole
    visit: Whole
    at: Numbers
    last: NDArray[np.bool_]


def _flatten(histories: Sequence[Sequence[Visit]]) -> _Flat:
    who, item, visit, at, last = [], [], [], [], []
    for number, visits in enumerate(histories):
        for place, (when, items) in enumerate(visits):
            item.append(items)
            who.append(np.full(len(items), number))
            visit.append(np.full(len(items), place))
            at.append(np.full(len(items), when))
            last.append(np.full(len(items), place == len(visits) - 1))
    if not item:
        none = np.zeros(0, np.int64)
        return _Flat(none, none, none, np.zeros(0), np.zeros(0, bool))
    joined = [np.concatenate(x) for x in (who, item, visit, at, last)]
    order = np.lexsort((joined[2], joined[1], joined[0]))
    return _Flat(*(x[order] for x in joined))


def _repeats(flat: _Flat, items: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return by item: taken again next time, ever again, gaps in visits and days."""
    same = (flat.who[1:] == flat.who[:-1]) & (flat.item[1:] == flat.item[:-1])
    steps = (flat.visit[1:] - flat.visit[:-1])[same]
    days = np.maximum(flat.at[1:] - flat.at[:-1], 0.5)[same]
    item = flat.item[1:][same]
    chances = _by_item(flat.item[~flat.last], items)
    starts = np.concatenate([[True], ~same]) if len(flat.item) else np.zeros(0, bool)
    second = np.concatenate([starts[:-1] & same, [False]]) if len(same) else starts
    return (
        _rate(_by_item(item[steps == 1], items), chances),
        _rate(_by_item(flat.item[second], items), _by_item(flat.item[starts], items)),
        _mean_log(item, steps.astype(float), items),
        _mean_log(item, days, items),
    )


def _by_item(item: Whole, items: int) -> Numbers:
    return np.bincount(item, minlength=items).astype(float)


def _rate(hits: Numbers, of: Numbers, strength: float = 5.0) -> Numbers:
    mean = hits.sum() / max(of.sum(), 1.0)
    found: Numbers = (hits + strength * mean) / (of + strength)
    return found


def _mean_log(item: Whole, gaps: Numbers, items: int) -> Numbers:
    """Return the typical gap by item, shrunk to that of all."""
    logs = np.bincount(item, np.log(gaps), minlength=items)
    n = _by_item(item, items)
    found: Numbers = np.exp((logs + 3 * logs.sum() / max(n.sum(), 1)) / (n + 3))
    return found


def _weeks(flat: _Flat, items: int, first: float) -> Numbers:
    """Return how often each item was taken before each week began."""
    week = ((flat.at - first) // WEEK).astype(np.int64)
    weeks = int(week.max()) + 1 if len(week) else 1
    cells = np.bincount(week * items + flat.item, minlength=weeks * items)
    before = np.zeros((weeks + 1, items))
    np.cumsum(cells.reshape(weeks, items), axis=0, out=before[1:])
    return before


def _followers(
    histories: Sequence[Sequence[Visit]], taken: Numbers, items: int
) -> tuple[Whole, Numbers]:
    """Return for each item those that come with it or in the visit after it."""
    near = np.zeros((items, KEEP), np.int64)
    pull = np.zeros((items, KEEP))
    rows, columns, weights = _pair_sums(histories, items)
    rarity = np.maximum(taken, 1)
    weights = weights / rarity[rows] ** OWN_POWER / rarity[columns] ** OTHER_POWER
    bounds = np.searchsorted(rows, np.arange(items + 1))
    for item, (start, end) in enumerate(itertools.pairwise(bounds)):
        best = np.argsort(-weights[start:end], kind="stable")[:KEEP]
        chosen = weights[start:end][best]
        near[item, : len(best)] = columns[start:end][best]
        pull[item, : len(best)] = chosen / max(chosen.sum(), 1e-12)
    return near, pull


def _pair_sums(
    histories: Sequence[Sequence[Visit]], items: int
) -> tuple[Whole, Whole, Numbers]:
    """Return rows, columns and sums of all pairs, ordered by row and column."""
    pairs = list(_pairs(histories))
    if not pairs:
        none = np.zeros(0, np.int64)
        return none, none, np.zeros(0)
    keys = np.concatenate([a * items + b for a, b, _ in pairs])
    weights = np.concatenate([np.full(len(a), w) for a, _, w in pairs])
    keys, place = np.unique(keys, return_inverse=True)
    sums = np.bincount(place, weights)
    rows, columns = keys // items, keys % items
    other = rows != columns
    return rows[other], columns[other], sums[other]


def _pairs(
    histories: Sequence[Sequence[Visit]],
) -> Iterator[tuple[Whole, Whole, float]]:
    for visits in histories:
        for (_, one), (_, later) in itertools.pairwise(visits):
            if len(one) * len(later) <= PAIRS:
                yield _crossed(one, later, 1.0)
        for _, one in visits:
            if 1 < len(one) <= LARGE:
                yield _crossed(one, one, TOGETHER)


def _crossed(one: Whole, other: Whole, weight: float) -> tuple[Whole, Whole, float]:
    return np.repeat(one, len(other)), np.tile(other, len(one)), weight / len(one)
