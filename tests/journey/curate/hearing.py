"""Messages with entities where their words stand."""

from typing import Any

from journey.turn import Entity, Heard
from tests.factories import NOW

Found = tuple[str, Any, str]


def entity(text: str, found: Found, **marks: Any) -> Entity:
    kind, value, words = found
    start = text.index(words)
    return Entity(kind, value, start, start + len(words), **marks)


def heard(text: str, *found: Found | Entity, intent: str = "give_preference") -> Heard:
    entities = [x if isinstance(x, Entity) else entity(text, x) for x in found]
    return Heard(
        message_id="m",
        conversation_id="c",
        customer_id="customer",
        channel="web",
        text=text,
        intent=intent,
        confidence=0.9,
        at=NOW,
        entities=tuple(entities),
    )


def money(amount: float, op: str = "<=", **more: float) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR", "op": op, **more}
