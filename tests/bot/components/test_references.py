from __future__ import annotations

from typing import Any

import pytest

from tests.bot.components.conftest import Understand

ALL, NONE = {"all": True}, {"none": True}


def at(*indices: int) -> list[dict[str, int]]:
    return [{"index": index} for index in indices]


def by(attribute: str, pick: str) -> list[dict[str, str]]:
    return [{"by": attribute, "pick": pick}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the second", at(2)),
        ("second one please", at(2)),
        ("I'll take the 2nd one", at(2)),
        ("the secnd one", at(2)),
        ("2nd", at(2)),
        ("what about the third?", at(3)),
        ("the last one", at(-1)),
        ("the latter", at(-1)),
        ("first two", at(1, 2)),
        ("the first and the third", at(1, 3)),
        ("option 2", at(2)),
        ("number three pls", at(3)),
        ("#2", at(2)),
        ("the second chair", at(2)),
        ("the one on the left", at(1)),
        ("the cheaper one", by("price", "min")),
        ("the cheeper one", by("price", "min")),
        ("the cheapest", by("price", "min")),
        ("the most expensive one", by("price", "max")),
        ("which is the lightest of the three", by("weight", "min")),
        ("the quieter one looks good", by("noise", "min")),
        ("the wider one", by("width", "max")),
        ("the one with the wooden legs", [{"attribute": "wood"}]),
        ("the wooden one", [{"attribute": "wood"}]),
        ("the BLACK one!", [{"attribute": "black"}]),
        ("the one in lether", [{"attribute": "leather"}]),
        ("the one from lind", [{"brand": "lind"}]),
        ("both", [ALL]),
        ("all of them", [ALL]),
        ("all three pls", [ALL]),
        ("none of them", [NONE]),
        ("neither", [NONE]),
        ("i dont like any of them", [NONE]),
    ],
)
def test_find_references_as_people_type_them(
    understand: Understand, text: str, expected: list[Any]
) -> None:
    entities = [e for e in understand(text) if e["entity"] == "reference"]
    assert [e["value"] for e in entities] == expected


@pytest.mark.parametrize(
    "text",
    [
        "something cheaper",
        "in a second",
        "the first time I slept",
        "at last",
        "last week",
        "the second floor",
        "second hand",
        "first, i need a chair",
        "all day",
        "all black",
    ],
)
def test_find_no_reference_in_other_words(understand: Understand, text: str) -> None:
    assert not [e for e in understand(text) if e["entity"] == "reference"]


def test_name_the_other_attributes_that_a_word_may_mean(understand: Understand) -> None:
    found = [e["value"] for e in understand("the larger one")]
    assert found == [{"by": "room", "pick": "max", "or": ["volume"]}]
