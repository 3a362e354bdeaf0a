from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.encoder import READING, SentenceEncoder
from bot.components.encoder_files import EncoderMissing
from bot.components.intent_head import SCOPE, IntentHead, refuse
from tests.bot.components.test_intent_model import NAMES, TEXTS
from tests.bot.components.tiny import tiny_encoder

Parse = Callable[[str], dict[str, Any]]
QUICK = {"epochs": 1, "max_steps": 3}


def training() -> TrainingData:
    texts = [text for some in TEXTS.values() for text in some]
    return TrainingData(
        [
            Message({TEXT: text, INTENT: name})
            for text, name in zip(texts, NAMES, strict=True)
        ]
    )


def graph_parts(folder: Path, name: str) -> tuple[LocalModelStorage, Resource, Any]:
    context = ExecutionContext(GraphSchema({}), node_name=name)
    return LocalModelStorage.create(folder), Resource(name), context


def load_encoder(folder: Path, data: TrainingData) -> SentenceEncoder:
    weights = str(tiny_encoder(folder / "tiny"))
    config = {**SentenceEncoder.get_default_config(), "weights": weights, "longest": 48}
    parts = graph_parts(folder / "store", "encoder")
    SentenceEncoder.create(config, *parts).train(data)
    return SentenceEncoder.load(config, *parts)


@pytest.fixture(scope="module")
def parse(tmp_path_factory: pytest.TempPathFactory) -> Parse:
    folder, data = tmp_path_factory.mktemp("engine"), training()
    (folder / "store").mkdir()
    encoder = load_encoder(folder, data)
    config = {**IntentHead.get_default_config(), **QUICK}
    parts = graph_parts(folder / "store", "head")
    IntentHead.create(config, *parts).train(encoder.process_training_data(data))
    head = IntentHead.load(config, *parts)

    def parse(text: str) -> dict[str, Any]:
        (message,) = head.process(encoder.process([Message({TEXT: text})]))
        return message.as_dict(only_output_properties=False)

    return parse


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Hello there", "greet"),
        ("where is my parcell", "track"),
        ("I WANT TO RETURN THIS!!", "return"),
        ("tell me about football", "out_of_scope"),
    ],
)
def test_parse_says_the_intent(parse: Parse, text: str, intent: str) -> None:
    said = parse(text)
    assert said["intent"]["name"] == intent
    assert 0 < said["intent"]["confidence"] <= 1
    assert said["intent_ranking"][0] == said["intent"]
    assert set(said[SCOPE]) == {"score", "threshold", "accepted"}


@pytest.mark.parametrize("text", ["", "   ", "/greet", '/track{"product": "x"}'])
def test_parse_leaves_buttons_and_nothing_alone(parse: Parse, text: str) -> None:
    said = parse(text)
    assert READING not in said
    assert SCOPE not in said


@given(text=st.text(max_size=300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_parse_survives_any_text(parse: Parse, text: str) -> None:
    parse(text)


@pytest.mark.parametrize(
    "text", ["a" * 10_240, "where " * 1700, "\x00\x00", "\ud83d", "‮evil", "👍"]
)
def test_parse_survives_hostile_text(parse: Parse, text: str) -> None:
    parse(text)


def test_parse_remembers_a_repeated_text(parse: Parse) -> None:
    assert parse("is it late")[READING] is parse("is it late")[READING]


def test_encoder_names_missing_weights_before_training(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match=r"lacks config\.json"):
        SentenceEncoder.validate_config({"weights": str(tmp_path)})


def test_head_without_utterances_stays_silent(tmp_path: Path) -> None:
    parts = graph_parts(tmp_path, "head")
    config = {**IntentHead.get_default_config(), **QUICK}
    IntentHead.create(config, *parts).train(TrainingData([]))
    head = IntentHead.load(config, *parts)
    (message,) = head.process([Message({TEXT: "hello"})])
    assert message.get(INTENT) is None


def test_refuse_puts_the_intent_of_no_intent_first() -> None:
    ranking = [
        {"name": "greet", "confidence": 0.3},
        {"name": "out_of_scope", "confidence": 0.2},
    ]
    refuse(ranking, "out_of_scope")
    assert [one["name"] for one in ranking] == ["out_of_scope", "greet"]
    assert ranking[0]["confidence"] == pytest.approx(0.7)
