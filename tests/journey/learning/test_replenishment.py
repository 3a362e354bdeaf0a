import pytest

from journey.learning.replenishment import Purchase, Replenishment


def shard(first: int, people: int = 12) -> list[Purchase]:
    return [
        (f"c{who}", product, "drinks", float(start + every * n))
        for who in range(first, first + people)
        for product, every in (("tea", 10 + who % 3), ("milk", 5))
        for start in (who % 4,)
        for n in range(14)
    ]


def test_date_and_chance_follow_a_steady_rhythm() -> None:
    model = Replenishment.fit(shard(0))
    assert abs(model.predict_date("c0", "tea", at=130.0) - 140) <= 1
    soon = model.probability_due("c0", "tea", at=135.0, days=14)
    assert soon > model.probability_due("c0", "tea", at=135.0, days=2)


def test_observe_moves_the_next_date() -> None:
    model = Replenishment.fit(shard(0))
    model.observe("c0", "tea", "drinks", 140.0)
    assert model.predict_date("c0", "tea", at=140.0) >= 149


def test_what_was_never_taken_is_not_foretold() -> None:
    model = Replenishment.fit(shard(0))
    assert model.probability_due("c0", "wine", at=100.0, days=14) == 0
    with pytest.raises(KeyError):
        model.predict_date("c0", "wine", at=100.0)


def test_two_shards_add_up_to_the_whole() -> None:
    whole = Replenishment.fit([*shard(0), *shard(12)])
    added = Replenishment.fit(shard(0)) + Replenishment.fit(shard(12))
    for who in ("c0", "c13", "c20"):
        one = whole.predict_date(who, "tea", at=140.0)
        assert added.predict_date(who, "tea", at=140.0) == pytest.approx(one, abs=1)
