"""What all entity finders share: the graph's ceremony and the shape of an entity."""

from abc import abstractmethod
from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

Entity = dict[str, Any]
Self = TypeVar("Self", bound="Finder")


class Finder(GraphComponent):
    """Component that adds entities to a message and trains nothing."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = {**self.get_default_config(), **config}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {}

    @classmethod
    def create(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 (Rasa passes it by name)
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> Self:
        """Make the component for Rasa's graph."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what was found to each message's entities."""
        for message in messages:
            add(message, self.find(message), type(self).__name__)
        return messages

    @abstractmethod
    def find(self, message: Message) -> list[Entity]:
        """Return the entities of one message."""


def entity(
    name: str, value: Any, span: tuple[int, int], confidence: float = 1.0, **more: Any
) -> Entity:
    """Make an entity; `span` is (start, end) in characters, end exclusive."""
    return {
        "entity": name,
        "value": value,
        "start": span[0],
        "end": span[1],
        "confidence_entity": round(float(confidence), 4),
        **more,
    }


def add(message: Message, found: list[Entity], extractor: str) -> None:
    """Append entities to the message under the extractor's name, in text order."""
    named = [{**one, "extractor": extractor} for one in found]
    every = (message.get(ENTITIES) or []) + named
    every.sort(key=lambda one: (one["start"], -one["end"]))
    message.set(ENTITIES, every, add_to_output=True)


def entities_of(message: Message, *names: str) -> list[Entity]:
    """Return the message's entities with one of these names; all without names."""
    found: list[Entity] = message.get(ENTITIES) or []
    return [one for one in found if not names or one["entity"] in names]


def covered(span: tuple[int, int], by: list[Entity]) -> bool:
    """Tell whether the span shares a character with one of the entities."""
    return any(one["start"] < span[1] and span[0] < one["end"] for one in by)
