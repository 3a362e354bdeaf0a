from __future__ import annotations

import pytest

from bot.components.signs import spell


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("👍", " thumbs up sign "),
        ("yes 👍🏽!", "yes  thumbs up sign 🏽!"),
        ("ok", "ok"),
        ("café à 5 €", "café à 5 €"),
        ("", ""),
    ],
)
def test_signs_are_spelt_and_words_left_alone(text: str, spelt: str) -> None:
    assert spell(text) == spelt
