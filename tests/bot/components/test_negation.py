from __future__ import annotations

import pytest

from tests.bot.components.conftest import Understand


def marked(understand: Understand, text: str, mark: str) -> set[str]:
    return {str(e["value"]) for e in understand(text) if e.get(mark)}


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("anything but leather", {"leather"}),
        ("not too heavy", {"weight"}),
        ("no leather please", {"leather"}),
        ("NO LEATHER", {"leather"}),
        ("no lether pls", {"leather"}),
        ("dont like plastic", {"plastic"}),
        ("I do not want plastic at all", {"plastic"}),
        ("black, not leather", {"leather"}),
        ("not leather, black please", {"leather"}),
        ("no leather, black please", {"leather"}),
        ("not leather, wool or plastic", {"leather", "wool", "plastic"}),
        ("I don't want leather or wool", {"leather", "wool"}),
        ("no leather and no wool", {"leather", "wool"}),
        ("neither black nor white", {"black", "white"}),
        ("not black but white", {"black"}),
        ("leather is not for me", {"leather"}),
        ("leather-free", {"leather"}),
        ("leather? no thanks", {"leather"}),
        ("without armrests", {"armrests"}),
        ("I don't want one without armrests", set()),
        ("wood instead of plastic", {"plastic"}),
        ("rather wood than plastic", {"plastic"}),
        ("I can't stand plastic", {"plastic"}),
        ("never leather again", {"leather"}),
        ("sick of plastic", {"plastic"}),
        ("I don't mind leather", set()),
        ("not only black", set()),
        ("no problem, black it is", set()),
        ("i dont have a desk chair", set()),
        ("it doesn't have to be leather", set()),
        ("under 50 but not plastic", {"plastic"}),
    ],
)
def test_negate_what_is_unwanted(
    understand: Understand, text: str, unwanted: set[str]
) -> None:
    assert marked(understand, text, "negated") == unwanted


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("ideally black", {"black"}),
        ("black would be nice", {"black"}),
        ("in black if possible", {"black"}),
        ("I'd prefer wood", {"wood"}),
        ("preferably washable", {"washable"}),
        ("it doesn't have to be leather", {"leather"}),
        ("must be washable, ideally grey", {"grey"}),
        ("must be washable", set()),
        ("black", set()),
    ],
)
def test_soften_what_is_only_wished(
    understand: Understand, text: str, wished: set[str]
) -> None:
    assert marked(understand, text, "soft") == wished


@pytest.mark.parametrize("text", ["not the second one", "not the cheapest"])
def test_negate_a_reference(understand: Understand, text: str) -> None:
    assert any(e.get("negated") for e in understand(text))


@pytest.mark.parametrize("text", ["no more than 50 euros", "not less than 2 litres"])
def test_leave_a_bound_alone(understand: Understand, text: str) -> None:
    assert not any(e.get("negated") for e in understand(text))


def test_keep_a_need_that_speaks_in_negatives(understand: Understand) -> None:
    found = [e for e in understand("I can't stay asleep") if e["entity"] == "need"]
    assert [e["value"] for e in found] == ["sleep"]
    assert "negated" not in found[0]


def test_negate_a_need_that_is_not_the_matter(understand: Understand) -> None:
    found = understand("the sore back is not the problem")
    assert {e["value"] for e in found if e.get("negated")} == {"back", "back.hurts"}
