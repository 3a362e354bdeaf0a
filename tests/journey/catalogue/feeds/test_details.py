from decimal import Decimal
from typing import Any

import pytest

from journey.catalogue.feeds.details import settle
from journey.catalogue.feeds.item import Detail, Item
from journey.catalogue.feeds.report import Report
from journey.catalogue.schema import Attribute
from tests.journey.catalogue.feeds.files import OWNER


def made(*details: dict[str, Detail], tags: list[str] | None = None) -> list[Item]:
    return [
        Item(n, f"p{n}", "A", Decimal(1), details=one, tags=tags or [])
        for n, one in enumerate(details, 2)
    ]


def typed(name: str, *texts: Detail) -> tuple[Attribute, list[Any], Report]:
    report = Report()
    items = made(*({name: text} for text in texts))
    attributes, found = settle(items, OWNER.attributes, report)
    (key, attribute), *_ = attributes.items()
    return attribute, [one.get(key) for one in found], report


@pytest.mark.parametrize(
    ("name", "texts", "kind", "unit", "values"),
    [
        ("capacity", ["2 l", "500 ml"], "number", "l", [2, 0.5]),
        ("capacity (ml)", ["1500", "500 "], "number", "l", [1.5, 0.5]),
        ("weight", ["3.5 kg", "800 g"], "number", "kg", [3.5, 0.8]),
        ("dose", ["300 mg", "5 g"], "number", "g", [0.3, 5]),
        ("blade", ["5 mm", "8mm"], "number", "mm", [5, 8]),
        ("vegan", ["yes", "No"], "boolean", None, [True, False]),
        ("deposit", ["€ 5.00", "2.50 EUR"], "money", "EUR", [5, 2.5]),
        ("fuel", ["gas", "wood"], "choice", None, ["gas", "wood"]),
        ("color", ["Navy Blue", "grey"], "colour", None, ["blue", "grey"]),
        ("material", ["Wool", ("wool", "Cotton")], "choice", None, None),
        ("size", ["M", "42"], "size", None, ["m", "42"]),
        ("story", ["x" * 50, "y" * 60], "text", None, ["x" * 50, "y" * 60]),
    ],
)
def test_settle_types_a_column_by_its_values(
    name: str, texts: list[Detail], kind: str, unit: str | None, values: list[Any]
) -> None:
    attribute, found, report = typed(name, *texts)
    assert (attribute.type, attribute.unit) == (kind, unit)
    assert report.faults == []
    assert values is None or found == values


def test_settle_keeps_several_values_of_a_choice() -> None:
    _, found, _ = typed("material", "wool", ("Leather", "cotton", "leather"))
    assert found == ["wool", ["leather", "cotton"]]


def test_settle_takes_unit_and_words_of_the_owner() -> None:
    attribute, found, _ = typed("Noise", "38 dB", "41")
    assert (attribute.more, attribute.better) == ("louder", "less")
    assert found == [38, 41]


def test_settle_reports_a_value_that_does_not_fit_its_column() -> None:
    texts = ["1 l", "2 l", "3 l", "4 l", "big"]
    _, found, report = typed("volume of the tank", *texts)
    assert found[-1] is None
    assert str(report.faults[0]) == (
        "line 6: volume of the tank: is no number in l ('big')"
    )
    assert report.lost == 0


def test_settle_takes_tags_that_the_owner_knows() -> None:
    items = made({}, tags=["Vegan", "summer"])
    attributes, found = settle(items, OWNER.attributes, Report())
    assert found == [{"vegan": True}]
    assert attributes["vegan"].type == "boolean"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("fit", "regular", ("regular fit",)),
        ("size", "M", ("medium size", "size M")),
        ("size", "42", ("size 42",)),
        ("condition", "new", ("new condition",)),
        ("fuel", "gas", ("gas",)),
    ],
)
def test_settle_gives_values_words_that_can_be_heard(
    name: str, text: str, said: tuple[str, ...]
) -> None:
    attribute, found, _ = typed(name, text)
    assert attribute.values[found[0]] == said
