"""How well it is foretold what customers come to need that they never spoke of.

Time runs on from a cutoff. Every 30 days everything is counted anew that was taken up
to then, as it is every night, and each customer is asked about who took anything
lately. What would be told is looked up in the 30 days after it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from journey.learning.latent import (
    AHEAD,
    LatentModel,
    Outlook,
    Story,
    Tally,
    worth_telling,
)
from journey.learning.needs_again import average, curve

ALL, POPULAR, ANY = "all that is told", "as many popular ones", "whatever was asked"
WHYS = {
    "after": "because it follows",
    "year": "because of last year",
    "season": "because of the season",
}
LATELY = 180.0
"""Who took nothing for so many days is not asked about."""
Taken = tuple[str, str, float]
"""A customer, a thing, and the day."""


@dataclass(frozen=True)
class Hits:
    """How many were told, how many of these came, and of how many that came at all."""

    told: int
    came: int
    needed: int

    @property
    def precision(self) -> float:
        """The share of what was told that came; nan when nothing was."""
        return self.came / self.told if self.told else float("nan")

    @property
    def recall(self) -> float:
        """The share of what came that was told; nan when nothing came."""
        return self.came / self.needed if self.needed else float("nan")


@dataclass(frozen=True)
class Asked:
    """One question: what was foretold, and whether it came."""

    outlook: Outlook
    came: bool


@dataclass(frozen=True)
class Measured:
    """Hits by name, and the average precisions of ours and of what is popular."""

    hits: Mapping[str, Hits]
    ours: float
    popular: float


def evaluate_hints(taken: Iterable[Taken], cutoff: float) -> Measured:
    """Return how well it is foretold what comes after a cutoff, in days.

    Raises:
        ValueError: there is nothing to learn from, or nothing to ask.
    """
    stories = _stories(taken)
    asked = list(_ask(stories, cutoff))
    if not asked:
        raise ValueError(
            "nothing can be asked: that takes purchases before the cutoff, and"
            f" {AHEAD:.0f} days after it"
        )
    came = np.array([x.came for x in asked])
    ours = np.array([x.outlook.chance for x in asked])
    popular = np.array([x.outlook.usual for x in asked])
    precisions = (average(*curve(chances, came)) for chances in (ours, popular))
    return Measured(_hits(asked), *precisions)


def _stories(taken: Iterable[Taken]) -> dict[str, Story]:
    found = defaultdict[str, list[tuple[float, str]]](list)
    for customer, thing, day in sorted(set(taken)):
        found[customer].append((day, thing))
    return {customer: sorted(story) for customer, story in found.items()}


def _ask(stories: Mapping[str, Story], cutoff: float) -> Iterator[Asked]:
    end = max((story[-1][0] for story in stories.values()), default=0.0)
    today = cutoff
    while today + AHEAD <= end + 1:
        before = {
            customer: known
            for customer, story in stories.items()
            if (known := [x for x in story if x[0] < today])
        }
        model = _counted(before, today)
        for customer, known in before.items():
            if known[-1][0] >= today - LATELY:
                later = {x for day, x in stories[customer] if 0 <= day - today < AHEAD}
                for outlook in model.outlooks(known, today):
                    yield Asked(outlook, outlook.thing in later)
        today += AHEAD


def _counted(stories: Mapping[str, Story], end: float) -> LatentModel:
    tally = Tally()
    for story in stories.values():
        tally.take(story, end)
    return LatentModel(tally)


def _hits(asked: list[Asked]) -> dict[str, Hits]:
    needed = sum(x.came for x in asked)
    told = [x for x in asked if worth_telling(x.outlook)]
    popular = sorted(asked, key=lambda x: -x.outlook.usual)[: len(told)]
    by_why = {
        name: [x for x in told if x.outlook.why == why] for why, name in WHYS.items()
    }
    groups = {ALL: told, **by_why, POPULAR: popular, ANY: asked}
    return {
        name: Hits(len(group), sum(x.came for x in group), needed)
        for name, group in groups.items()
    }
