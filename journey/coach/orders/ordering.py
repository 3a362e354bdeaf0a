"""Ordering: named, confirmed once with price, day and address, and placed once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from journey import journeys, pending
from journey.catalogue.products import find_products
from journey.coach import say
from journey.coach.orders import addressing
from journey.coach.orders.placing import (
    delivery_of,
    goods_of,
    items_in_words,
    money,
    placed,
    put,
)
from journey.coach.shortlist.offering import offer
from journey.curate.fit import CATEGORY
from journey.curate.keep import keep_wishes
from journey.curate.score import LIKE
from journey.curate.wishes import Draft
from journey.journeys import Experience, Outcome, Stage
from journey.orders import stock
from journey.orders.baskets import PriceRose
from journey.orders.orders import find_once
from journey.orders.stock import Line, OutOfStock
from journey.store.tables import Customer, Journey, Pending, Product
from journey.turn import Move, Turn

MOST_PIECES = 99
ORDER = "order:"
"""Before the key of the confirmation that a button answers."""


def pieces(turn: Turn) -> int:
    """Return how many pieces a message asks for, one when it does not say."""
    said = [e.value for e in turn.heard.of("count") if isinstance(e.value, int | float)]
    whole = [int(x) for x in said if x == int(x) and 1 <= x <= MOST_PIECES]
    return whole[0] if whole else 1


def order_named(turn: Turn) -> list[Move]:
    """Order what a message names; ask when it is not clear, look when it is a kind."""
    from journey.coach import request

    groups = _named(turn)
    if not groups:
        moves = request.recommend(turn)
        waiting = pending.row(turn)
        if waiting.expects == "choice" and pieces(turn) > 1:
            waiting.about = {**waiting.about, "count": pieces(turn)}
        return moves
    if any(len(group) > 1 for group in groups):
        unclear = next(group for group in groups if len(group) > 1)
        return [which_product(turn, unclear, pieces(turn))]
    count = pieces(turn)
    lines = [Line(group[0].id, count) for group in groups]
    return confirm(turn, journey_for(turn), lines)


def _named(turn: Turn) -> list[list[Product]]:
    """Return the products that are named; readings of the same words together."""
    entities = [e for e in turn.heard.of("product") if not e.negated]
    found = find_products(turn.session, [str(e.value) for e in entities])
    spans: dict[tuple[int, int], list[Product]] = {}
    for entity in entities:
        product = found.get(str(entity.value))
        if product and product.active:
            spans.setdefault((entity.start, entity.end), []).append(product)
    return list(spans.values())


def which_product(
    turn: Turn, products: Sequence[Product], count: int, *, adds: bool = False
) -> Move:
    """Ask which of several products is meant; `adds` puts it to what is in the cart."""
    buttons = tuple(
        say.button(product.name, "order_product", product=product.id)
        for product in products[:4]
    )
    prompt = Move("utter_which_product", buttons=buttons)
    ids = [x.id for x in products]
    return pending.expect(
        turn, "which_product", prompt, products=ids, count=count, adds=adds
    )


def product_chosen(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read which of several products was meant."""
    ids: list[str] = waiting.about["products"]
    named = [str(e.value) for e in turn.heard.of("product") if str(e.value) in ids]
    for mark in turn.heard.of("reference"):
        index = int(mark.value.get("index") or 0)
        if index and -len(ids) <= index <= len(ids):
            named.append(ids[index - 1 if index > 0 else index])
    if not named:
        return None
    line = Line(named[0], max(pieces(turn), waiting.about["count"]))
    adds = bool(waiting.about.get("adds"))
    pending.done(turn)
    if adds:
        from journey.coach.orders import carting

        return carting.added(turn, line, asked=True)
    return confirm(turn, journey_for(turn), [line])


def journey_for(turn: Turn) -> Journey:
    """Return the journey that an order belongs to, begun when there is none."""
    journey = journeys.current(turn)
    if journey and journey.stage in (Stage.REQUEST, Stage.RESPOND):
        return journey
    return journeys.start(
        turn, stage=Stage.RESPOND, experience=Experience.RESPOND_TO_DESIRE
    )


def confirm(turn: Turn, journey: Journey, lines: Sequence[Line]) -> list[Move]:
    """Ask for one confirmation, after the address when we do not know it.

    The pieces are kept for the customer while they think about it.
    """
    customer = turn.session.get_one(Customer, turn.heard.customer_id)
    try:
        stock.reserve(turn.session, customer.id, lines, turn.now)
    except OutOfStock as error:
        return _short(turn, journey, error, lines)
    journeys.enter(turn, journey, Stage.RESPOND)
    products = find_products(turn.session, [line.product_id for line in lines])
    shown = [
        Line(x.product_id, x.quantity, products[x.product_id].price) for x in lines
    ]
    about: dict[str, Any] = {"journey": journey.id, "lines": stored(shown)}
    if addressing.unknown(customer):
        return [addressing.ask(turn, "utter_ask_address", **about)]
    about["key"] = f"{turn.heard.message_id}:order"
    prompt = _question(turn, shown, products, customer, about["key"])
    return [pending.expect(turn, "confirm_order", prompt, **about)]


def stored(lines: Sequence[Line]) -> list[list[Any]]:
    """Return lines as a question keeps them until it is answered."""
    return [
        [x.product_id, x.quantity, str(x.price) if x.price else None] for x in lines
    ]


def lines_in(about: Mapping[str, Any]) -> list[Line]:
    """Return the lines that a question is about."""
    return [
        Line(product, quantity, price and Decimal(price))
        for product, quantity, price in about["lines"]
    ]


def _question(
    turn: Turn,
    lines: Sequence[Line],
    products: dict[str, Product],
    customer: Customer,
    key: str,
) -> Move:
    says = say.says(turn)
    pairs = [(products[x.product_id], x.quantity) for x in lines]
    delivery = delivery_of(turn, pairs)
    cost = says["delivery_costs"] if delivery.fee else says["delivery_free"]
    values = {
        "items": items_in_words(turn, pairs),
        "total": money(turn, goods_of(pairs) + delivery.fee),
        "delivery": cost.format(price=money(turn, delivery.fee)),
        "day": turn.knowledge.language(turn.heard.language).day(delivery.day),
        "address": addressing.said(customer.address),
    }
    buttons = (
        say.labelled(turn, "order", "affirm", choice=f"{ORDER}{key}"),
        say.labelled(turn, "other_address", "change_order", choice="address"),
        say.labelled(turn, "do_not_order", "deny"),
    )
    return Move("utter_confirm_order", values, buttons=buttons)


def _short(
    turn: Turn, journey: Journey, error: OutOfStock, lines: Sequence[Line]
) -> list[Move]:
    """Say that there is not enough, and offer what is left or nearest to it."""
    product = error.product
    if error.left > 0:
        left = [
            Line(x.product_id, error.left) if x.product_id == product.id else x
            for x in lines
        ]
        values = {"name": product.name, "left": str(error.left)}
        return [Move("utter_only_left", values), *confirm(turn, journey, left)]
    values = {"name": product.name}
    wishes = [
        Draft(CATEGORY, "==", {"value": [product.category]}, turn.heard.text),
        Draft(LIKE, "==", {"value": product.id}, turn.heard.text, hard=False),
    ]
    keep_wishes(turn, journey, wishes)
    nearest = offer(turn, journey, intro="utter_shortlist_nearest")
    wait = say.labelled(
        turn, "tell_me", "give_preference", choice=f"watch.{product.id}"
    )
    return [Move("utter_sold_out", values, buttons=(wait,)), *nearest]


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read the answer to the one confirmation."""
    journey = turn.session.get(Journey, waiting.about["journey"])
    if journey is None:
        return None
    lines = lines_in(waiting.about)
    if addressing.wanted(turn):
        return addressing.change(turn, journey, lines)
    intent, counted = turn.heard.intent, turn.heard.of("count")
    if counted and len(lines) == 1 and not turn.heard.of("product", "reference"):
        line = Line(lines[0].product_id, pieces(turn))
        return confirm(turn, journey, [line])
    if intent == "affirm" or _meant_it(turn, lines):
        return _order(turn, journey, lines, waiting.about["key"])
    if intent in ("deny", "cancel_order") or _refused(turn):
        return drop(turn, journey)
    return None


def _order(turn: Turn, journey: Journey, lines: Sequence[Line], key: str) -> list[Move]:
    """Place the order; when something changed meanwhile, say so and ask again."""
    try:
        return put(turn, journey, lines, key)
    except OutOfStock as error:
        return _short(turn, journey, error, lines)
    except PriceRose as error:
        values = {
            "name": error.product.name,
            "old": money(turn, error.shown),
            "new": money(turn, error.product.price),
        }
        return [Move("utter_price_rose", values), *confirm(turn, journey, lines)]


def pressed_again(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Answer a button of a confirmation that is settled or was replaced.

    It must not be taken for a yes to whatever is asked now.
    """
    keys = [str(e.value) for e in turn.heard.of("choice")]
    pressed = [key.removeprefix(ORDER) for key in keys if key.startswith(ORDER)]
    if not pressed or waiting.about.get("key") == pressed[0]:
        return None
    order = find_once(turn.session, turn.heard.customer_id, pressed[0])
    if order is None:
        prompt = pending.prompt(waiting)
        return [Move("utter_button_over"), *([prompt] if prompt else [])]
    return [placed(turn, order)]


def _meant_it(turn: Turn, lines: Sequence[Line]) -> bool:
    """Tell whether "order it" or "I'll take it" repeats what is to be confirmed."""
    if turn.heard.intent not in ("order_product", "choose_option", "reorder"):
        return False
    named = {str(e.value) for e in turn.heard.of("product")}
    other = turn.heard.of("reference", "category", "attribute", "colour", "brand")
    return named <= {line.product_id for line in lines} and not other


def _refused(turn: Turn) -> bool:
    plain = not turn.heard.of("reference", "product", "attribute", "colour", "brand")
    return turn.heard.intent == "refuse_option" and plain


def drop(turn: Turn, journey: Journey) -> list[Move]:
    """Order nothing; a search goes back to its options, a wish for one thing ends."""
    from journey.coach.shortlist.choosing import what_instead
    from journey.coach.shortlist.options import on_table

    pending.clear(turn)
    stock.release(turn.session, turn.heard.customer_id, turn.now)
    table = on_table(turn)
    if table:
        journeys.enter(turn, journey, Stage.REQUEST)
        return [Move("utter_order_dropped"), what_instead(turn, table)]
    journeys.close(turn, journey, Outcome.CANCELLED)
    return [Move("utter_order_dropped")]


def forget_order(turn: Turn, waiting: Pending) -> list[Move]:
    """Leave an order for which something was still asked."""
    journey = turn.session.get(Journey, waiting.about.get("journey", ""))
    if journey:
        return drop(turn, journey)
    pending.done(turn)
    return [Move("utter_all_right")]
