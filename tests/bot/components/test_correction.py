from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.correction import WORD, Corrector, count_words, likely_origins

RANKS = {
    word: rank
    for rank, word in enumerate(
        "the to and is my where order alarm weather tomorrow parcel place plane".split()
    )
}
CORRECTOR = Corrector(RANKS, {"cancel": 5, "subscription": 2, "where": 3})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("whree is my paecel", "where is my parcel"),
        ("ordr", "order"),
        ("cancle", "cancel"),
        ("subscripton", "subscription"),
        ("subscrptoin", "subscription"),
        ("WEATHERR", "weather"),
    ],
)
def test_corrector_mends_slips(typed: str, meant: str) -> None:
    assert CORRECTOR(typed) == meant


@pytest.mark.parametrize("text", ["my order", "zzyzx", "a1b2", "", "👍 ok", "प्लीज़"])
def test_corrector_leaves_what_it_cannot_better(text: str) -> None:
    assert CORRECTOR(text) == text


def test_corrector_never_touches_training_words() -> None:
    corrector = Corrector(RANKS, {"plave": 1})
    assert corrector("plave") == "plave"


@given(st.text(max_size=200))
def test_corrector_keeps_everything_between_words(text: str) -> None:
    assert WORD.sub("", CORRECTOR(text)) == WORD.sub("", text.lower())


def test_likely_origins_undo_each_kind_of_slip() -> None:
    origins = {word for word, _ in likely_origins("ordre")}
    assert {"order", "ordre", "ordres", "orde", "ordrr"} <= origins


def test_count_words_ignores_case_and_digits() -> None:
    assert count_words(["My ORDER 66", "my order"]) == {"my": 2, "order": 2}
