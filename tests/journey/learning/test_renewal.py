"""When somebody needs something again, from nothing to many purchases."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.learning.renewal import Forecast, Gaps, Usual, forecast, gaps_of, usual

MONTH = math.log(30)


def logs(*days: float) -> Gaps:
    return gaps_of([math.log(x) for x in days])


def test_nothing_known_foretells_nothing() -> None:
    assert usual(logs(30, 31), Gaps(), Gaps()) is None


def test_cold_start_is_what_the_owner_says() -> None:
    found = usual(Gaps(), Gaps(), Gaps(), uses_up_days=25)
    assert found is not None
    assert forecast(Gaps(), found).days == pytest.approx(25)
    assert forecast(Gaps(), found, pieces=2).days == pytest.approx(50)


def test_what_the_customer_says_outweighs_what_the_owner_says() -> None:
    found = usual(Gaps(), Gaps(), Gaps(), uses_up_days=25, said_days=12)
    assert found is not None
    assert 12 < forecast(Gaps(), found).days < 15


def test_levels_lean_on_the_one_above() -> None:
    many, few = logs(*[60.0] * 200), logs(*[20.0] * 2)
    found = usual(many, many, few)
    assert found is not None
    assert 40 < math.exp(found.mean) < 60


def test_own_gaps_win_over_what_is_usual() -> None:
    own = forecast(logs(*[14.0] * 12), Usual(MONTH))
    assert 14 < own.days < 16


@pytest.mark.parametrize(("gaps", "sure"), [((30,), False), ((30, 31, 29, 30), True)])
def test_forecast_gets_sure_with_regular_gaps(
    gaps: tuple[float, ...], sure: bool
) -> None:
    assert (forecast(logs(*gaps), Usual(MONTH)).spread < 0.3) is sure


def test_forecast_is_less_sure_when_gaps_differ() -> None:
    even, odd = logs(30, 30, 30, 30), logs(10, 60, 15, 50)
    usual_one = Usual(MONTH)
    assert forecast(odd, usual_one).spread > 1.5 * forecast(even, usual_one).spread


def test_chance_grows_towards_the_day_and_ends_in_silence() -> None:
    found = forecast(logs(30, 30, 30), Usual(MONTH))
    chances = [found.chance(elapsed, 7) for elapsed in (5, 15, 25)]
    assert chances == sorted(chances)
    assert found.chance(25, 7) > 0.3 > found.chance(300, 7)


@given(
    mean=st.floats(0, 6),
    spread=st.floats(0.05, 2),
    elapsed=st.floats(0, 1000),
    ahead=st.floats(0, 1000),
)
def test_chance_is_a_probability(
    mean: float, spread: float, elapsed: float, ahead: float
) -> None:
    found = Forecast(mean, spread, 0.1)
    assert 0 <= found.chance(elapsed, ahead) <= 1 + 1e-9


@given(mean=st.floats(1, 5), spread=st.floats(0.1, 1), share=st.floats(0.01, 0.99))
def test_when_turns_by_around(mean: float, spread: float, share: float) -> None:
    found = Forecast(mean, spread, 0.1)
    assert found.by(found.when(share)) == pytest.approx(share, abs=1e-6)


@given(st.lists(st.floats(1, 400), max_size=8), st.lists(st.floats(1, 400), max_size=8))
def test_gaps_add_up(one: list[float], other: list[float]) -> None:
    both = logs(*one) + logs(*other)
    whole = logs(*one, *other)
    assert both.count == whole.count
    assert both.logs == pytest.approx(whole.logs)
    assert both.squares == pytest.approx(whole.squares)


def test_half_of_the_needs_come_before_the_day() -> None:
    random = Random(3)
    truth = [random.lognormvariate(MONTH, 0.2) for _ in range(400)]
    own = gaps_of([math.log(x) for x in truth[:20]])
    found = forecast(own, Usual(MONTH))
    early = sum(days <= found.days for days in truth[20:]) / 380
    within = sum(found.when(0.1) <= days <= found.when(0.9) for days in truth[20:])
    assert 0.4 < early < 0.6
    assert 0.7 < within / 380 < 0.95
