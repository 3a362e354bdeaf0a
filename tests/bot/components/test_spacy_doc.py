from __future__ import annotations

import time

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.spacy_doc import DOC, SpacyDoc, doc_of, pipeline
from bot.components.spelling import Spelling, lexicon
from bot.components.stem import positive, stem


@pytest.mark.parametrize(
    "group",
    [
        "wake wakes waking woke woken",
        "chair chairs Chairs CHAIR",
        "battery batteries",
        "cancel cancelling cancelled canceling",
        "run running runs ran",
        "wood wooden",
        "café cafe",
        "grey gray",
    ],
)
def test_stem_words_of_one_kind_alike(group: str) -> None:
    assert len({stem(word) for word in group.split()}) == 1


@pytest.mark.parametrize("pair", ["thing th", "feed fe", "glass glas", "bus bu"])
def test_leave_what_is_no_ending(pair: str) -> None:
    word, wrong = pair.split()
    assert stem(word) != wrong


def test_find_the_word_that_was_compared() -> None:
    assert stem("heavy") in positive("heavier")
    assert stem("big") in positive("biggest")
    assert positive("chair") == ()


def test_share_one_doc_per_message_and_text() -> None:
    component = SpacyDoc({**SpacyDoc.get_default_config(), "remembered": 1})
    first, second = Message(data={"text": "a chair"}), Message(data={"text": "a chair"})
    component.process([first, second])
    assert first.get(DOC) is second.get(DOC) is doc_of(first)


def test_make_the_doc_when_it_is_missing() -> None:
    message = Message(data={"text": "I can't sleep"})
    assert [t.lemma_ for t in doc_of(message)] == ["i", "can", "not", "sleep"]


@pytest.mark.parametrize("text", ["(" * 10_000, "🙂" * 5_000, "a" * 10_000])
def test_split_endless_words(text: str) -> None:
    began = time.process_time()
    doc = pipeline()(text)
    assert doc.text == text
    # It takes 0.1 s; what goes back and forth over such a text takes hours.
    assert time.process_time() - began < 30


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("lether", "leather"),
        ("laether", "leather"),
        ("eather", "leather"),
        ("humidifer", "humidifier"),
        ("humdifer", "humidifier"),
        ("chiar", "chair"),
    ],
)
def test_find_the_word_that_was_meant(wrong: str, right: str) -> None:
    near = Spelling(["leather", "humidifier", "chair", "pillow"]).near(wrong)
    assert [word for word, _ in near] == [right]


@pytest.mark.parametrize("word", ["lea", "le", "12345", "weather", "xxxxxxx", ""])
def test_find_nothing_for_other_words(word: str) -> None:
    assert Spelling(["leather"]).near(word) == []


def test_know_common_english_words() -> None:
    assert {"chair", "the", "weather"} <= lexicon()
