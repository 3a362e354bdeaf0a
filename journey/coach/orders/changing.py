"""Having an order changed: at once, later in the shop's system, or by a person."""

from journey import log
from journey.orders.amendments import Change
from journey.owner import handoff
from journey.shop.port import NotPossible
from journey.store.tables import Order
from journey.turn import Move, Turn

PERSON = "shop"


def ask(turn: Turn, order: Order, change: Change) -> list[Move] | None:
    """Ask the shop for a change; return what is said when it is not done at once.

    Raises:
        WrongMove, OutOfStock, TooSoon: as `Shop.change`.
    """
    try:
        turn.shop.change(turn.session, order, change, turn.now)
    except NotPossible:
        told = Move("utter_not_possible_here", {"number": order.called})
        return [told, *handoff.ask(turn, PERSON)]
    if turn.shop.at_once:
        return None
    what = type(change).__name__
    log.write(
        turn.session, turn.heard, "order_change_asked", order=order.number, what=what
    )
    return [Move("utter_passed_on", {"number": order.called})]
