from random import Random

import pytest

from journey.history.made import FIRST, make_history
from journey.learning.needs_again import BASELINES, MODEL, Setting, evaluate


@pytest.fixture(scope="module")
def purchases() -> list[tuple[str, str, str, float]]:
    made = make_history(120, 420, Random(1))
    return [(x.customer, x.product, x.category, (x.at - FIRST).days) for x in made]


def test_model_foretells_better_than_every_baseline(
    purchases: list[tuple[str, str, str, float]],
) -> None:
    found = evaluate(purchases, Setting(280.0)).figures
    assert set(found) == {MODEL, *BASELINES}
    others = [found[name] for name in BASELINES]
    assert found[MODEL].mean_error < min(x.mean_error for x in others)
    assert found[MODEL].precision > max(x.precision for x in others)
    assert found[MODEL].best_f1 > max(x.best_f1 for x in others)


def test_cutoff_outside_of_the_history_is_refused(
    purchases: list[tuple[str, str, str, float]],
) -> None:
    with pytest.raises(ValueError, match="the cutoff leaves no purchases"):
        evaluate(purchases, Setting(9999.0))
