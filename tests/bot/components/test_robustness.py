"""Checklist of capabilities, and texts that nobody should type."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.components.clauses import clauses
from bot.components.numerals import number
from bot.components.spelling import Spelling
from bot.components.stem import stem
from tests.bot.components.conftest import Understand

WISH = "I need a desk chair in leather under 200 euros by friday"
EXPECTED = {"category", "material", "money", "date"}
PIECES = [
    "not ",
    "the second ",
    "leather ",
    "under 50€ ",
    "every 6 weeks ",
    "by friday ",
    "keep waking up ",
    "\0",
    "\u202e",
    "👍🏽",
    "हाँ ",
    "\ud7ff",
    "İ",
    "ß",
    "1,000.",
    "#",
    "x",
    "½",
    "\n",
    "…",
    "’",
    "5'11\"",
    "between 2 and ",
]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WISH, id="plain"),
        pytest.param(WISH.lower(), id="lower case"),
        pytest.param(WISH.upper(), id="upper case"),
        pytest.param(WISH.replace(" ", "  ") + " !!!", id="spaces"),
        pytest.param(f"Hi there! {WISH}, please. Thank you so much.", id="politeness"),
        pytest.param(
            "i ned a desk chiar in lether undr 200 euros by fryday", id="typos"
        ),
        pytest.param("leather desk chair, <200 euros, friday latest", id="short"),
        pytest.param(f"My aunt came. {'She stayed long. ' * 40}{WISH}", id="length"),
        pytest.param(
            "can it be leather, that desk chair? max 200 eur till fri", id="question"
        ),
        pytest.param(
            "mujhe desk chair chahiye leather, 200 euro tak, by friday", id="mixed"
        ),
        pytest.param("desk\nchair\nleather\n200€ max\nby friday", id="lines"),
    ],
)
def test_understand_a_wish_however_it_is_typed(
    understand: Understand, text: str
) -> None:
    assert {e["entity"] for e in understand(text)} >= EXPECTED


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_never_raise_and_keep_spans_within_the_text(
    understand: Understand, text: str
) -> None:
    for one in understand(text):
        assert 0 <= one["start"] < one["end"] <= len(text)
        assert 0.0 <= one["confidence_entity"] <= 1.0


@pytest.mark.parametrize(
    "piece", [*PIECES, "a", "(", "leather or ", "not leather, ", "ok ok ", "1 ", "- "]
)
def test_no_pattern_tries_every_way(understand: Understand, piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    began = time.process_time()
    understand(text)
    # It takes 0.2 s; what goes back and forth over such a text takes hours.
    assert time.process_time() - began < 30


@given(st.text())
def test_clauses_are_in_order_and_apart(text: str) -> None:
    found = clauses(text)
    flat = [place for span in found for place in span]
    assert flat == sorted(flat)


@given(st.text())
def test_stem_is_stable_in_case(word: str) -> None:
    assert isinstance(stem(word), str)


@given(st.integers(0, 999_999))
def test_read_any_whole_number(value: int) -> None:
    assert number(f"{value:,}") == value
    assert number(str(value)) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("twenty-two", 22),
        ("one hundred and five", 105),
        ("two thousand", 2000),
        ("three hundred thousand", 300_000),
        ("two and a half", 2.5),
        ("1.5k", 1500),
        ("a dozen", 12),
        ("½", 0.5),
    ],
)
def test_read_a_number_in_words(said: str, value: float) -> None:
    assert number(said) == value


@given(st.sampled_from(["leather", "humidifier", "chair"]), st.data())
def test_spelling_forgives_one_letter(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    wrong = word[:at] + word[at + 1 :]
    near = [found for found, _ in Spelling([word]).near(wrong)]
    assert near == ([word] if len(wrong) >= 4 else [])
