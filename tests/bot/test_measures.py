from __future__ import annotations

import pytest

from bot.measures import Parsed, confusions, measure, recalls, trained_intents

KNOWN = {"greet", "track"}


def parsed(
    right: str, said: str, confidence: float = 0.9, scope: float = 1.0
) -> Parsed:
    ranked = frozenset({"greet", "track"})
    return Parsed(f"{right}?", right, said, confidence, scope, 4.0, ranked)


def test_measure_counts_only_trained_intents() -> None:
    some = [parsed("greet", "greet"), parsed("track", "greet"), parsed("oos", "greet")]
    found = measure(some, KNOWN)
    assert (found.texts, found.accuracy) == (3, 0.5)
    assert found.macro_f1 == pytest.approx(1 / 3)


@pytest.mark.parametrize(("scope", "recall"), [(0.1, 1.0), (5.0, 0.0)])
def test_measure_refuses_what_is_out_of_scope(scope: float, recall: float) -> None:
    inside = [parsed("greet", "greet", scope=1 + n / 100) for n in range(20)]
    found = measure([*inside, parsed("oos", "greet", scope=scope)], KNOWN)
    assert found.outside_recall == recall


def test_measure_knows_no_recall_without_such_texts() -> None:
    assert measure([parsed("greet", "greet")], KNOWN).outside_recall is None


def test_trained_intents_leave_out_what_was_never_considered() -> None:
    some = [parsed("out_of_scope", "greet"), parsed("rare", "greet")]
    assert trained_intents(some) == {"greet", "track", "rare"}


def test_confusions_come_most_frequent_first_with_an_example() -> None:
    some = [parsed("track", "greet")] * 2 + [parsed("greet", "track")]
    assert confusions(some, 1) == [("track", "greet", 2, "track?")]


def test_recalls_put_the_worst_first() -> None:
    some = [parsed("track", "greet"), parsed("greet", "greet")]
    assert recalls(some) == [("track", 1, 0.0, 0.0), ("greet", 1, 1.0, 0.5)]
