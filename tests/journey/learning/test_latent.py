"""What customers come to need unsaid, from counts over others."""

from collections.abc import Iterator
from random import Random

import pytest

from journey.learning.latent import AHEAD, LatentModel, Outlook, Owner, Story, Tally
from journey.learning.packing import pack_latent, unpack_latent

MAKER, SCALE, SKIN = "kind:coffee-maker", "kind:descaler", "need:softer_skin"
DAYS = 1100.0
JANUARY = 745.0
"""A day in the third January since the epoch of learning."""


def counted(stories: list[Story], end: float = DAYS) -> LatentModel:
    tally = Tally()
    for story in stories:
        tally.take(story, end)
    return LatentModel(tally)


def makers(count: int, random: Random) -> Iterator[Story]:
    """Yield customers with a coffee maker, of whom six of ten descale it later."""
    for _ in range(count):
        day = random.uniform(0, 900)
        later = [(day + random.uniform(20, 50), SCALE)] if random.random() < 0.6 else []
        yield [(day, MAKER), *later]
        yield [(random.uniform(0, 900), "kind:lamp")]


def winters(count: int, random: Random) -> Iterator[Story]:
    """Yield customers whose skin is dry each winter, and others who want lamps."""
    for _ in range(count):
        yield [(15 + 365.25 * n + random.gauss(0, 5), SKIN) for n in range(3)]
        yield sorted((random.uniform(0, DAYS), "kind:lamp") for _ in range(3))


def outlook(model: LatentModel, story: Story, today: float, thing: str) -> Outlook:
    return next(x for x in model.outlooks(story, today) if x.thing == thing)


def test_what_follows_is_told_with_its_share() -> None:
    model = counted([*makers(400, Random(1))])
    found = outlook(model, [(900, MAKER)], 915, SCALE)
    assert (found.why, found.after) == ("after", MAKER)
    assert found.share == pytest.approx(0.6, abs=0.1)
    assert found.chance > 0.3 > 3 * found.usual


def test_what_follows_is_told_no_more_once_it_is_late() -> None:
    model = counted([*makers(100, Random(1))])
    late = outlook(model, [(900, MAKER)], 1010, SCALE)
    assert late.chance < 0.1


def test_two_customers_prove_little() -> None:
    model = counted([[(10, MAKER), (40, SCALE)], [(20, MAKER), (50, SCALE)]], 300)
    assert outlook(model, [(900, MAKER)], 915, SCALE).share < 0.25


def test_what_is_bought_together_does_not_follow() -> None:
    model = counted([[(n, MAKER), (n, SCALE)] for n in range(50)], 300)
    assert outlook(model, [(900, MAKER)], 915, SCALE).chance < 0.25


def test_what_comes_back_each_winter_is_told_before_it_does() -> None:
    model = counted([*winters(30, Random(2))], JANUARY - 40)
    found = outlook(model, [(382, SKIN)], JANUARY - 12, SKIN)
    assert found.why == "year"
    assert found.chance > 0.5 > 2 * found.usual


def test_season_raises_what_came_before() -> None:
    model = counted([*winters(30, Random(2))])
    told = [outlook(model, [(400, SKIN)], day, SKIN).chance for day in (JANUARY, 650.0)]
    assert told[0] > 5 * told[1]


def test_owner_says_the_season_before_anything_is_counted() -> None:
    owners = {SKIN: Owner(0.05, {1: 1.8, 7: 0.6})}
    model = LatentModel(owners=owners)
    assert (model.ratio(SKIN, 1), model.ratio(SKIN, 7)) == (1.8, 0.6)
    assert model.usual(SKIN) == pytest.approx(0.05 / 12, rel=0.01)
    assert outlook(model, [(382, SKIN)], JANUARY - 12, SKIN).why == "year"


def test_what_is_taken_regularly_or_was_lately_is_not_latent() -> None:
    model = counted([*makers(100, Random(1))])
    often = [(500.0 + 40 * n, "kind:lamp") for n in range(5)]
    story = [*often, (880.0, MAKER)]
    assert [x.thing for x in model.outlooks(story, 900)] == [SCALE]


def test_chances_are_about_as_often_true_as_they_say() -> None:
    model = counted([*makers(300, Random(3))])
    told, came = [], []
    for story in [*makers(300, Random(4))]:
        today = story[0][0] + 10
        if story[0][1] == MAKER:
            told.append(outlook(model, story[:1], today, SCALE).chance)
            came.append(any(today <= day < today + AHEAD for day, _ in story[1:]))
    assert sum(told) == pytest.approx(sum(came), rel=0.2)


def test_counts_are_the_same_after_packing() -> None:
    model = counted([*makers(20, Random(1)), *winters(5, Random(1))])
    assert unpack_latent(pack_latent(model)).tally == model.tally
    assert unpack_latent(pack_latent(LatentModel())).tally == Tally()
