"""What became of a return, and of the money that is due: told when it is asked for."""

from collections.abc import Iterator
from datetime import timedelta

from journey.coach import back, say
from journey.coach.orders import placing
from journey.coach.orders.purchases import Bought, bought, meant, visible
from journey.orders import refunds
from journey.orders.returns import find_return
from journey.store.tables import Order, Refund, Return
from journey.turn import Move, Turn

LEAST = 0.3
MOST = 3


def answer(turn: Turn) -> list[Move] | None:
    """Say how far returns and refunds are; None when nobody asks or there are none."""
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("my_refund", turn.heard.text) < LEAST:
        return None
    orders = visible(turn)
    lines = bought(turn, orders)
    told = list(_returns(turn, meant(turn, lines) or lines))
    told = told or list(_returns(turn, lines))
    told += [x for order in orders for x in _cancelled(turn, order)]
    return [*told[:MOST], *back.way_back(turn)] if told else None


def _returns(turn: Turn, lines: list[Bought]) -> Iterator[Move]:
    for line in lines:
        row = find_return(turn.session, line.item)
        if row is not None:
            refund = refunds.find_refund(turn.session, line.order, f"return:{row.id}")
            yield _return(turn, line, row, refund)


def _return(turn: Turn, line: Bought, row: Return, refund: Refund | None) -> Move:
    if refund is not None:
        return _refund(turn, line.product.name, refund)
    days = turn.knowledge.policies.returns.refund_days
    values = {
        "name": line.product.name,
        "refund": placing.money(turn, row.refund),
        "days": str(days),
    }
    if row.received_at is None:
        return Move("utter_return_awaited", values)
    by = row.received_at + timedelta(days=days)
    values["day"] = say.delivery_day(turn, row.received_at)
    if turn.now > by:
        person = say.labelled(turn, "person", "ask_human")
        return Move("utter_refund_late", values, buttons=(person,))
    return Move("utter_return_received", {**values, "by": say.delivery_day(turn, by)})


def _cancelled(turn: Turn, order: Order) -> Iterator[Move]:
    """Yield the refunds of an order that are for nothing that was sent back."""
    name = turn.knowledge.language(turn.heard.language).says["an_order"]
    for refund in refunds.refunds_of(turn.session, order):
        if not refund.once.startswith("return:"):
            yield _refund(turn, name.format(number=order.called), refund)


def _refund(turn: Turn, name: str, refund: Refund) -> Move:
    values = {"name": name, "refund": placing.money(turn, refund.amount)}
    if refund.paid_at is None:
        return Move("utter_refund_due", values)
    values["day"] = say.delivery_day(turn, refund.paid_at)
    return Move("utter_refund_paid", values)
