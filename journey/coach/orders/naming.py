"""What a message wants to order, by name: clear, asked about, or looked for."""

from collections.abc import Sequence

from sqlalchemy import select

from journey import pending
from journey.catalogue.products import find_products
from journey.coach import say
from journey.coach.orders.ordering import confirm, journey_for
from journey.coach.orders.placing import pieces
from journey.orders.stock import Line
from journey.store.tables import Pending, Product
from journey.turn import Move, Turn

MOST = 4
CART = 0
"""In the place of an order's number: what is chosen goes into the cart."""


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


def named(turn: Turn) -> list[Product]:
    """Return the products that a message may mean, by name or by kind."""
    ids = [str(e.value) for e in turn.heard.of("product") if not e.negated]
    found = [x for x in find_products(turn.session, ids).values() if x.active]
    kinds = [str(e.value) for e in turn.heard.of("category")]
    if found or not kinds:
        return found
    query = select(Product).where(Product.category.in_(kinds), Product.active)
    return list(turn.session.scalars(query.where(Product.left > 0).limit(MOST)))


def which_product(
    turn: Turn, products: Sequence[Product], count: int, *, adds: int | None = None
) -> Move:
    """Ask which of several products is meant.

    `adds` is the number of the order with which it shall go, or `CART`.
    """
    buttons = tuple(
        say.button(product.name, "order_product", product=product.id)
        for product in products[:MOST]
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
    adds = waiting.about.get("adds")
    pending.done(turn)
    if adds is not None:
        from journey.coach.orders import appending, carting

        if adds != CART:
            return appending.chosen(turn, adds, line)
        return carting.added(turn, line, asked=True)
    return confirm(turn, journey_for(turn), [line])
