from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.check_data import alike, plain
from bot.components.replies import Replies
from bot.components.reply_utterances import (
    REPLY,
    Question,
    ReplyUtterances,
    read_questions,
)
from tests.bot.components.test_intent_head import graph_parts, load_encoder

DATA = Path(__file__).parents[3] / "data"
HELD_OUT = DATA / "test" / "replies.jsonl"
QUESTIONS = list(read_questions(DATA / "nlu" / "replies"))
OFFER = {
    "to": "offer",
    "borrowed": {"yes": ["affirm"]},
    "others": ["track_order"],
    "replies": {
        "yes": "send two\nwe ran out\n",
        "no": "plenty left\nstill half a bag\nthe cupboard is full\n",
    },
}
INTENTS = {
    "affirm": ["yes", "sure", "do it"],
    "track_order": ["where is it", "when does it come", "has it left", "my parcel"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("replies")
    (made / "offer.yml").write_text(yaml.safe_dump(OFFER))
    return made


def data(folder: Path) -> TrainingData:
    spoken = [
        Message({TEXT: text, INTENT: intent})
        for intent, texts in INTENTS.items()
        for text in texts
    ]
    adding = ReplyUtterances({"replies": str(folder)})
    return adding.process_training_data(TrainingData(spoken))


@pytest.fixture(scope="module")
def heard(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function from a text to the replies that it is heard as."""
    place, training = tmp_path_factory.mktemp("model"), data(folder)
    (place / "store").mkdir()
    encoder = load_encoder(place, training)
    encoder.process_training_data(training)
    config = {**Replies.get_default_config(), "replies": str(folder)}
    parts = graph_parts(place / "store", "replies")
    Replies.create(config, *parts).train(training)
    trained = Replies.load(config, *parts)

    def of(text: str) -> list[str]:
        message = Message({TEXT: text})
        encoder.process([message])
        return [str(found["value"]) for found in trained.find(message)]

    return of


def test_texts_are_read_before_they_are_learnt_from(folder: Path) -> None:
    replies = [m.get(REPLY) for m in data(folder).training_examples if m.get(REPLY)]
    assert replies.count(("offer", "yes")) == 2
    assert replies.count(("offer", "no")) == 3


@pytest.mark.parametrize(
    ("text", "replies"),
    [
        ("Plenty left", ["offer.no"]),
        ("do it", ["offer.yes"]),
        ("where is it", []),
        ("/affirm", []),
    ],
)
def test_message_is_read_as_a_reply(heard: Any, text: str, replies: list[str]) -> None:
    assert heard(text) == replies


def test_untrained_component_is_silent() -> None:
    assert Replies({}).find(Message({TEXT: "yes"})) == []


def test_model_is_trained_again_when_a_reply_changes(tmp_path: Path) -> None:
    config, path = {"replies": str(tmp_path)}, tmp_path / "offer.yml"
    path.write_text(yaml.safe_dump(OFFER))
    before = Replies.fingerprint_addon(config)
    path.write_text(yaml.safe_dump({**OFFER, "others": []}))
    assert Replies.fingerprint_addon(config) != before


def test_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_text("to: offer\n")
    with pytest.raises(ValueError, match=r"broken\.yml"):
        list(read_questions(tmp_path))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.to)
def test_what_is_held_out_is_not_learnt_from(question: Question) -> None:
    held = [json.loads(line) for line in HELD_OUT.read_text("utf-8").splitlines()]
    texts = [plain(row["text"]) for row in held if row["to"] == question.to]
    known = [plain(text) for said in question.replies.values() for text in said]
    leaks = {(texts[at], known[other]) for at, other, _ in alike(texts, known)}
    assert texts
    assert not leaks


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.to)
def test_text_means_one_thing_as_a_reply(question: Question) -> None:
    said = Counter(text for texts in question.replies.values() for text in texts)
    assert not [text for text, count in said.items() if count > 1]
