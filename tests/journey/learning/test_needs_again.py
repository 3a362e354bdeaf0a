from math import isnan
from random import Random

import pytest

from journey.history.made import FIRST, make_history
from journey.learning.needs_again import (
    BASELINES,
    MODEL,
    NAMES,
    Purchase,
    Setting,
    evaluate,
)
from journey.learning.renewals_again import FORECAST


@pytest.fixture(scope="module")
def purchases() -> list[Purchase]:
    return [
        (x.customer, x.product, x.category, (x.at - FIRST).days, x.quantity)
        for x in make_history(120, 420, Random(1))
    ]


def test_model_foretells_better_than_every_baseline(
    purchases: list[Purchase],
) -> None:
    found = evaluate(purchases, Setting(280.0)).figures
    assert set(found) == set(NAMES)
    others = [found[name] for name in BASELINES]
    for ours in (found[MODEL], found[FORECAST]):
        assert ours.mean_error < min(x.mean_error for x in others)
        assert ours.precision > max(x.precision for x in others)
        assert ours.best_f1 > max(x.best_f1 for x in others)


def test_what_more_pieces_last_longer_is_foretold_better(
    purchases: list[Purchase],
) -> None:
    without = [(*purchase[:4], 1.0) for purchase in purchases]
    told, untold = (evaluate(x, Setting(280.0)).figures for x in (purchases, without))
    for name in (MODEL, FORECAST):
        assert told[name].mean_error < 0.95 * untold[name].mean_error
    assert told["last interval"] == untold["last interval"]


def test_lines_of_one_day_are_one_purchase(purchases: list[Purchase]) -> None:
    halves = [(*x[:4], x[4] / 2) for x in purchases for _ in (0, 1)]
    assert evaluate(halves, Setting(280.0)) == evaluate(purchases, Setting(280.0))


def test_what_cannot_be_asked_is_no_number() -> None:
    few = [("c", "p", "k", day, 1.0) for day in (0.0, 5.0, 9.0)]
    found = evaluate(few, Setting(8.0))
    assert (found.dates, found.moments) == (0, 0)
    assert isnan(found.figures[MODEL].precision)


def test_cutoff_outside_of_the_history_is_refused(
    purchases: list[Purchase],
) -> None:
    with pytest.raises(ValueError, match="the cutoff leaves no purchases"):
        evaluate(purchases, Setting(9999.0))
