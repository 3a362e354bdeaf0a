"""Cancelling an order or a part of it: confirmed once, and only until it leaves."""

from journey import pending
from journey.coach import back, say
from journey.coach.orders import amending, changing, ordering, placing
from journey.coach.orders.amending import MOST
from journey.coach.orders.purchases import (
    Bought,
    bought,
    meant,
    named,
    named_numbers,
    visible,
)
from journey.orders.amendments import Cancel, CancelItems
from journey.orders.orders import Status, is_open, total
from journey.store.tables import Order, OrderItem, Pending
from journey.turn import Move, Turn

LEAST = 0.2
"""The share of a message that "don't cancel it" must make up."""


def cancel(turn: Turn) -> list[Move]:
    """Cancel an order or one of its lines after one confirmation."""
    if _keeps(turn):
        return [Move("utter_order_kept"), *back.way_back(turn)]
    waiting = pending.row(turn)
    if waiting.expects in ("confirm_order", "address", "which_product"):
        if not named_numbers(turn) and not _names_ordered(turn, waiting):
            return ordering.forget_order(turn, waiting)
    lines, problem = amending.open_lines(turn, "cancel")
    if problem:
        return problem
    orders = list(dict.fromkeys(line.order for line in lines))
    if len(orders) > 1 and not meant(turn, lines):
        return [_which_order(turn, orders)]
    chosen = [line for line in lines if line.order is orders[0]]
    fewer = placing.some(turn)
    if len(chosen) == 1 and 0 < fewer < chosen[0].item.quantity:
        left = chosen[0].item.quantity - fewer
        return amending.recount(turn, chosen[0], left)
    return [_confirm_cancel(turn, chosen)]


def _names_ordered(turn: Turn, waiting: Pending) -> bool:
    """Tell whether something is named that was ordered and is not asked about."""
    asked = str(waiting.about)
    return any(line.product.id not in asked for line in named(turn))


def _keeps(turn: Turn) -> bool:
    """Tell whether "don't cancel it" was heard as a cancellation."""
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("no_cancelling", turn.heard.text) >= LEAST


def whole(turn: Turn, order: Order) -> list[Move]:
    """Cancel all of one order after one confirmation; say when it is too late."""
    if not is_open(order):
        return [amending.too_late(turn, order, "cancel")]
    return [_confirm_cancel(turn, bought(turn, [order]))]


def _which_order(turn: Turn, orders: list[Order]) -> Move:
    says = say.says(turn)
    buttons = tuple(
        say.button(
            says["button_order_of"].format(
                number=order.called,
                day=say.day(turn, order.placed_at),
            ),
            "cancel_order",
            order=order.number,
        )
        for order in orders[:MOST]
    )
    return pending.interrupt(
        turn, "which_order", Move("utter_which_order", buttons=buttons)
    )


def _confirm_cancel(turn: Turn, lines: list[Bought]) -> Move:
    order = lines[0].order
    whole = bought(turn, [order])
    part = len(lines) < len(whole)
    items = [(line.product, line.item.quantity) for line in lines]
    values = {
        "number": order.called,
        "items": placing.items_in_words(turn, items),
    }
    buttons = (
        say.labelled(turn, "cancel_it", "affirm"),
        say.labelled(turn, "keep_order", "deny"),
    )
    name = "utter_confirm_cancel_item" if part else "utter_confirm_cancel"
    ids = [line.item.id for line in lines] if part else []
    prompt = Move(name, values, buttons=buttons)
    return pending.interrupt(
        turn, "confirm_cancel", prompt, order=order.number, items=ids
    )


def confirm_cancel(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Cancel after a yes."""
    if turn.heard.intent in ("deny", "refuse_option"):
        return [Move("utter_order_kept"), *back.finished(turn)]
    if turn.heard.intent not in ("affirm", "cancel_order"):
        return None
    about = dict(waiting.about)
    order = next((x for x in visible(turn) if x.number == about["order"]), None)
    pending.done(turn)
    if order is None or not is_open(order):
        return [amending.too_late(turn, order, "cancel")] if order else None
    items = [turn.session.get_one(OrderItem, x) for x in about["items"]]
    cancelled = CancelItems(tuple(about["items"])) if items else Cancel()
    later = changing.ask(turn, order, cancelled)
    if later:
        return [*later, *back.way_back(turn)]
    return [_cancelled(turn, order, items), *back.way_back(turn)]


def _cancelled(turn: Turn, order: Order, items: list[OrderItem]) -> Move:
    values = {"number": order.called}
    amending.note(
        turn,
        order,
        "order_cancelled",
        items=[{"product": item.product_id} for item in items],
    )
    if order.status != Status.CANCELLED:
        left = placing.money(turn, total(turn.session, order))
        return Move("utter_item_cancelled", {**values, "total": left})
    return Move("utter_order_cancelled", values)
