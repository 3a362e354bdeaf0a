"""A head that remembers: the training texts nearest to a message vote."""

from dataclasses import dataclass

import numpy as np

from bot.components.linear import Floats, Labels

# Of 64, 128 and all 384 directions, 128 told what is out of scope apart best.
DIRECTIONS = 128
# How much nearer a text must be to count e times as much.
SHARPNESS = 0.03
MOST = 40_000
PREFIX = "near."


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Training texts as unit vectors in a smaller space, sorted by intent."""

    texts: Floats
    """(texts, directions)"""
    starts: Labels
    """Where each intent's texts begin."""
    middle: Floats
    axes: Floats
    """(width, directions)"""

    @classmethod
    def fit(cls, vectors: Floats, labels: Labels) -> "Neighbours":
        """Remember texts (texts, width) and their intents, as numbers without gaps."""
        rows = chosen(labels)
        middle = vectors.mean(axis=0)
        centred = vectors - middle
        _, axes = np.linalg.eigh(centred.T @ centred)
        axes = np.ascontiguousarray(axes[:, : -DIRECTIONS - 1 : -1], np.float32)
        starts = np.searchsorted(labels[rows], np.unique(labels))
        empty = cls(axes[:0], starts, middle, axes)
        return cls(empty.place(vectors[rows]), starts, middle, axes)

    def place(self, vectors: Floats) -> Floats:
        """Return where vectors (messages, width) stand among the texts."""
        placed = (vectors - self.middle) @ self.axes
        lengths = np.linalg.norm(placed, axis=1, keepdims=True)
        return np.asarray(placed / np.maximum(lengths, 1e-9), np.float32)

    def __call__(self, vectors: Floats) -> tuple[Floats, Floats]:
        """Return votes, and likeness to each intent's nearest text, in -1..1."""
        likeness = self.place(vectors) @ self.texts.T
        nearest = np.maximum.reduceat(likeness, self.starts, axis=1)
        best = nearest.max(axis=1, keepdims=True)
        said = np.add.reduceat(
            np.exp((likeness - best) / SHARPNESS), self.starts, axis=1
        )
        # An intent of many texts has more of them near to anything.
        said /= np.sqrt(np.diff([*self.starts, len(self.texts)]))
        return np.asarray(said / said.sum(axis=1, keepdims=True)), nearest

    def arrays(self) -> dict[str, Floats | Labels]:
        """Return the arrays by name, for `of`."""
        return {
            f"{PREFIX}texts": self.texts,
            f"{PREFIX}starts": self.starts,
            f"{PREFIX}middle": self.middle,
            f"{PREFIX}axes": self.axes,
        }

    @classmethod
    def of(cls, arrays: dict[str, Floats | Labels]) -> "Neighbours":
        """Take what `arrays` gave."""
        names = ("texts", "starts", "middle", "axes")
        texts, starts, middle, axes = (arrays[f"{PREFIX}{name}"] for name in names)
        return cls(texts, starts.astype(np.int64), middle, axes)


def chosen(labels: Labels) -> Labels:
    """Return the rows to remember, sorted by label; of large data, some of each."""
    rows = np.argsort(labels, kind="stable")
    if len(rows) <= MOST:
        return rows
    counts = np.unique(labels, return_counts=True)[1]
    parts = np.split(rows, np.cumsum(counts)[:-1])
    return np.concatenate([part[: MOST // len(counts) + 1] for part in parts])
