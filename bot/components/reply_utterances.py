"""What people say to what the coach asks or tells of itself, as training messages.

Stands before the encoder, so that it reads them too. The messages have no intent:
intent classifiers pass them by. A file is about one kind of question (`to`) and has
texts by what they mean there; `borrowed` takes those of whole intents, and those of
`others` mean none of it.

Config:
    replies: folder of the files (default `data/nlu/replies`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.utterances import fingerprint

REPLY = "reply_to"


@dataclass(frozen=True)
class Question:
    """One kind of question, with the texts that answer it, by what they mean."""

    to: str
    replies: Mapping[str, Sequence[str]]
    borrowed: Mapping[str, Sequence[str]]
    others: Sequence[str]


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False
)
class ReplyUtterances(GraphComponent):
    """Adds the replies' texts to the training data."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._folder = Path(config["replies"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"replies": "data/nlu/replies"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 (Rasa passes it by name)
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "ReplyUtterances":
        """Make the component for Rasa's graph."""
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Tell Rasa to train again when a reply changes."""
        known = {**cls.get_default_config(), **config}
        return fingerprint(Path(known["replies"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Append the messages."""
        added = [
            Message(data={TEXT: text, REPLY: (question.to, meaning)})
            for question in read_questions(self._folder)
            for meaning, texts in question.replies.items()
            for text in texts
        ]
        if not added:
            return training_data
        return training_data.merge(TrainingData(training_examples=added))

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave messages alone."""
        return messages


def read_questions(folder: Path) -> Iterator[Question]:
    """Read all files of replies.

    Raises:
        ValueError: a file is not in the format, with its name.
    """
    for path in sorted(folder.glob("*.yml")):
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            said = content["replies"].items()
            yield Question(
                content["to"],
                {str(meaning): _lines(texts) for meaning, texts in said},
                content.get("borrowed") or {},
                content.get("others") or (),
            )
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}: not a file of replies ({error})") from error


def _lines(texts: str) -> list[str]:
    return [line.strip() for line in texts.splitlines() if line.strip()]
