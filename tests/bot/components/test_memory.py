from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.memory import Memory


@given(st.integers(0, 3), st.lists(st.lists(st.integers(0, 5))))
def test_get_answers_as_if_computed(size: int, asked: list[list[int]]) -> None:
    memory: Memory[int, int] = Memory(size)
    for keys in asked:
        assert memory.get(keys, lambda some: [k * k for k in some]) == [
            key * key for key in keys
        ]
        assert len(memory) <= size


def test_get_computes_what_is_missing_once() -> None:
    memory: Memory[str, str] = Memory(4)
    seen: list[list[str]] = []

    def compute(keys: list[str]) -> list[str]:
        seen.append(keys)
        return [key.upper() for key in keys]

    memory.get(["a", "b", "a"], compute)
    memory.get(["b", "c"], compute)
    assert seen == [["a", "b"], ["c"]]


def test_get_forgets_the_least_used() -> None:
    memory: Memory[int, int] = Memory(2)
    memory.get([1, 2], list)
    memory.get([1], list)
    memory.get([3], list)
    with pytest.raises(AssertionError, match="2 is new"):
        memory.get([1, 2], fail)


def fail(keys: list[int]) -> list[int]:
    raise AssertionError(f"{keys[0]} is new")
