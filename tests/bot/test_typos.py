from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.typos import mistype, slip


@given(st.text(min_size=1, max_size=12), st.integers(0, 1000))
def test_slip_is_one_mistake(word: str, seed: int) -> None:
    assert OSA.distance(word, slip(word, np.random.default_rng(seed))) <= 1


@pytest.mark.parametrize(("share", "changed"), [(0.0, 0), (1.0, 3)])
def test_mistype_spares_short_words(share: float, changed: int) -> None:
    text = "where is my big parcel"
    typed = mistype(text, share, np.random.default_rng(2)).split(" ")
    assert typed[1:3] == ["is", "my"]
    assert sum(a != b for a, b in zip(text.split(), typed, strict=True)) <= changed


def test_mistype_repeats_itself_under_a_seed() -> None:
    first, second = (
        mistype("please cancel my order", 0.9, np.random.default_rng(4)) for _ in "12"
    )
    assert first == second
