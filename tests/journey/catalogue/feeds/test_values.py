from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.catalogue.feeds.values import (
    Money,
    NotThat,
    plain_text,
    product_id,
    read_amount,
    read_boolean,
    read_money,
    shorten,
)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("15.00 USD", "15.00", "USD"),
        ("USD 15", "15.00", "USD"),
        ("15,00 EUR", "15.00", "EUR"),
        ("€ 1.299,00", "1299.00", "EUR"),
        ("1,299.50", "1299.50", None),
        ("1,23,456.00 INR", "123456.00", "INR"),
        ("12 990 Ft", "12990.00", "HUF"),
        ("1,299", "1299.00", None),
        ("19.9900", "19.99", None),
        ("0.50", "0.50", None),
        ("49,- €", "49.00", "EUR"),
        ("1.299,-- EUR", "1299.00", "EUR"),
    ],
)
def test_read_money(text: str, amount: str, currency: str | None) -> None:
    assert read_money(text) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is no amount"),
        ("on request", "is no amount"),
        ("1.234 EUR", "one or a thousand"),
        ("-5", "below 0"),
        ("5.005", "one or a thousand"),
        ("0.505", "parts of a cent"),
        ("5 apples", "'apples' is no currency"),
        ("1.2.3", "is no number"),
    ],
)
def test_read_money_refuses_what_is_not_exact(text: str, reason: str) -> None:
    with pytest.raises(NotThat, match=reason):
        read_money(text)


@given(st.decimals(0, 10**7, places=2, allow_nan=False, allow_infinity=False))
def test_read_money_takes_what_a_feed_writes(amount: Decimal) -> None:
    assert read_money(f"{amount:.2f} EUR").amount == amount
    assert read_money(f"{amount:,.2f} EUR").amount == amount


@pytest.mark.parametrize(
    ("text", "amount", "base"),
    [
        ("2.5 l", 2.5, "l"),
        ("500ml", 0.5, "l"),
        ("3,5 kg", 3.5, "kg"),
        ("1.234 kg", 1.234, "kg"),
        ("12 oz", 0.340194, "kg"),
        ('20"', 50.8, "cm"),
        ("1,200 W", 1200, "W"),
    ],
)
def test_read_amount_in_the_units_that_the_engine_hears(
    text: str, amount: float, base: str
) -> None:
    assert read_amount(text) == (pytest.approx(amount), base)


@pytest.mark.parametrize("text", ["10 x 20 cm", "2 in 1", "big", "5", "5 furlongs"])
def test_read_amount_refuses_other_things(text: str) -> None:
    with pytest.raises(NotThat):
        read_amount(text)


def test_read_boolean_takes_no_numbers() -> None:
    assert read_boolean("Yes") is True
    with pytest.raises(NotThat):
        read_boolean("1")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Light &amp; <b>sturd</b>y.</p><p>Warm.</p>", "Light & sturdy. Warm."),
        ("<script>alert(1)</script>Quiet", "Quiet"),
        ("<style>p{color:red}", ""),
        ("noise < 40 dB and > 20 dB", "noise < 40 dB and > 20 dB"),
        ("Caf&eacute;\u0000\n au lait", "Café au lait"),
        ("a<!-- <b>secret</b> -->b", "a b"),
    ],
)
def test_plain_text_keeps_what_is_read(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text(min_size=1))
def test_plain_text_is_one_printable_line(text: str) -> None:
    plain = plain_text(text)
    assert plain == " ".join(plain.split())
    assert "<script" not in plain.lower() or "&lt;" in text.lower()


@given(st.text(min_size=1, max_size=200))
def test_product_id_can_always_be_kept(raw: str) -> None:
    found = product_id(raw)
    assert found == product_id(raw)
    assert 0 < len(found) <= 100
    assert all(x.isascii() and (x.isalnum() or x == "-") for x in found)


def test_product_id_keeps_apart_what_differs_in_lost_letters() -> None:
    assert product_id("SKU-1") == "sku-1"
    assert product_id("SKU_1") != product_id("SKU.1") != product_id("SKU-1")


def test_shorten_ends_with_a_sentence_where_it_can() -> None:
    assert shorten("One sentence. " * 10, 70) == " ".join(["One sentence."] * 4)
