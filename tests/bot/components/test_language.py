from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.language import Language


@pytest.fixture(scope="module")
def language() -> Language:
    return Language({})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("मुझे नींद नहीं आती", "hi"),
        ("mujhe ek kursi chahiye", "hi"),
        ("kya aap meri madad kar sakte ho", "hi"),
        ("আমার ঘুম হয় না", "bn"),
        ("amar order kothay", "bn"),
        ("నాకు నిద్ర రావడం లేదు", "te"),
        ("naku oka kurchi kavali", "te"),
        ("Hol van a csomagom?", "hu"),
        ("nem tudok aludni", "hu"),
        ("szia", "hu"),
        ("köszi", "hu"),
        ("ich suche einen stuhl", "other"),
        ("wo ist mein paket", "other"),
        ("¿dónde está mi pedido?", "other"),
        ("нужен стул", "other"),
        ("椅子が欲しい", "other"),
    ],
)
def test_detect_the_language(language: Language, text: str, code: str) -> None:
    (found,) = language.find(Message(data={"text": text}))
    assert found["value"] == code
    assert (found["start"], found["end"]) == (0, len(text))


@pytest.mark.parametrize(
    "text",
    ["hi", "ok", "40", "👍", "chair pls", "whr is my ordr", "nope", "lol", "asdfgh",
     "need smth 4 my bk asap thx", "the lind one", "no", "café au lait please", ""],
)  # fmt: skip
def test_stay_silent_in_english(language: Language, text: str) -> None:
    assert language.find(Message(data={"text": text})) == []


def test_report_english_in_a_conversation_of_another_language(
    language: Language,
) -> None:
    metadata = {"language": "hu"}
    message = Message(data={"text": "where is my order", "metadata": metadata})
    assert language.find(message)[0]["value"] == "en"
