"""More of something right after an order: with it while it is here, else anew."""

from collections.abc import Sequence
from datetime import timedelta

from journey import log, pending
from journey.catalogue.products import find_products
from journey.coach import back, say
from journey.coach.orders import (
    addressing,
    amending,
    changing,
    naming,
    ordering,
    placing,
)
from journey.coach.orders.hastening import AFTER
from journey.coach.orders.purchases import bought, visible
from journey.coach.shortlist import kinds
from journey.orders import shipping, stock
from journey.orders.amendments import Append
from journey.orders.baskets import PriceRose
from journey.orders.orders import Status, is_open, living_items, total
from journey.orders.shipping import Pairs, Way
from journey.orders.stock import Line, OutOfStock
from journey.store.tables import Order, Pending
from journey.turn import Move, Turn

CONFIRM = "confirm_append"
FRESH = timedelta(hours=1)
"""So long after an order "and the filters too" is about it."""
NOT_THESE = frozenset(
    "ask_about_option compare_options ask_policy complain return_order cancel_order"
    " track_order set_mandate revoke_mandate".split()
)
LEAST, WHOLE = 0.1, 0.4


def hear(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Answer a wish for something more; None when a message holds none."""
    order = _fresh(turn)
    if order is None or turn.heard.intent in NOT_THESE or turn.heard.of(*say.PRESSED):
        return None
    if _recounts(turn, waiting):
        return amending.change(turn)
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("order_more", turn.heard.text) < LEAST:
        return None
    pieces = placing.pieces(turn)
    products = naming.named(turn)
    if products and turn.heard.intent == "reorder":
        # "Another box of the usual" is looked for in what was bought before.
        return None
    if len(products) > 1:
        return [naming.which_product(turn, products, pieces, adds=order.number)]
    if products:
        return offer(turn, order, [*_held(waiting), Line(products[0].id, pieces)])
    lines = bought(turn, [order])
    again = language.heard("one_more", turn.heard.text) >= WHOLE
    if again and len(lines) == 1 and not turn.heard.of("product", "category"):
        return offer(turn, order, [Line(lines[0].product.id, pieces)])
    return _not_sold(turn)


def _recounts(turn: Turn, waiting: Pending) -> bool:
    """Tell whether "make it two" is said of the order before; "max 30" is a price."""
    language = turn.knowledge.language(turn.heard.language)
    said = turn.heard.of("count") and turn.heard.intent in amending.RECOUNTS
    if language.heard("limit", turn.heard.text):
        return False
    return bool(said) and waiting.expects in AFTER and not naming.named(turn)


def _not_sold(turn: Turn) -> list[Move] | None:
    """Say that what shall be added is not sold, instead of asking what it is for."""
    language = turn.knowledge.language(turn.heard.language)
    adds = language.heard("add_more", turn.heard.text) >= LEAST
    if not adds or turn.heard.of(*kinds.KNOWN) or addressing.wanted(turn):
        return None
    return [kinds.ask_any(turn, "utter_not_sold")]


def _fresh(turn: Turn) -> Order | None:
    """Return the order that was placed here a moment ago."""
    here = turn.heard.conversation_id
    own = [x for x in visible(turn) if x.conversation_id == here]
    if not own or own[0].status in (Status.CANCELLED, Status.FAILED):
        return None
    return own[0] if turn.now - own[0].placed_at <= FRESH else None


def _held(waiting: Pending) -> list[Line]:
    return ordering.lines_in(waiting.about) if waiting.expects == CONFIRM else []


def chosen(turn: Turn, number: int, line: Line) -> list[Move]:
    """Offer which of several products was meant."""
    order = next((x for x in visible(turn) if x.number == number), None)
    if order is None:
        return ordering.confirm(turn, ordering.journey_for(turn), [line])
    return offer(turn, order, [line])


def offer(turn: Turn, order: Order, lines: Sequence[Line]) -> list[Move]:
    """Ask whether something more goes with an order; else order it anew."""
    joins = turn.shop.at_once and is_open(order) and order.paid_at is None
    if not joins:
        return ordering.confirm(turn, ordering.journey_for(turn), lines)
    try:
        stock.reserve(turn.session, turn.heard.customer_id, lines, turn.now)
    except OutOfStock:
        return ordering.confirm(turn, ordering.journey_for(turn), lines)
    more = _append(turn, order, lines)
    pairs = placing.pairs_of(turn, lines)
    goods = shipping.goods_of([*pairs, *_pairs(turn, order)])
    values = {
        "items": placing.items_in_words(turn, pairs),
        "price": placing.money(turn, shipping.goods_of(pairs)),
        "number": order.called,
        "total": placing.money(turn, goods + more.fee),
        "day": say.delivery_day(turn, more.day),
    }
    buttons = (
        say.labelled(turn, "append", "affirm"),
        say.labelled(turn, "keep_order", "deny"),
    )
    prompt = Move("utter_confirm_append", values, buttons=buttons)
    about = {"order": order.number, "lines": ordering.stored(more.lines)}
    return [pending.interrupt(turn, CONFIRM, prompt, **about)]


def _append(turn: Turn, order: Order, lines: Sequence[Line]) -> Append:
    """Return the change with today's prices, and the fee and day of all together."""
    products = find_products(turn.session, [line.product_id for line in lines])
    priced = [
        Line(x.product_id, x.quantity, x.price or products[x.product_id].price)
        for x in lines
    ]
    policy, way = turn.knowledge.policies.delivery, Way(order.way)
    new = [(products[x.product_id], x.quantity) for x in lines]
    day = shipping.day_of(policy, new, way, turn.now)
    whole = shipping.delivery_of(policy, [*new, *_pairs(turn, order)], way, turn.now)
    fee = min(order.delivery_fee, whole.fee)
    return Append(tuple(priced), fee, max(day, order.deliver_by))


def _pairs(turn: Turn, order: Order) -> Pairs:
    return [(line.product, line.item.quantity) for line in bought(turn, [order])]


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Send something more with an order after a yes."""
    if turn.heard.intent in ("deny", "refuse_option", "cancel_order"):
        stock.release(turn.session, turn.heard.customer_id, turn.now)
        return [Move("utter_order_kept"), *back.finished(turn)]
    if turn.heard.intent not in ("affirm", "order_product"):
        return None
    number, lines = waiting.about["order"], ordering.lines_in(waiting.about)
    order = next((x for x in visible(turn) if x.number == number), None)
    pending.done(turn)
    if order is None or not is_open(order):
        return ordering.confirm(turn, ordering.journey_for(turn), lines)
    try:
        later = changing.ask(turn, order, _append(turn, order, lines))
    except (OutOfStock, PriceRose) as error:
        return _changed(turn, order, lines, error)
    return later or [_appended(turn, order), *back.way_back(turn)]


def _changed(
    turn: Turn, order: Order, lines: Sequence[Line], error: OutOfStock | PriceRose
) -> list[Move]:
    """Ask again with what is so now."""
    if isinstance(error, OutOfStock):
        return ordering.confirm(turn, ordering.journey_for(turn), lines)
    values = {
        "name": error.product.name,
        "old": placing.money(turn, error.shown),
        "new": placing.money(turn, error.product.price),
    }
    anew = [Line(x.product_id, x.quantity) for x in lines]
    return [Move("utter_price_rose", values), *offer(turn, order, anew)]


def _appended(turn: Turn, order: Order) -> Move:
    items = living_items(turn.session, order)
    log.write(
        turn.session,
        turn.heard,
        "order_changed",
        order=order.number,
        what="more",
        items=[{"product": x.product_id, "quantity": x.quantity} for x in items],
    )
    values = {
        "number": order.called,
        "items": placing.items_in_words(turn, _pairs(turn, order)),
        "total": placing.money(turn, total(turn.session, order)),
        "day": say.delivery_day(turn, order.deliver_by),
    }
    return Move("utter_appended", values, placing.card(turn, order))
