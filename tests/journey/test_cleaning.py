import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.cleaning import LONGEST, Empty, TooLong, clean, mask_cards


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4111111111111111", "•••• 1111"),
        ("4111 1111 1111 1111", "•••• 1111"),
        ("4111-1111-1111-1111 12/29 123", "•••• 1111 12/29 123"),
        ("4111 1111 1111 1111 123", "•••• 1111 123"),
        ("amex 378282246310005, thanks", "amex •••• 0005, thanks"),
        ("5555555555554444 and 4111111111111111", "•••• 4444 and •••• 1111"),
        ("4111111111111112", "4111111111111112"),
        ("order 1234567890123456", "order 1234567890123456"),
        ("+44 7700 900123", "+44 7700 900123"),
        ("1042", "1042"),
    ],
)
def test_masks_cards_only(typed: str, kept: str) -> None:
    assert mask_cards(typed) == kept


@given(st.text(max_size=200))
def test_masking_leaves_text_without_digits_alone(text: str) -> None:
    if not any(char.isdigit() for char in text):
        assert mask_cards(text) == text


@given(st.text(alphabet="0123456789 -.x", max_size=80))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask_cards(mask_cards(text)) == mask_cards(text)


@given(st.text(st.characters(), max_size=200))
def test_clean_text_can_be_stored(text: str) -> None:
    try:
        kept = clean(text)
    except Empty:
        return
    assert "\x00" not in kept
    assert kept.encode()


def test_refuses_long_text() -> None:
    assert clean("a" * LONGEST)
    with pytest.raises(TooLong):
        clean("a" * (LONGEST + 1))
