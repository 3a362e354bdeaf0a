"""Where an order is, told from its row."""

from collections.abc import Sequence

from journey import pending
from journey.catalogue.products import find_products
from journey.coach import say
from journey.coach.orders import placing, ways
from journey.coach.orders.ordering import lines_in
from journey.coach.orders.purchases import bought, meant, named_numbers, visible
from journey.orders.deliveries import waits_for_payment
from journey.orders.orders import NOTHING_SENT, OVER, items_of
from journey.orders.stock import Line
from journey.store.tables import Order
from journey.turn import Move, Turn

MOST = 3


def track(turn: Turn) -> list[Move]:
    """Say where the orders are that are meant; else those that are under way."""
    orders = visible(turn)
    numbers = set(named_numbers(turn))
    asked = pending.row(turn).about
    before = [would_come(turn, lines_in(asked))] if "lines" in asked else []
    if not orders:
        return before or [Move("utter_no_order_here")]
    named = [order for order in orders if order.number in numbers]
    if numbers and not named:
        return [Move("utter_order_unknown", {"number": str(min(numbers))})]
    about = {line.order.id for line in meant(turn, bought(turn, orders))}
    found = named or [order for order in orders if order.id in about]
    living = [order for order in orders if order.status not in OVER]
    under_way = found or living or ([] if before else orders[:1])
    return [*before, *(status(turn, order) for order in under_way[:MOST])]


def would_come(turn: Turn, lines: Sequence[Line]) -> Move:
    """Say when that comes which is about to be ordered."""
    pairs = placing.pairs_of(turn, lines)
    delivery = placing.delivery_of(turn, pairs, ways.chosen(turn))
    return Move("utter_would_come", {"day": say.delivery_day(turn, delivery.day)})


def status(turn: Turn, order: Order) -> Move:
    """Say how far one order is; a day that has passed is not talked away."""
    language = turn.knowledge.language(turn.heard.language)
    gone = order.status in NOTHING_SENT
    items = [x for x in items_of(turn.session, order) if gone or not x.cancelled]
    products = find_products(turn.session, [item.product_id for item in items])
    said = [(products[item.product_id], item.quantity) for item in items]
    late = order.status not in OVER and turn.now > order.deliver_by
    values = {
        "number": order.called,
        "items": placing.items_in_words(turn, said),
        "status": language.says[f"status_{order.status}"],
        "day": say.delivery_day(turn, order.deliver_by),
    }
    if order.status not in OVER and waits_for_payment(order):
        values["link"] = order.pay_url or ""
        return Move("utter_order_unpaid", values)
    if late:
        buttons = (say.labelled(turn, "person", "ask_human"),)
        return Move("utter_order_late", values, buttons=buttons)
    name = "utter_order_over" if order.status in OVER else "utter_order_status"
    return Move(name, values)
