"""Placing an order: once, with its promise, its events and its card."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from journey import journeys, log, pending
from journey.catalogue.products import find_products
from journey.coach import checkin
from journey.curate.reasons import price_in_words
from journey.deliveries import promise_delivery
from journey.journeys import Outcome
from journey.orders import Delivery, Line, items_of, place, total
from journey.store.tables import Customer, Journey, Order, Product
from journey.turn import Move, Turn


def put(turn: Turn, journey: Journey, lines: Sequence[Line]) -> list[Move]:
    """Place the order, promise its day, and say so.

    Raises:
        OutOfStock: a product was sold in the meantime; nothing was ordered.
    """
    customer = turn.session.get_one(Customer, turn.heard.customer_id)
    order = place(
        turn.session,
        lines,
        customer_id=customer.id,
        once=f"{turn.heard.message_id}:order",
        delivery=delivery_of(turn),
        address=customer.address,
        now=turn.now,
        journey_id=journey.id,
    )
    log_order(turn, journey, order)
    promise(turn, journey, order)
    pending.clear(turn)
    return [placed(turn, order), *_afterwards(turn, journey, order)]


def placed(turn: Turn, order: Order) -> Move:
    """Say that an order is placed, with its card."""
    language = turn.knowledge.language(turn.heard.language)
    values = {
        "number": str(order.number),
        "day": language.day(order.deliver_by),
        "total": money(turn, total(turn.session, order)),
    }
    return Move("utter_ordered", values, card(turn, order))


def card(turn: Turn, order: Order) -> dict[str, Any]:
    """Return an order as the page shows it."""
    language = turn.knowledge.language(turn.heard.language)
    items = [x for x in items_of(turn.session, order) if not x.cancelled]
    products = find_products(turn.session, [item.product_id for item in items])
    return {
        "order": {
            "number": order.number,
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
            "deliver_by": language.day(order.deliver_by),
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


def promise(turn: Turn, journey: Journey, order: Order) -> None:
    """Promise the day of delivery."""
    customer_id = turn.heard.customer_id
    made = promise_delivery(turn.session, order, customer_id, turn.now)
    log.write(
        turn.session,
        turn.heard,
        "promise_made",
        journey=journey,
        promise=made.id,
        of="delivery",
        due=order.deliver_by.isoformat(),
    )


def _afterwards(turn: Turn, journey: Journey, order: Order) -> list[Move]:
    """Offer to ask how it went where a need was met; else the journey is done."""
    need = turn.knowledge.needs.get(journey.need or "")
    if need is None:
        journeys.close(turn, journey, Outcome.ORDERED)
        return []
    days = (order.deliver_by.date() - turn.now.date()).days + need.check_in.after_days
    return checkin.offer(turn, journey, days)


def items_in_words(turn: Turn, items: Sequence[tuple[Product, int]]) -> str:
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


def delivery_of(turn: Turn) -> Delivery:
    """Return what delivery costs in this shop."""
    policy = turn.knowledge.policies.delivery
    return Delivery(fee=policy.standard.fee, free_from=policy.free_from)
