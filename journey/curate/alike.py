"""How alike two products are."""

from collections.abc import Set

from journey.curate.candidate import Trait, marks
from journey.curate.fit import Described


def alike(one: Described, other: Described) -> float:
    """Return the share (0 to 1) of traits that two products have in common."""
    return shared(marks(one), marks(other))


def shared(mine: Set[Trait], yours: Set[Trait]) -> float:
    """Return the share of traits in common."""
    both = len(mine & yours)
    return both / max(len(mine) + len(yours) - both, 1)
