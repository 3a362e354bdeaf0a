"""What the needs sound like as training messages, so that the encoder reads them too.

Stands before the encoder. The messages have no intent: intent classifiers pass them by.
They are the utterances of each need, pairs of these (customers speak of two things at
once), and the phrases of the needs' cues.

Config:
    needs: folder of the need files (default `data/needs`).
    utterances: folder of `<need>.yml` (default `data/nlu/needs`).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

NEEDS, QUOTED = "needs", "quoted"
PAIRS, SEED = 300, 7
JOINED_BY = (", and ", ". ", " and ", ", also ")


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False
)
class NeedUtterances(GraphComponent):
    """Adds the needs' utterances to the training data."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._needs = Path(config["needs"])
        self._utterances = Path(config["utterances"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"needs": "data/needs", "utterances": "data/nlu/needs"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 (Rasa passes it by name)
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "NeedUtterances":
        """Make the component for Rasa's graph."""
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Tell Rasa to train again when an utterance changes."""
        known = {**cls.get_default_config(), **config}
        return fingerprint(Path(known["needs"]), Path(known["utterances"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Append the messages."""
        added = need_messages(self._needs, self._utterances)
        if not added:
            return training_data
        return training_data.merge(TrainingData(training_examples=added))

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave messages alone."""
        return messages


def need_messages(needs: Path, utterances: Path) -> list[Message]:
    """Return one message a text, with its needs; those of cues are marked as quoted."""
    spoken = list(read_utterances(utterances))
    both = [*spoken, *_pairs(spoken)]
    found = [Message(data={TEXT: text, NEEDS: names}) for text, names in both]
    for need, _, phrase in read_phrases(needs):
        found.append(Message(data={TEXT: phrase, NEEDS: [need], QUOTED: True}))
    return found


def _pairs(spoken: list[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    if len({tuple(needs) for _, needs in spoken}) < 2:
        return
    draw = Random(SEED)
    for _ in range(min(PAIRS, len(spoken) // 3)):
        (first, one), (second, other) = draw.sample(spoken, 2)
        if one != other:
            text = first.rstrip(" .!?") + draw.choice(JOINED_BY) + second
            yield text, sorted({*one, *other})


def read_phrases(folder: Path) -> list[tuple[str, str, str]]:
    """Read (need, cue, phrase) of all need files.

    Raises:
        ValueError: a file is not in the format, with its name.
    """
    found = []
    for path in sorted(folder.glob("[!_]*.yml")):
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            for cue in content.get("cues") or ():
                found += [(content["need"], cue["cue"], str(p)) for p in cue["phrases"]]
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}: not a need file ({error})") from error
    return found


def read_utterances(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Read (text, needs) of all files.

    Raises:
        ValueError: a file is not in the format, with its name.
    """
    for path in sorted(folder.glob("*.yml")):
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            for one in content["utterances"]:
                plain = isinstance(one, str)
                needs = [content["need"]] if plain else one["needs"]
                yield (one if plain else one["text"]), sorted(needs)
        except (yaml.YAMLError, KeyError, TypeError) as error:
            raise ValueError(f"{path}: not a file of utterances ({error})") from error


def fingerprint(*folders: Path) -> str:
    """Return a hash over the YAML files of folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.glob("*.yml")):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
