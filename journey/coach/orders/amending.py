"""Changing an order: what its state allows, said honestly."""

from collections.abc import Mapping
from typing import Any

from journey import log, pending
from journey.coach import back, say
from journey.coach.orders import addressing, changing, ordering, placing
from journey.coach.orders.purchases import Bought, bought, meant, named_numbers, visible
from journey.coach.orders.reshaping import reshape
from journey.coach.orders.spoken import address_in
from journey.orders.address import in_line, missing
from journey.orders.amendments import Readdress, Recount
from journey.orders.orders import Status, is_open, total
from journey.orders.stock import OutOfStock
from journey.store.tables import Order, Pending
from journey.turn import Move, Turn

MOST = 4
CHANGES = ("count", "product", "date")
RECOUNTS = frozenset({"choose_option", "change_order", "order_product"})
"""With a number of pieces these change how many come of what was ordered."""


def change(turn: Turn) -> list[Move]:
    """Change the address or the number of pieces of an order that is still here."""
    waiting = pending.row(turn)
    if waiting.expects in ("confirm_order", "address"):
        moves = ordering.answer(turn, waiting) if waiting.expects != "address" else None
        if moves:
            return moves
    lines, problem = open_lines(turn, "change")
    if problem:
        return _kept(turn) or problem
    given, number = address_in(turn), lines[0].order.number
    if not missing(given):
        return readdress(turn, number, given)
    if addressing.wanted(turn):
        known = addressing.meant(turn)
        if known is not None:
            return readdress(turn, number, known)
        return [addressing.ask_other(turn, order=number)]
    if turn.heard.of("count"):
        return _count(turn, lines)
    return reshape(turn, lines) or _what(turn, lines[0].order)


def _kept(turn: Turn) -> list[Move]:
    """Keep the address of who has moved for the orders to come."""
    if not addressing.tells(turn) or not addressing.hear(turn):
        return []
    address = in_line(address_in(turn))
    return [Move("utter_address_kept", {"address": address}), *back.way_back(turn)]


def open_lines(turn: Turn, what: str) -> tuple[list[Bought], list[Move]]:
    """Return the lines that are meant and can still be changed, or why none can."""
    orders = visible(turn)
    if not orders:
        return [], [Move("utter_no_order_here")]
    numbers = set(named_numbers(turn))
    if numbers and not numbers & {order.number for order in orders}:
        return [], [Move("utter_order_unknown", {"number": str(min(numbers))})]
    lines = bought(turn, orders)
    named = meant(turn, lines)
    still = [line for line in named or lines if is_open(line.order)]
    if still:
        return still, []
    last = (named or lines)[0].order if lines else orders[0]
    return [], [too_late(turn, last, what)]


def too_late(turn: Turn, order: Order, what: str) -> Move:
    """Say that an order cannot be changed or cancelled any more, and why."""
    values = {
        "number": order.called,
        "status": say.says(turn)[f"status_{order.status}"],
    }
    if order.status == Status.CANCELLED:
        return Move("utter_cancelled_already", values)
    days = {"days": str(turn.knowledge.policies.returns.days)}
    return Move(f"utter_too_late_to_{what}", {**values, **days})


def readdress(
    turn: Turn, number: int, address: Mapping[str, str], label: str | None = None
) -> list[Move]:
    """Send an order that is still here to another address."""
    order = next((x for x in visible(turn) if x.number == number), None)
    if order is None or not is_open(order):
        pending.done(turn)
        return [too_late(turn, order, "change")] if order else []
    later = changing.ask(turn, order, Readdress(dict(address)))
    if later:
        return later
    addressing.keep(turn, address, label)
    note(turn, order, "order_changed", what="address")
    if pending.row(turn).expects == "address":
        pending.done(turn)
    values = {"number": order.called, "address": in_line(address)}
    return [Move("utter_address_changed", values), *back.way_back(turn)]


def _count(turn: Turn, lines: list[Bought]) -> list[Move]:
    """Change how many pieces are sent of the one line that is meant."""
    newest = [line for line in lines if line.order is lines[0].order]
    if len(newest) > 1:
        return [_which_line(turn, newest, "change", count=placing.pieces(turn))]
    return recount(turn, newest[0], placing.pieces(turn))


def recount(turn: Turn, line: Bought, count: int) -> list[Move]:
    """Change the number of pieces and say the new total."""
    try:
        later = changing.ask(turn, line.order, Recount(line.item.id, count))
    except OutOfStock as error:
        left = error.left + line.item.quantity
        values = {"name": line.product.name, "left": str(left)}
        return [Move("utter_no_more_left", values)]
    if later:
        return later
    note(turn, line.order, "order_changed", what="quantity", quantity=count)
    values = {
        "number": line.order.called,
        "items": placing.items_in_words(turn, [(line.product, count)]),
        "total": placing.money(turn, total(turn.session, line.order)),
    }
    return [Move("utter_quantity_changed", values, placing.card(turn, line.order))]


def _what(turn: Turn, order: Order) -> list[Move]:
    """Ask what to change, of what can be changed."""
    buttons = (
        say.labelled(turn, "other_address", "change_order", choice="address"),
        say.labelled(turn, "cancel_it", "cancel_order", order=order.number),
    )
    prompt = Move("utter_change_what", {"number": order.called}, buttons=buttons)
    return [pending.interrupt(turn, "change_what", prompt, order=order.number)]


def change_what(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read what shall change about an order."""
    if turn.heard.intent in ("deny", "goodbye"):
        return [Move("utter_all_right"), *back.finished(turn)]
    address = not missing(address_in(turn))
    if address or addressing.wanted(turn) or turn.heard.of(*CHANGES):
        pending.done(turn)
        return change(turn)
    del waiting
    return None


def _which_line(turn: Turn, lines: list[Bought], what: str, **about: Any) -> Move:
    buttons = tuple(
        say.button(line.product.name, f"{what}_order", product=line.product.id)
        for line in lines[:MOST]
    )
    prompt = Move("utter_which_item", buttons=buttons)
    items = [line.item.id for line in lines]
    return pending.interrupt(turn, "which_line", prompt, items=items, **about)


def which_line(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read which line of an order is meant."""
    lines = bought(turn, visible(turn))
    among = [line for line in lines if line.item.id in waiting.about["items"]]
    named = [str(e.value) for e in turn.heard.of("product")]
    found = [line for line in among if line.product.id in named]
    for mark in turn.heard.of("reference"):
        index = int(mark.value.get("index") or 0)
        found += among[index - 1 : index] if index > 0 else among[-1:] if index else []
    if not found:
        return None
    count = int(waiting.about["count"])
    pending.done(turn)
    return recount(turn, found[0], count)


def note(turn: Turn, order: Order, kind: str, **payload: Any) -> None:
    """Log what became of an order."""
    log.write(turn.session, turn.heard, kind, order=order.number, **payload)
