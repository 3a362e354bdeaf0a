from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.acts import Acts
from bot.components.clauses import clauses

CONTEXT = ExecutionContext(GraphSchema({}), "acts")
SHORT = {
    "thanks": "thank", "thank you": "thank", "hi": "greet", "hello there": "greet",
    "yes": "affirm",
    "i do": "affirm", "ok": "affirm", "no": "deny", "bye": "goodbye", "great": "thank",
}  # fmt: skip


@pytest.fixture(scope="module")
def acts(tmp_path_factory: pytest.TempPathFactory) -> Acts:
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("storage"))
    examples = [Message.build(text, intent) for text, intent in SHORT.items()]
    examples.append(Message.build("great", "affirm"))
    config = Acts.get_default_config()
    made = Acts.create(config, storage, Resource("acts"), CONTEXT)
    made.train(TrainingData(examples))
    return Acts.load(config, storage, Resource("acts"), CONTEXT)


def heard(acts: Acts, text: str, intent: str, **more: Any) -> dict[str, str]:
    message = Message(data={"text": text, "intent": {"name": intent}, **more})
    return {e["value"]: text[e["start"] : e["end"]] for e in acts.find(message)}


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("thanks, but where is my order?", "track_order", {"thank": "thanks"}),
        ("Thank you! Where is it?", "track_order", {"thank": "Thank you"}),
        ("hi can you help me", "ask_recommendation", {"greet": "hi"}),
        ("Hello there, i need a chair", "ask_recommendation", {"greet": "Hello there"}),
        ("yes but cheaper please", "give_preference", {"affirm": "yes"}),
        ("i'll take it thanks", "choose_option", {"thank": "thanks"}),
        ("no, show me others", "refuse_option", {"deny": "no"}),
        ("no leather please", "give_preference", {}),
        ("where is my order", "track_order", {}),
        ("thanks", "thank", {}),
        ("I do not want it here", "refuse_option", {}),
        ("great, where is it", "track_order", {}),
    ],
)
def test_find_the_second_act(
    acts: Acts, text: str, intent: str, expected: dict[str, str]
) -> None:
    assert heard(acts, text, intent) == expected


@dataclass(frozen=True)
class Decided:
    best: tuple[int, float]

    def ranked(self) -> list[tuple[int, float]]:
        return [self.best]


def head(**chances: float) -> Any:
    """Return a model that gives each clause the intent of the same place."""
    best = list(enumerate(chances.values()))
    return SimpleNamespace(
        intents=list(chances),
        decide=lambda said: [Decided(b) for b in best[: len(said)]],
    )


def test_decide_other_clauses_by_the_head() -> None:
    acts = Acts(Acts.get_default_config(), {("hi",): "greet"})
    encoder = SimpleNamespace(encode=lambda texts: [None] * len(texts))
    more = {
        "reading": SimpleNamespace(encoder=encoder),
        "intent_model": head(track_order=0.9, ask_human=0.8),
    }
    text = "where is my order, and let me talk to a human"
    assert heard(acts, text, "track_order", **more) == {
        "ask_human": "let me talk to a human"
    }


def test_leave_out_what_the_head_is_unsure_of() -> None:
    acts = Acts(Acts.get_default_config(), {("hi",): "greet"})
    encoder = SimpleNamespace(encode=lambda texts: [None] * len(texts))
    more = {
        "reading": SimpleNamespace(encoder=encoder),
        "intent_model": head(track_order=0.9, ask_human=0.4),
    }
    assert (
        heard(acts, "where is my order, and let me see it", "track_order", **more) == {}
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a chair", ["a chair"]),
        ("thanks, but where is it?", ["thanks", "where is it"]),
        ("black and white", ["black and white"]),
        ("cancel it and call me", ["cancel it", "call me"]),
        ("yes. no! maybe", ["yes", "no", "maybe"]),
        ("1.5 kg", ["1.5 kg"]),
        ("", []),
        ("👍 great\nthanks", ["great", "thanks"]),
    ],
)
def test_split_into_clauses(text: str, parts: list[str]) -> None:
    assert [text[slice(*span)] for span in clauses(text)] == parts
