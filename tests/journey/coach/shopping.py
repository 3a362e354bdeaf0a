"""Ways into a shortlist and to an order, for tests of what comes after."""

from typing import Any

from sqlalchemy import select

from journey.orders.orders import Status, advance
from journey.store.tables import Option, Order
from journey.turn import Entity
from tests.journey.curate.hearing import entity, money
from tests.journey.talking import Talk

CHAIR = "a desk chair under 200 for somebody tall, no leather"
HOME = "7 Park Street, 1012 AB Amsterdam"


def ask_for_chair(talk: Talk, most: float = 200) -> list[str]:
    return talk.say(
        "ask_recommendation",
        CHAIR,
        entity(CHAIR, ("category", "desk-chair", "desk chair")),
        entity(CHAIR, ("money", money(most), "under 200")),
        entity(CHAIR, ("attribute", "fits_tall", "somebody tall")),
        entity(CHAIR, ("material", "leather", "leather"), negated=True),
    )


def point(text: str, **value: Any) -> Entity:
    return Entity("reference", value, 0, len(text))


def options(talk: Talk) -> list[dict[str, Any]]:
    for move in talk.said:
        if move.attachment and "shortlist" in move.attachment:
            return list(move.attachment["shortlist"]["options"])
    raise AssertionError(f"no shortlist in {talk.said}")


def names(talk: Talk) -> list[str]:
    return [option["product"] for option in options(talk)]


def taken(talk: Talk, product: str) -> list[Option]:
    query = select(Option).where(Option.product_id == product)
    return list(talk.session.scalars(query))


def order(talk: Talk, product: str, *more: Entity) -> Order:
    """Order a product with one yes, and the address when it is asked for."""
    talk.say("order_product", "i want that", Entity("product", product, 0, 6), *more)
    if talk.said[-1].response == "utter_ask_address":
        talk.say("share_situation", HOME)
    assert talk.say("affirm", "yes")[0] == "utter_ordered"
    return orders(talk)[-1]


def orders(talk: Talk) -> list[Order]:
    return list(talk.session.scalars(select(Order).order_by(Order.number)))


def deliver(talk: Talk, placed: Order) -> None:
    for status in (Status.SHIPPED, Status.DELIVERED):
        advance(talk.session, placed, status, talk.at)
