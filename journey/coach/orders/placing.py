"""Placing an order: once, with its promise, its events and its card."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from journey import journeys, log, pending
from journey.catalogue.products import find_products
from journey.coach import checkin, say
from journey.coach.orders.spoken import address_in
from journey.curate.reasons import price_in_words
from journey.journeys import Outcome
from journey.orders import addressbook, cart, shipping
from journey.orders.address import missing
from journey.orders.baskets import Basket, Delivery
from journey.orders.deliveries import waits_for_payment
from journey.orders.orders import Status, items_of, living_items, total
from journey.orders.shipping import Pairs, Way
from journey.orders.stock import Line
from journey.store.tables import Customer, Journey, Order
from journey.turn import Entity, Move, Turn

MOST_PIECES = 99


def counts(turn: Turn) -> list[Entity]:
    """Return the counts in a message; a house number is none."""
    said = address_in(turn)
    street = -1 if missing(said) else turn.heard.text.find(said["street"])
    return [x for x in turn.heard.of("count") if street < 0 or x.start < street]


def pieces(turn: Turn) -> int:
    """Return how many pieces a message asks for, one when it does not say."""
    said = [e.value for e in counts(turn) if isinstance(e.value, int | float)]
    whole = [int(x) for x in said if x == int(x) and 1 <= x <= MOST_PIECES]
    return whole[0] if whole else 1


def some(turn: Turn) -> int:
    """Return of how many pieces a message speaks, 0 when it speaks of all."""
    if counts(turn):
        return pieces(turn)
    language = turn.knowledge.language(turn.heard.language)
    return int(language.heard("one_of", turn.heard.text) > 0)


def put(
    turn: Turn, journey: Journey, lines: Sequence[Line], key: str, way: Way
) -> list[Move]:
    """Place the order under its key, and say so.

    Raises:
        OutOfStock: a product was sold in the meantime; nothing was ordered.
        PriceRose: a product costs more than was shown; nothing was ordered.
    """
    customer = turn.session.get_one(Customer, turn.heard.customer_id)
    products = find_products(turn.session, [line.product_id for line in lines])
    basket = Basket(
        lines=tuple(lines),
        customer_id=customer.id,
        once=key,
        delivery=delivery_of(
            turn, [(products[line.product_id], line.quantity) for line in lines], way
        ),
        address=customer.address,
        journey_id=journey.id,
        conversation_id=turn.heard.conversation_id,
        channel=turn.heard.channel,
    )
    order = turn.shop.place(turn.session, basket, turn.now)
    log_order(turn, journey, order)
    addressbook.use(turn.session, customer, turn.now)
    cart.take_out(turn.session, customer.id, {line.product_id for line in lines})
    pending.clear(turn)
    return [placed(turn, order), *_afterwards(turn, journey, order)]


def placed(turn: Turn, order: Order) -> Move:
    """Say that an order is placed, or on its way to the shop, with its card."""
    values = {
        "number": order.called,
        "day": say.delivery_day(turn, order.deliver_by),
        "total": money(turn, total(turn.session, order)),
    }
    if order.status == Status.PLACING:
        return Move("utter_order_passed_on", values)
    if waits_for_payment(order):
        values["link"] = order.pay_url or ""
        return Move("utter_ordered_pay", values, card(turn, order))
    return Move("utter_ordered", values, card(turn, order))


def card(turn: Turn, order: Order) -> dict[str, Any]:
    """Return an order as the page shows it."""
    items = living_items(turn.session, order)
    products = find_products(turn.session, [item.product_id for item in items])
    return {
        "order": {
            "number": order.called,
            "items": [
                {
                    "name": products[item.product_id].name,
                    "quantity": item.quantity,
                    "price": float(item.price),
                }
                for item in items
            ],
            "currency": turn.knowledge.catalogue.currency,
            "total": float(total(turn.session, order)),
            "deliver_by": say.delivery_day(turn, order.deliver_by),
        }
    }


def log_order(turn: Turn, journey: Journey, order: Order) -> None:
    """Log that an order was placed."""
    items = items_of(turn.session, order)
    log.write(
        turn.session,
        turn.heard,
        "order_placed",
        journey=journey,
        order=order.number,
        items=[
            {"product": x.product_id, "quantity": x.quantity, "price": float(x.price)}
            for x in items
        ],
        total=float(total(turn.session, order)),
    )


def _afterwards(turn: Turn, journey: Journey, order: Order) -> list[Move]:
    """Offer to ask how it went where a need was met; else the journey is done."""
    from journey.coach.mandates import renewing

    need = turn.knowledge.needs.get(journey.need or "")
    if need is None:
        journeys.close(turn, journey, Outcome.ORDERED)
        return renewing.after_order(turn, order)
    days = (order.deliver_by.date() - turn.now.date()).days + need.check_in.after_days
    return checkin.offer(turn, journey, days)


def pairs_of(turn: Turn, lines: Sequence[Line]) -> Pairs:
    """Return the products of lines with their numbers of pieces."""
    products = find_products(turn.session, [line.product_id for line in lines])
    return [(products[line.product_id], line.quantity) for line in lines]


def items_in_words(turn: Turn, items: Pairs) -> str:
    """Return products with their numbers of pieces, as they are said."""
    language = turn.knowledge.language(turn.heard.language)
    pattern = language.says["pieces_of"]
    said = [
        product.name if count == 1 else pattern.format(count=count, name=product.name)
        for product, count in items
    ]
    return language.join(said)


def money(turn: Turn, amount: Decimal | float) -> str:
    """Return an amount in the catalogue's currency."""
    language = turn.knowledge.language(turn.heard.language)
    return price_in_words(turn.knowledge.catalogue, language, float(amount))


def delivery_of(turn: Turn, pairs: Pairs, way: Way = Way.STANDARD) -> Delivery:
    """Return what delivery costs in this shop, and the day that is promised."""
    return shipping.delivery_of(turn.knowledge.policies.delivery, pairs, way, turn.now)
