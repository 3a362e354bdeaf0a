from dataclasses import replace
from datetime import timedelta

import pytest

from journey.learning.again import expect, needs_again, usual_choice
from journey.learning.histories import Histories, day_of
from journey.learning.kinds import Baskets, Choices, Due
from journey.learning.packing import unpack_baskets, unpack_choice, unpack_due
from journey.learning.ready import Models
from journey.learning.stories import Past
from tests.factories import NOW

TODAY = day_of(NOW)
STEADY = [(TODAY - 60 + 10 * n, ("coffee",)) for n in range(6)]


@pytest.fixture(scope="module")
def models() -> Models:
    """Everybody takes coffee every ten days, and filters after the first."""
    of = {}
    for n in range(60):
        days = [TODAY - 200 + n / 10 + 10 * k for k in range(20)]
        of[f"c{n}"] = [
            (day, ("filters",) if k == 1 else ("coffee",)) for k, day in enumerate(days)
        ]
    past = Past(Histories(of), {})
    baskets, products = unpack_baskets(Baskets().fit(past))
    numbers = {name: number for number, name in enumerate(products)}
    found = Models(baskets=baskets, products=tuple(products), numbers=numbers)
    return replace(found, due=unpack_due(Due().fit(past)))


def test_what_is_taken_steadily_comes_again(models: Models) -> None:
    found = expect(models, STEADY, NOW).next
    assert found["coffee"][0] == "again"
    assert found["coffee"][1] == max(chance for _, chance in found.values())


def test_what_others_took_next_comes_after(models: Models) -> None:
    found = expect(models, [(TODAY - 8, ("coffee",))], NOW).next
    assert found["filters"][0] == "after"


def test_the_next_need_is_a_gap_away(models: Models) -> None:
    (found,) = needs_again(models, STEADY, NOW)
    assert abs(found.at - (NOW + timedelta(days=0))) < timedelta(days=2)
    assert found.chance > 0.8


def test_a_single_order_says_nothing_of_a_rhythm(models: Models) -> None:
    assert needs_again(models, STEADY[:1], NOW) == []


def test_without_models_nothing_is_expected() -> None:
    found = expect(Models(), STEADY, NOW)
    assert not found.next and not found.due


def test_the_usual_one_is_surer_the_steadier_it_was() -> None:
    prices = {x: ("coffee", 5.0) for x in ("mild", "dark")}
    of = {
        f"c{n}": [(float(k), (("mild", "dark")[n % 2],)) for k in range(6)]
        for n in range(30)
    }
    model = unpack_choice(Choices().fit(Past(Histories(of), prices)))
    models = Models(choice=model)
    once = usual_choice(models, [(0.0, ("dark",))], prices)
    often = usual_choice(models, [(float(n), ("dark",)) for n in range(5)], prices)
    assert once is not None and often is not None
    assert once[0] == often[0] == "dark" and once[1] <= often[1] > 0.95


def test_nothing_ordered_has_no_usual_one(models: Models) -> None:
    assert (
        usual_choice(models, STEADY, {"mild": ("c", 1.0), "dark": ("c", 1.0)}) is None
    )
