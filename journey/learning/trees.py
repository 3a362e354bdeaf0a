"""Boosted trees over counted features, for what adds up crookedly; numpy alone.

Each tree asks the same question on a whole level (oblivious trees), so that a row
falls through all trees at once and few rows suffice to fit them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journey.learning.linear import Numbers

Whole = NDArray[np.int64]
DEPTH = 6
BINS = 64
RATE = 0.1
RIDGE = 10.0
ROWS, COLUMNS = 0.7, 0.4
"""Shares of the choices and of the features that each tree sees."""


@dataclass(frozen=True)
class Trees:
    """Trees as arrays: (trees, levels) features and cuts, (trees, leaves) values."""

    features: Whole
    cuts: Numbers
    leaves: Numbers

    def score(self, rows: Numbers) -> Numbers:
        """Return what the trees add to the score of each row."""
        found: Numbers = self.each(rows).sum(1)
        return found

    def each(self, rows: Numbers) -> Numbers:
        """Return (rows, trees): what each tree adds."""
        above = rows[:, self.features] > self.cuts
        places = above @ (1 << np.arange(self.features.shape[1])[::-1])
        found: Numbers = self.leaves[np.arange(len(self.leaves)), places]
        return found

    def first(self, count: int) -> "Trees":
        """Return only the first trees."""
        return Trees(self.features[:count], self.cuts[:count], self.leaves[:count])


@dataclass(frozen=True)
class Groups:
    """Rows that compete with each other stand together: where each group starts."""

    starts: Whole
    of: Whole

    def softmax(self, scores: Numbers) -> Numbers:
        """Return each row's probability within its group."""
        raised = np.exp(scores - np.maximum.reduceat(scores, self.starts)[self.of])
        found: Numbers = raised / np.add.reduceat(raised, self.starts)[self.of]
        return found


def grouped(sizes: Sequence[int]) -> Groups:
    """Return the groups of so many rows each."""
    ends = np.cumsum(np.array(sizes, np.int64))
    return Groups(ends - sizes, np.repeat(np.arange(len(sizes)), sizes))


def fit_trees(
    rows: Numbers, groups: Groups, taken: Numbers, offset: Numbers, count: int
) -> Trees:
    """Fit trees one by one to what the scores so far do not foresee.

    Args:
        rows: (rows, features).
        groups: which rows stood side by side.
        taken: (rows,) 1 for what was taken of its group.
        offset: (rows,) the scores to start from.
        count: how many trees.
    """
    random, binned = np.random.default_rng(0), Binned.of(rows)
    scores, found = offset.copy(), []
    for _ in range(count):
        chances = groups.softmax(scores)
        pull, bend = taken - chances, chances * (1 - chances)
        seen = (random.random(len(groups.starts)) < ROWS)[groups.of]
        features = random.permutation(rows.shape[1])
        features = features[: max(1, round(COLUMNS * rows.shape[1]))]
        splits = list(binned.splits(seen, features, pull, bend))
        places = binned.places(splits)
        leaves = _leaves(places[seen], pull[seen], bend[seen])
        scores += leaves[places]
        found.append((splits, leaves))
    return Trees(
        np.array([[f for f, _ in splits] for splits, _ in found]),
        np.array([[binned.cut(*split) for split in splits] for splits, _ in found]),
        np.array([leaves for _, leaves in found]),
    )


def _leaves(places: Whole, pull: Numbers, bend: Numbers) -> Numbers:
    size = 1 << DEPTH
    total, weight = np.bincount(places, pull, size), np.bincount(places, bend, size)
    found: Numbers = RATE * total / (weight + RIDGE)
    return found


@dataclass(frozen=True)
class Binned:
    """Features as the numbers of their bins, and the upper edges of the bins."""

    edges: tuple[Numbers, ...]
    bins: Whole

    @classmethod
    def of(cls, rows: Numbers) -> "Binned":
        """Cut every feature into bins that hold about as many rows."""
        shares = np.linspace(0, 1, BINS + 1)[1:-1]
        edges = tuple(np.unique(np.quantile(column, shares)) for column in rows.T)
        bins = [
            np.searchsorted(edge, column)
            for edge, column in zip(edges, rows.T, strict=True)
        ]
        return cls(edges, np.stack(bins, axis=1))

    def cut(self, feature: int, bin_: int) -> float:
        """Return the value above which a row goes to the right."""
        edges = self.edges[feature]
        return float(edges[bin_]) if bin_ < len(edges) else float("inf")

    def places(self, splits: list[tuple[int, int]]) -> Whole:
        """Return the leaf of every row."""
        found = np.zeros(len(self.bins), np.int64)
        for feature, bin_ in splits:
            found = 2 * found + (self.bins[:, feature] > bin_)
        return found

    def splits(
        self, seen: NDArray[np.bool_], features: Whole, pull: Numbers, bend: Numbers
    ) -> Iterator[tuple[int, int]]:
        """Yield feature and bin of the question on each level, the best for all."""
        bins = self.bins[np.ix_(seen, features)]
        cells = bins + np.arange(len(features)) * BINS
        pulls, bends = (np.repeat(x[seen], len(features)) for x in (pull, bend))
        leaf = np.zeros(len(bins), np.int64)
        for level in range(DEPTH):
            shape = (1 << level, len(features), BINS)
            flat = (leaf[:, None] * (len(features) * BINS) + cells).ravel()
            left, weight = (
                np.bincount(flat, x, int(np.prod(shape))).reshape(shape).cumsum(2)
                for x in (pulls, bends)
            )
            gain = _gain(left, weight)[:, :-1]
            place, bin_ = divmod(int(gain.argmax()), BINS - 1)
            yield int(features[place]), bin_
            leaf = 2 * leaf + (bins[:, place] > bin_)


def _gain(left: Numbers, weight: Numbers) -> Numbers:
    """Return what each question gains, over all leaves of the level."""
    right, other = left[:, :, -1:] - left, weight[:, :, -1:] - weight
    gains = left**2 / (weight + RIDGE) + right**2 / (other + RIDGE)
    found: Numbers = gains.sum(0)
    return found
