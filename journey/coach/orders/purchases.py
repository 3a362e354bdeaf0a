"""A customer's orders, as far as this conversation may show them."""

import re
from dataclasses import dataclass

from journey.catalogue.products import find_products
from journey.coach.orders.spoken import address_in
from journey.language.words import alike, split
from journey.messages.capabilities import capability
from journey.orders.address import in_line, missing
from journey.orders.orders import NOTHING_SENT, living_items, orders_of
from journey.people.customers import is_verified
from journey.store.tables import Order, OrderItem, Product
from journey.turn import Turn

SHORTEST = 4
"""So many letters has a word that may stand for the name that it is a part of."""
NUMBER = re.compile(r"(?<!\d)\d{4,9}(?!\d)")


@dataclass(frozen=True)
class Bought:
    """A line of an order with its product."""

    order: Order
    item: OrderItem
    product: Product


def visible(turn: Turn) -> list[Order]:
    """Return the orders that may be spoken of here, the newest first.

    Who is not verified sees what was ordered on this very channel, and nothing that
    came from elsewhere. Where anybody can write under anybody's name, it is what was
    ordered in this very thread, whose id a stranger does not know.
    """
    heard = turn.heard
    found = orders_of(turn.session, heard.customer_id)
    if capability(heard.channel).forgeable:
        return [x for x in found if x.conversation_id == heard.conversation_id]
    if is_verified(turn.session, heard.customer_id):
        return found
    return [order for order in found if order.channel == heard.channel]


def bought(turn: Turn, orders: list[Order]) -> list[Bought]:
    """Return the living lines of orders, in their order."""
    lines = [
        (order, item)
        for order in orders
        if order.status not in NOTHING_SENT
        for item in living_items(turn.session, order)
    ]
    products = find_products(turn.session, {item.product_id for _, item in lines})
    return [Bought(order, item, products[item.product_id]) for order, item in lines]


def named_numbers(turn: Turn) -> list[int]:
    """Return the order numbers that a message says or a button stands for."""
    pressed = [int(e.value) for e in turn.heard.of("order")]
    address = address_in(turn)
    # A postcode has as many digits as an order number.
    others = [] if missing(address) else NUMBER.findall(in_line(address))
    said = [x for x in NUMBER.findall(turn.heard.text) if x not in others]
    return pressed or [_ours(turn, digits) for digits in said]


def _ours(turn: Turn, digits: str) -> int:
    """Return our number of an order that is named by the one in the shop's system."""
    if not turn.shop.at_once:
        for order in visible(turn):
            if order.shop_number == digits:
                return order.number
    return int(digits)


def meant(turn: Turn, lines: list[Bought]) -> list[Bought]:
    """Return the lines that a message names, by order, product, kind or brand.

    Who bought something calls it by any word of its name: "the filters".
    """
    numbers = set(named_numbers(turn))
    found = [x for x in lines if x.order.number in numbers] or lines
    narrowed = [x for x in found if _named(turn, x.product)]
    narrowed = narrowed or [x for x in found if is_called(turn, x.product)]
    return narrowed or (found if found is not lines else [])


def named(turn: Turn) -> list[Bought]:
    """Return the lines that a message names, of all orders that may be spoken of."""
    return meant(turn, bought(turn, visible(turn)))


def _named(turn: Turn, product: Product) -> bool:
    heard = turn.heard
    ids = {str(e.value) for e in heard.of("product")}
    if ids:
        return product.id in ids
    kinds = {str(e.value) for e in heard.of("category")}
    brands = {str(e.value) for e in heard.of("brand")}
    if not kinds and not brands:
        return False
    return product.category in (kinds or {product.category}) and (
        product.brand in (brands or {product.brand})
    )


def is_called(turn: Turn, product: Product) -> bool:
    """Tell whether a message has any word of a product's name in it."""
    said = [word for word in split(turn.heard.text) if len(word) >= SHORTEST]
    name = [word for word in split(product.name) if len(word) >= SHORTEST]
    return any(alike(part, word) for part in name for word in said)
