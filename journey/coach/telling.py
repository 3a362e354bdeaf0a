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
    """Log it of what is named, else of what they ordered last, of that kind."""
    products = [str(entity.value) for entity in turn.heard.of("product")]
    if products := products or _last(turn):
        log.write(
            turn.session, turn.heard, "told_others", journey=journey, products=products
        )


def _last(turn: Turn) -> list[str]:
    catalogue = turn.knowledge.catalogue
    named = [str(entity.value) for entity in turn.heard.of("category")]
    kinds = {kind for name in named for kind in catalogue.kinds_in(name)}
    for _, ordered in reversed(own_orders(turn.session, turn.heard.customer_id)):
        known = [x for x in ordered if x in catalogue.products]
        mine = [x for x in known if catalogue.products[x].category in kinds]
        if mine or not named:
            return mine or known
    return []
