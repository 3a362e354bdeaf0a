from __future__ import annotations

from typing import Any

import pytest

from tests.bot.components.conftest import Understand


def money(amount: float, op: str = "==", currency: str = "EUR", **more: float) -> Any:
    return "money", {"amount": amount, "currency": currency, "op": op, **more}


def quantity(amount: float, unit: str, base: float, to: str, op: str = "==") -> Any:
    value = {"amount": amount, "unit": unit, "base_amount": base, "base_unit": to}
    return "quantity", {**value, "op": op}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("under 40€", money(40, "<=")),
        ("under 80", money(80, "<=")),
        ("no more than £200", money(200, "<=", "GBP")),
        ("max 50 quid", money(50, "<=", "GBP")),
        ("80 tops", money(80, "<=")),
        ("40 euros or less", money(40, "<=")),
        ("my budget is 150", money(150, "<=")),
        ("I don't want to pay more than 50", money(50, "<=")),
        ("dont wanna spend more then 50 euro", money(50, "<=")),
        ("under about 50 euros", money(50, "<=")),
        ("below thirty", money(30, "<=")),
        ("twenty five euros", money(25)),
        ("fourty euro", money(40)),
        ("a hundred bucks", money(100, "==", "USD")),
        ("a couple of hundred euros", money(200)),
        ("around 100 euro", money(100, "~")),
        ("30 quid give or take", money(30, "~", "GBP")),
        ("60ish euros", money(60, "~")),
        ("1,200.50 eur", money(1200.5)),
        ("1.200,50 €", money(1200.5)),
        ("1k budget", money(1000, "<=")),
        ("50 cents", money(0.5)),
        ("₹2000", money(2000, "==", "INR")),
        ("rs 500", money(500, "==", "INR")),
        ("between 40 and 60 euros", money(40, "between", upto=60.0)),
        ("40-60€", money(40, "between", upto=60.0)),
        ("€40 to 60", money(40, "between", upto=60.0)),
        ("80cm wide at most", quantity(80, "cm", 80, "cm", "<=")),
        ("not over 15 kg", quantity(15, "kg", 15, "kg", "<=")),
        ("at least 2 litres", quantity(2, "l", 2, "l", ">=")),
        ("2l", quantity(2, "l", 2, "l")),
        ("two-litre", quantity(2, "l", 2, "l")),
        ("half a litre", quantity(0.5, "l", 0.5, "l")),
        ("2 and a half litres", quantity(2.5, "l", 2.5, "l")),
        ("500ml", quantity(500, "ml", 0.5, "l")),
        ("1.80m tall", quantity(1.8, "m", 180, "cm")),
        ("i am 1m80", quantity(1.8, "m", 180, "cm")),
        ("im 5'11\"", quantity(5.9167, "ft", 180.341016, "cm")),
        ("quieter than 40 dB", quantity(40, "dB", 40, "dB", "<=")),
        ("no less than 20 hours", quantity(20, "h", 20, "h", ">=")),
        ("for six people", quantity(6, "person", 6, "person")),
        ("about 300 grams", quantity(300, "g", 0.3, "kg", "~")),
        ("3 of them please", ("count", 3)),
        ("two bottles of that kind please", ("count", 2)),
        ("3 boxes of Brygg Paper Filters", ("count", 3)),
        ("order two of the chairs", ("count", 2)),
        ("i want to order 3 pillows", ("count", 3)),
        ("x3", ("count", 3)),
        ("40", ("count", 40)),
        ("a pair", ("count", 2)),
        ("one please", ("count", 1)),
        ("order 2 instead", ("count", 2)),
        ("half a dozen", ("count", 6)),
    ],
)
def test_find_amounts_as_people_type_them(
    understand: Understand, text: str, expected: Any
) -> None:
    kinds = ("money", "quantity", "count")
    entities = [e for e in understand(text) if e["entity"] in kinds]
    assert [(e["entity"], e["value"]) for e in entities] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "order 12345",
        "order no 2",
        "my order 1004",
        "at 8:30",
        "the one",
        "mp3",
        "on the 24th",
        "#4432",
        "in 3 weeks",
    ],
)
def test_find_no_amount_in_other_numbers(understand: Understand, text: str) -> None:
    kinds = ("money", "quantity", "count")
    assert not [e for e in understand(text) if e["entity"] in kinds]


def test_find_each_side_of_a_measure(understand: Understand) -> None:
    sides = [e["value"]["base_amount"] for e in understand("120x60 cm")]
    assert sides == [120.0, 60.0]


def test_find_two_bounds_in_one_message(understand: Understand) -> None:
    found = understand("more than 3 kg but less than 5kg")
    assert [e["value"]["op"] for e in found] == [">=", "<="]
