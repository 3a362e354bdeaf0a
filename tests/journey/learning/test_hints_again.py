from datetime import UTC, datetime
from random import Random

import pytest

from journey.history.made import make_history
from journey.history.made_latent import make_latent
from journey.learning.fading import EPOCH
from journey.learning.hints_again import ALL, ANY, POPULAR, Taken, evaluate_hints

CUTOFF = (datetime(2026, 7, 1, tzinfo=UTC) - EPOCH).days


def taken(latent: bool) -> list[Taken]:
    made = make_history(150, 700, Random(1))
    made += make_latent(150, 700, Random(1)) if latent else []
    return [(x.customer, x.category, (x.at - EPOCH.date()).days) for x in made]


def test_what_is_told_comes_far_more_often_than_anything_else() -> None:
    found = evaluate_hints(taken(True), CUTOFF)
    told, popular, any_one = (found.hits[x] for x in (ALL, POPULAR, ANY))
    assert told.told == popular.told > 30
    assert told.precision > 0.4
    assert told.precision > 10 * max(popular.precision, any_one.precision)
    assert found.ours > 3 * found.popular


def test_nothing_is_told_where_nothing_follows() -> None:
    found = evaluate_hints(taken(False), CUTOFF).hits
    assert found[ALL].told <= 0.001 * found[ANY].told
    assert found[ANY].came > 50


def test_each_hint_is_counted_under_its_reason() -> None:
    hits = evaluate_hints(taken(True), CUTOFF).hits
    reasons = [x for name, x in hits.items() if name.startswith("because")]
    assert sum(x.told for x in reasons) == hits[ALL].told
    assert {x.needed for x in hits.values()} == {hits[ANY].came}


def test_too_short_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="30 days after it"):
        evaluate_hints([("c", "coffee", 0.0), ("c", "coffee", 20.0)], 10.0)
