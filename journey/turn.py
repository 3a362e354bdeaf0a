"""One turn: what was heard, what it may use, and the moves that answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from journey.knowledge import Knowledge
    from journey.orders.workdays import Arrivals
    from journey.shop.port import Shop


@dataclass(frozen=True)
class Entity:
    """Something that the engine found in a message, at `text[start:end]`.

    `attribute` is whose value the words name, where they name one: "medium roast".
    """

    kind: str
    value: Any
    start: int = 0
    end: int = 0
    confidence: float = 1.0
    negated: bool = False
    soft: bool = False
    attribute: str | None = None


@dataclass(frozen=True)
class Heard:
    """A customer's message as the engine understood it.

    `entities` follows the contract in docs/understanding.md.
    """

    message_id: str
    conversation_id: str
    customer_id: str
    channel: str
    text: str
    intent: str
    confidence: float
    at: datetime
    owner_version: int = 1
    language: str = "en"
    entities: tuple[Entity, ...] = ()

    def of(self, *kinds: str) -> list[Entity]:
        """Return the entities of these kinds, in the order of the text."""
        found = [entity for entity in self.entities if entity.kind in kinds]
        return sorted(found, key=lambda entity: entity.start)

    def span(self, entity: Entity) -> str:
        """Return the customer's own words for an entity."""
        return self.text[entity.start : entity.end]


@dataclass(frozen=True)
class Move:
    """What the coach does next: a domain response with the values that fill it.

    `attachment` travels to the page as it is (a shortlist, a table); `buttons`
    are `(title, payload)` pairs whose payload the customer never sees.
    """

    response: str
    values: Mapping[str, str] = field(default_factory=dict)
    attachment: Mapping[str, Any] | None = None
    buttons: tuple[tuple[str, str], ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """All that a decision may use; nothing else is reached for."""

    session: Session
    heard: Heard
    knowledge: "Knowledge"
    random: Random
    shop: "Shop"

    @cached_property
    def arrivals(self) -> "Arrivals":
        """On which days parcels arrive that are ordered in this turn."""
        return self.knowledge.policies.delivery.arrivals(self.now)

    @property
    def now(self) -> datetime:
        """The instant at which the message was accepted."""
        return self.heard.at
