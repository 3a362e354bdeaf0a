import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.knowledge import Knowledge
from journey.language.words import alike, coverage, split


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("never mind", "ah never mind", True),
        ("neighbours", "its the nieghbours", True),
        ("the heat", "not the heat", False),
        ("heat", "not the heat", False),
        ("not better", "it is not better", True),
        ("no", "no", True),
        ("no", "I know", False),
        ("too hot", "hot too", False),
        ("my husband snores", "my dear husband snores", True),
        ("delivery costs", "delivery cost", True),
    ],
)
def test_phrase_is_found_in_its_order(phrase: str, text: str, found: bool) -> None:
    assert (coverage(phrase, text) > 0) is found


@given(st.text(max_size=80), st.text(max_size=80))
def test_coverage_is_a_share_whatever_is_written(phrase: str, text: str) -> None:
    assert 0 <= coverage(phrase, text) <= 1


@given(st.text(max_size=40))
def test_every_word_is_like_itself(word: str) -> None:
    assert alike(word, word)


def test_short_words_must_be_equal() -> None:
    assert not alike("heat", "seat")


def test_typographic_apostrophe_is_one_like_any_other() -> None:
    assert split("don’t") == split("don't")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("no, I meant my husband's back", "husband"),
        ("something for my mum", "mum"),
        ("my back hurts", None),
        ("my boyfriend snores", None),
    ],
)
def test_person_is_heard_when_it_is_for_them(
    knowledge: Knowledge, text: str, who: str | None
) -> None:
    assert knowledge.languages["en"].person(text) == who


def test_things_are_said_one_after_another(knowledge: Knowledge) -> None:
    assert knowledge.languages["en"].join(["a", "b", "c"]) == "a, b and c"
    assert knowledge.languages["en"].join([]) == ""
