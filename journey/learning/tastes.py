"""A customer's taste: which traits of products they took to, and which they did not.

Every trait of a candidate is weighed as in naive Bayes: how much more often the
customer's own choices have it than the candidates at hand, which stand for what
the population takes. Little own evidence leaves little weight.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from journey.curate.candidate import Trait, traits
from journey.curate.fit import Described
from journey.learning.fading import faded
from journey.learning.mutes import Words

PATIENCE = 3.0
"""So many own interactions weigh as much as the population."""
SAID = 1.0
"""How much a trait draws a customer who says that they like it, in log-odds."""


class Felt(Protocol):
    """How a product was taken, in weights that fade."""

    @property
    def liked(self) -> int:
        """For it."""

    @property
    def disliked(self) -> int:
        """Against it."""


Shares = Mapping[Trait, float]


@dataclass(frozen=True)
class Evidence:
    """Weights of the own interactions with a trait, and with any of its kind."""

    having: Mapping[Trait, float]
    stating: Mapping[str, float]

    def share(self, trait: Trait, usual: float) -> float:
        """Return the share of a trait, shrunk to what is usual."""
        stating = self.stating.get(trait[0], 0.0)
        return (self.having.get(trait, 0.0) + PATIENCE * usual) / (stating + PATIENCE)


@dataclass(frozen=True)
class Taste:
    """What a customer likes and dislikes, beside what is usual."""

    liked: Evidence
    disliked: Evidence
    usual: Shares
    said: Words = field(default_factory=dict)
    _known: dict[Trait, float] = field(default_factory=dict, compare=False)

    def pull(self, trait: Trait) -> float:
        """Return the log-odds with which a trait draws (or puts off) the customer."""
        found = self._known.get(trait)
        if found is None:
            found = self._known[trait] = self._pull(trait)
        return found

    def _pull(self, trait: Trait) -> float:
        likes = self.said.get("=".join(trait)) if self.said else None
        if likes is not None:
            return SAID if likes else -SAID
        usual = self.usual.get(trait, 0.0)
        if usual <= 0:
            return 0.0
        for_it = self.liked.share(trait, usual)
        return math.log(for_it / self.disliked.share(trait, usual))

    def fit(self, product: Described) -> float:
        """Return how a product suits the taste: 0 when nothing is known."""
        pulls = [self.pull(trait) for trait in traits(product)]
        return sum(pulls) / math.sqrt(len(pulls))

    def drawing(self, product: Described, least: float) -> int:
        """Return how many traits of what they chose before draw more than so much."""
        chosen = self.liked.having
        return sum(x in chosen and self.pull(x) > least for x in traits(product))


def taste_of(
    rows: Sequence[tuple[Felt, Described]],
    candidates: Sequence[tuple[Described, float]],
    said: Words,
    now: datetime,
) -> Taste:
    """Return a customer's taste from their sums.

    Args:
        rows: the customer's sums, each with its product.
        candidates: what could be shown, with the weight the population gives it.
        said: the customer's own word on traits, which stands for what was learned.
        now: the instant up to which the sums have faded.
    """
    pairs = [(faded(row.liked, now), product) for row, product in rows]
    against = [(faded(row.disliked, now), product) for row, product in rows]
    for_it, not_for_it = evidence(pairs, said), evidence(against, said)
    return Taste(for_it, not_for_it, shares(candidates), said)


def evidence(
    weighed: Iterable[tuple[float, Described]], muted: Collection[str]
) -> Evidence:
    """Return what weighed products say about traits."""
    having, stating = defaultdict[Trait, float](float), defaultdict[str, float](float)
    for weight, product in weighed:
        for trait in traits(product) if weight > 0 else ():
            having[trait] += weight
    for trait in [x for x in having if "=".join(x) in muted] if muted else ():
        del having[trait]
    for trait, weight in having.items():
        stating[trait[0]] += weight
    return Evidence(having, stating)


def shares(weighed: Iterable[tuple[Described, float]]) -> Shares:
    """Return how usual each trait is among products that state its kind."""
    found = evidence(((weight, product) for product, weight in weighed), frozenset())
    return {
        trait: weight / found.stating[trait[0]]
        for trait, weight in found.having.items()
    }
