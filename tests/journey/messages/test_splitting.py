import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.messages.capabilities import capability
from journey.messages.splitting import shorten, split


@given(st.text(max_size=300), st.integers(4, 60))
def test_pieces_fit_and_lose_only_spaces(text: str, limit: int) -> None:
    length = capability("telegram").length
    pieces = split(text, limit, length)
    assert all(0 < length(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One two. Three four.", ["One two.", "Three four."]),
        ("One.\n\nTwo. Three.", ["One.\n\nTwo.", "Three."]),
        ("no sentence here at all", ["no sentence", "here at all"]),
        ("abcdefghijklmnopqrst", ["abcdefghijklm", "nopqrst"]),
        ("", []),
    ],
)
def test_cuts_where_a_reader_would_pause(text: str, pieces: list[str]) -> None:
    assert split(text, 13) == pieces


@given(st.text(min_size=1, max_size=80), st.integers(3, 30))
def test_short_title_fits(title: str, limit: int) -> None:
    length = capability("instagram").length
    assert length(shorten(title, max(limit, 8), length)) <= max(limit, 8)


def test_title_is_cut_between_words() -> None:
    assert shorten("1. Lind High-Back Desk Chair", 20) == "1. Lind High-Back…"
