"""Told others: a customer who recommends something speaks for it."""

from journey import log
from journey.learning.histories import own_orders
from journey.store.tables import Journey
from journey.turn import Turn

HEARD = 0.12
KINDS = ("told_others", "warned_others")


def told_others(turn: Turn) -> bool:
    """Return whether a customer says that they told others, and did not warn them."""
    language = turn.knowledge.language(turn.heard.language)
    told, warned = (language.heard(x, turn.heard.text) for x in KINDS)
    return told >= HEARD and not warned


def note(turn: Turn, journey: Journey | None) -> None:
    """Log it of what is named, else of what they ordered last."""
    products = [str(entity.value) for entity in turn.heard.of("product")]
    for _, ordered in own_orders(turn.session, turn.heard.customer_id)[-1:]:
        products = products or list(ordered)
    if products:
        log.write(
            turn.session, turn.heard, "told_others", journey=journey, products=products
        )
