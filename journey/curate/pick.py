"""From a ranking to at most four options that differ, one of them maybe a trial."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from journey.curate.alike import shared
from journey.curate.candidate import Trait, marks
from journey.curate.score import Scored

SLOTS = 4
EXPLORE = 0.1
"""How often the last slot shows a candidate from further down."""
POOL = 8
"""From how many further candidates the trial is drawn, each equally likely."""
ALIKE = 0.35
"""What a twin of an option already picked loses of its score."""


@dataclass(frozen=True)
class Picked:
    """A candidate for a slot, and the probability with which it stands there."""

    scored: Scored
    propensity: float


@dataclass(frozen=True)
class Pick:
    """The options for all slots, and who stood to the draw for the last one.

    There are no contenders where nothing was drawn.
    """

    picked: tuple[Picked, ...]
    contenders: tuple[Picked, ...] = ()


def pick(ranking: Sequence[Scored], random: Random) -> Pick:
    """Pick up to four different candidates, best first.

    The first three are certain. The last is the best of the rest with
    probability 1 - EXPLORE, else drawn evenly from the next POOL: the
    propensities of one slot sum to one over its candidates, so that the log can
    be weighed by them (Horvitz and Thompson, 1952).
    """
    ranking = _one_of_each(ranking)
    chosen = _varied(ranking, SLOTS)
    taken = {id(scored) for scored in chosen}
    rest = [scored for scored in ranking if id(scored) not in taken][:POOL]
    if len(chosen) < SLOTS or not rest:
        return Pick(tuple(Picked(scored, 1.0) for scored in chosen))
    certain = [Picked(scored, 1.0) for scored in chosen[:-1]]
    contenders = (
        Picked(chosen[-1], 1 - EXPLORE),
        *(Picked(scored, EXPLORE / len(rest)) for scored in rest),
    )
    drawn = contenders[0]
    if random.random() < EXPLORE:
        drawn = random.choice(contenders[1:])
    return Pick((*certain, drawn), contenders)


def _one_of_each(ranking: Sequence[Scored]) -> list[Scored]:
    """Keep of the variants of one thing the best: four sizes are no choice of four."""
    best: dict[str, Scored] = {}
    for scored in ranking:
        best.setdefault(scored.product.variant_of or scored.product.id, scored)
    return list(best.values())


def _varied(ranking: Sequence[Scored], slots: int) -> list[Scored]:
    """Take the best one by one; what is like one already taken counts for less.

    Maximal marginal relevance (Carbonell and Goldstein, 1998). Nothing is gained by
    likeness, so that the search ends where the score alone is lower than the best.
    """
    left, chosen = list(ranking), list[Scored]()
    taken = list[frozenset[Trait]]()
    while left and len(chosen) < slots:
        best, place = -math.inf, 0
        for n, scored in enumerate(left):
            if scored.score <= best:
                break
            mine = marks(scored.product) if taken else frozenset()
            near = max((shared(mine, x) for x in taken), default=0.0)
            if (worth := scored.score - ALIKE * near) > best:
                best, place = worth, n
        chosen.append(left.pop(place))
        taken.append(marks(chosen[-1].product))
    return chosen
