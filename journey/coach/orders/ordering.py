"""Ordering: named, confirmed once with price, day and address, and placed once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from journey import journeys, pending
from journey.catalogue.products import find_products
from journey.coach import say
from journey.coach.orders import addressing, ways
from journey.coach.orders.placing import (
    delivery_of,
    items_in_words,
    money,
    pairs_of,
    pieces,
    placed,
    put,
)
from journey.coach.shortlist.offering import offer
from journey.curate.fit import CATEGORY
from journey.curate.keep import keep_wishes
from journey.curate.score import LIKE
from journey.curate.wishes import Draft
from journey.journeys import Experience, Outcome, Stage
from journey.orders import addressbook, shipping, stock
from journey.orders.baskets import PriceRose
from journey.orders.orders import find_once
from journey.orders.shipping import Pairs, Way
from journey.orders.stock import Line, OutOfStock
from journey.store.tables import Customer, Journey, Pending
from journey.turn import Move, Turn

ORDER = "order:"
"""Before the key of the confirmation that a button answers."""


def journey_for(turn: Turn) -> Journey:
    """Return the journey that an order belongs to, begun when there is none."""
    journey = journeys.current(turn)
    if journey and journey.stage in (Stage.REQUEST, Stage.RESPOND):
        return journey
    return journeys.start(
        turn, stage=Stage.RESPOND, experience=Experience.RESPOND_TO_DESIRE
    )


def confirm(
    turn: Turn,
    journey: Journey,
    lines: Sequence[Line],
    *,
    way: Way = Way.STANDARD,
    settled: bool = False,
) -> list[Move]:
    """Ask for one confirmation, after the address when it is not known or in doubt.

    The pieces are kept for the customer while they think about it. `settled` says
    that the customer has said where it goes.
    """
    settled = settled or pending.row(turn).expects == "confirm_order"
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
    about: dict[str, Any] = {
        "journey": journey.id,
        "lines": stored(shown),
        "way": way,
    }
    pairs = [(products[x.product_id], x.quantity) for x in shown]
    first = ways.too_late(turn, pairs, way)
    if addressing.unknown(customer) and not addressing.hear(turn):
        return [*first, addressing.ask(turn, "utter_ask_address", **about)]
    if not settled and addressbook.in_doubt(turn.session, customer):
        known = addressbook.addresses_of(turn.session, customer)
        return [*first, addressing.which(turn, known, **about)]
    about["key"] = f"{turn.heard.message_id}:order"
    prompt = _question(turn, pairs, customer, way, about["key"])
    return [*first, pending.expect(turn, "confirm_order", prompt, **about)]


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


def _question(turn: Turn, pairs: Pairs, customer: Customer, way: Way, key: str) -> Move:
    says = say.says(turn)
    delivery = delivery_of(turn, pairs, way)
    cost = says["delivery_costs"] if delivery.fee else says["delivery_free"]
    if way is Way.EXPRESS:
        cost = says["way_express"]
    values = {
        "items": items_in_words(turn, pairs),
        "total": money(turn, shipping.goods_of(pairs) + delivery.fee),
        "delivery": cost.format(price=money(turn, delivery.fee)),
        "day": say.delivery_day(turn, delivery.day),
        "address": addressing.said(customer.address),
    }
    buttons = (
        say.labelled(turn, "order", "affirm", choice=f"{ORDER}{key}"),
        *ways.others(turn, pairs, way),
        say.labelled(turn, "other_address", "change_order", choice="address"),
        say.labelled(turn, "do_not_order", "deny"),
    )
    return Move("utter_confirm_order", values, buttons=buttons)


def _rerouted(
    turn: Turn, journey: Journey, lines: Sequence[Line], way: Way
) -> list[Move]:
    """Ask for the confirmation with another way; say when there is no faster one."""
    pairs = pairs_of(turn, lines)
    quick = shipping.faster(turn.knowledge.policies.delivery, pairs, turn.now)
    if way is Way.EXPRESS and quick is None:
        day = say.delivery_day(turn, delivery_of(turn, pairs).day)
        return [Move("utter_no_faster", {"day": day}), *confirm(turn, journey, lines)]
    return confirm(turn, journey, lines, way=way)


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
        again = confirm(turn, journey, left, way=ways.chosen(turn))
        return [Move("utter_only_left", values), *again]
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
    waiting = pending.row(turn)
    waiting.about = {**waiting.about, "gone": product.id}
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
        return confirm(turn, journey, [line], way=ways.chosen(turn))
    way = ways.wanted(turn)
    if way is not None:
        return _rerouted(turn, journey, lines, way)
    if intent == "affirm" or _meant_it(turn, lines):
        return _order(turn, journey, lines, waiting.about["key"])
    if intent in ("deny", "cancel_order") or _refused(turn):
        return drop(turn, journey)
    return None


def _order(turn: Turn, journey: Journey, lines: Sequence[Line], key: str) -> list[Move]:
    """Place the order; when something changed meanwhile, say so and ask again."""
    try:
        return put(turn, journey, lines, key, ways.chosen(turn))
    except OutOfStock as error:
        return _short(turn, journey, error, lines)
    except PriceRose as error:
        values = {
            "name": error.product.name,
            "old": money(turn, error.shown),
            "new": money(turn, error.product.price),
        }
        again = confirm(turn, journey, lines, way=ways.chosen(turn))
        return [Move("utter_price_rose", values), *again]


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
