from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.finder import entity
from bot.components.needs import NeedsHeard
from bot.components.utterances import NeedUtterances
from tests.bot.components.conftest import Understand

CONTEXT = ExecutionContext(GraphSchema({}), "needs")


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("I keep waking up", {"sleep"}),
        ("keep wakng up all nite", {"sleep"}),
        ("I KEEP ON WAKING UP", {"sleep"}),
        ("im awake every night at 3", {"sleep"}),
        ("awake at 3 again", {"sleep"}),
        ("cant stay asleep", {"sleep"}),
        ("my back hurts", {"back"}),
        ("my back is hurting", {"back"}),
        ("the chair is really killing me", {"back"}),
        ("I keep waking up and my back hurts", {"sleep", "back"}),
        ("I don't wake up, my back doesn't hurt", set()),
        ("my coffe tastes so bitter", {"coffee"}),
        ("where is my order", set()),
        ("I want the Sore Back Cushion", set()),
        ("my back hurts, I want the Sore Back Cushion", {"back"}),
    ],
)
def test_hear_needs_by_their_cues(
    understand: Understand, text: str, needs: set[str]
) -> None:
    assert {e["value"] for e in understand(text) if e["entity"] == "need"} == needs


def test_quote_the_words_that_spoke(understand: Understand) -> None:
    text = "Well, I keep waking up. Help"
    need = next(e for e in understand(text) if e["entity"] == "need")
    assert text[need["start"] : need["end"]] == "keep waking up"
    cue = next(e for e in understand(text) if e["entity"] == "cue")
    assert cue["value"] == "sleep.wakes"


def test_hear_a_new_need_at_once(tmp_path: Path) -> None:
    heard = NeedsHeard({"needs": str(tmp_path)})
    message = Message(data={"text": "my plants keep dying"})
    assert heard.find(message) == []
    cue = {"cue": "dying", "phrases": ["plants keep dying"]}
    path = tmp_path / "plants.yml"
    path.write_text(yaml.safe_dump({"need": "plants", "cues": [cue]}))
    heard._look_at = 0.0
    assert {e["value"] for e in heard.find(message)} == {"plants", "plants.dying"}


def test_fingerprint_changes_with_the_files(tmp_path: Path) -> None:
    config = {"needs": str(tmp_path), "utterances": str(tmp_path)}
    before = NeedsHeard.fingerprint_addon(config)
    assert before == NeedsHeard.fingerprint_addon(config)
    (tmp_path / "a.yml").write_text("need: a")
    assert before != NeedsHeard.fingerprint_addon(config)


def test_reject_a_file_that_is_no_need(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("- 1")
    with pytest.raises(ValueError, match=r"a\.yml"):
        NeedsHeard({"needs": str(tmp_path)}).find(Message(data={"text": "x"}))


WORDS = {"sleep": "night bed awake dark dream", "back": "spine desk sit chair ache"}


@pytest.fixture(scope="module")
def trained(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> NeedsHeard:
    """Return the component trained on made-up texts, loaded from where it was kept."""
    folder = tmp_path_factory.mktemp("utterances")
    for need, words in WORDS.items():
        said = [f"{a} and {b}" for a in words.split() for b in words.split()]
        text = yaml.safe_dump({"need": need, "utterances": said})
        (folder / f"{need}.yml").write_text(text)
    places = {"needs": str(shop / "needs"), "utterances": str(folder)}
    others = ["where is my parcel", "hello there", "cancel it", "thanks a lot"] * 10
    data = TrainingData([Message.build(text, "greet") for text in others])
    config = {**NeedUtterances.get_default_config(), **places}
    data = NeedUtterances(config).process_training_data(data)
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("storage"))
    resource = Resource("needs")
    config = {**NeedsHeard.get_default_config(), **places}
    NeedsHeard.create(config, storage, resource, CONTEXT).train(data)
    return NeedsHeard.load(config, storage, resource, CONTEXT)


@pytest.mark.parametrize(
    ("text", "need"), [("a dream in bed", "sleep"), ("my spine and my desk", "back")]
)
def test_hear_a_need_by_its_words(trained: NeedsHeard, text: str, need: str) -> None:
    (found,) = trained.find(Message(data={"text": text}))
    assert found["value"] == need
    assert 0.3 < found["confidence_entity"] <= 1.0


def test_hear_none_in_other_messages(trained: NeedsHeard) -> None:
    assert trained.find(Message(data={"text": "where is my parcel"})) == []


def test_hear_no_need_in_a_mere_rhythm(trained: NeedsHeard) -> None:
    message = Message(data={"text": "every night"})
    (found,) = trained.find(message)
    assert found["value"] == "sleep"
    message.set("entities", [entity("duration", {"days": 1}, (0, 11))])
    assert trained.find(message) == []


def test_hear_without_vectors_what_was_trained_without(trained: NeedsHeard) -> None:
    message = Message(data={"text": "awake in bed"})
    vector = np.ones((1, 4))
    message.add_features(Features(vector, "sentence", "text", "encoder"))
    assert trained.find(message)[0]["value"] == "sleep"
