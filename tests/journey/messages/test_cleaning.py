import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.messages.cleaning import LONGEST, MASK, Empty, TooLong, clean, mask_cards


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4111111111111111", MASK),
        ("4111 1111 1111 1111", MASK),
        ("4111  1111\n1111\u00a01111", MASK),
        ("４１１１ １１１１ １１１１ １１１１", MASK),
        ("4111-1111-1111-1111 12/29 123", MASK),
        ("4111 - 1111 - 1111 - 1111", MASK),
        ("4111/1111/1111/1111 12/29", MASK),
        ("4111, 1111, 1111, 1111", MASK),
        ("4111_1111_1111_1111", MASK),
        ("3782*822463*10005", MASK),
        ("4111,1111,1111,1112", "4111,1111,1111,1112"),
        ("22/12/2025 23:59 - 24/12/2025", "22/12/2025 23:59 - 24/12/2025"),
        ("+49 30 1234567, +49 171 1234567", "+49 30 1234567, +49 171 1234567"),
        ("4111 1111 1111 1111, 12/2029, 123!", f"{MASK}!"),
        ("4111 1111 1111 1111 123", MASK),
        ("amex 378282246310005, thanks", f"amex {MASK}, thanks"),
        ("5555555555554444 and 4111111111111111", f"{MASK} and {MASK}"),
        ("the cvc is 123", f"the cvc is {MASK}"),
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


@given(
    st.sampled_from(["4111111111111111", "378282246310005", "6011111111111117"]),
    st.lists(st.sampled_from(["", " ", "-", ". ", "\u00a0"]), min_size=16),
    st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=20),
)
def test_masks_a_card_however_it_is_spaced(
    number: str, spaces: list[str], around: str
) -> None:
    typed = "".join(digit + space for digit, space in zip(number, spaces, strict=False))
    kept = mask_cards(f"{around} {typed} {around}")
    assert MASK in kept
    assert not any(char in "0123456789" for char in kept)


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
