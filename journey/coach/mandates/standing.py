"""What may be ordered without asking, and when next, for who wants to know."""

from journey.coach import back, say
from journey.coach.mandates import moving, terms
from journey.coach.orders import placing
from journey.mandates import executions, mandates
from journey.mandates.mandates import State
from journey.store.tables import Mandate, Product
from journey.turn import Move, Turn

ASKED = 0.5
"""The share of a message that the question must make up."""


def answer(turn: Turn) -> list[Move] | None:
    """Say each mandate with its next day; None when nobody asks."""
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("asks_mandates", turn.heard.text) < ASKED:
        return None
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    moves = [_tell(turn, mandate) for mandate in living]
    return [*(moves or [Move("utter_no_mandate_stands")]), *back.way_back(turn)]


def _tell(turn: Turn, mandate: Mandate) -> Move:
    product = turn.session.get_one(Product, mandate.product_id)
    agreed = terms.of(mandate)
    values = {
        "items": placing.items_in_words(turn, [(product, mandate.quantity)]),
        "every": terms.rhythm(turn, agreed),
        "limit": terms.limit(turn, agreed),
    }
    if mandate.state == State.PAUSED:
        return Move("utter_mandate_stands_paused", values)
    return Move("utter_mandate_stands", {**values, "day": _next_day(turn, mandate)})


def _next_day(turn: Turn, mandate: Mandate) -> str:
    execution = executions.open_of(turn.session, mandate)
    if execution is not None:
        return say.day(turn, execution.order_at)
    return moving.next_day(turn, mandate)
