"""The cart by talk: "add the filters too", "what's in my cart", "that's all"."""

from dataclasses import replace

from journey import pending
from journey.catalogue.products import find_products
from journey.coach import say
from journey.coach.orders import naming, ordering, placing, ways
from journey.orders import cart, shipping
from journey.orders.shipping import Pairs
from journey.orders.stock import Line
from journey.store.tables import Journey, Pending, Product
from journey.turn import Move, Turn

CART, CONFIRM = "cart", "confirm_order"
LEAST, WHOLE = 0.1, 0.5


def hear(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Answer a message about the cart; None when it is about something else."""
    if not turn.heard.text or turn.heard.of(*say.PRESSED):
        return None
    named = turn.heard.of("product", "category")
    if not named and _says(turn, "cart_show", WHOLE):
        return show(turn)
    inside = _inside(turn, waiting)
    if inside and _says(turn, "cart_done", WHOLE):
        return _order(turn, waiting, inside)
    if inside and _says(turn, "cart_remove", LEAST):
        return _remove(turn, waiting, inside)
    wants = _says(turn, "cart_add", LEAST)
    more = waiting.expects in (CONFIRM, CART) and _says(turn, "cart_more", LEAST)
    # "Do you want something else too?" was asked: what is named then is that.
    else_too = waiting.expects == CART and turn.heard.intent == "order_product"
    return _add(turn, waiting) if wants or more or else_too else None


def _says(turn: Turn, kind: str, least: float) -> bool:
    language = turn.knowledge.language(turn.heard.language)
    return language.heard(kind, turn.heard.text) >= least


def _inside(turn: Turn, waiting: Pending) -> list[Line]:
    """Return what is to be ordered: what was asked about last, else the cart."""
    if waiting.expects == CONFIRM:
        return ordering.lines_in(waiting.about)
    return cart.lines_of(turn.session, turn.heard.customer_id)


def show(turn: Turn) -> list[Move]:
    """Say what is in the cart."""
    lines = cart.lines_of(turn.session, turn.heard.customer_id)
    pairs = placing.pairs_of(turn, lines)
    if not pairs:
        return [Move("utter_cart_empty")]
    return [_prompt(turn, "utter_cart", pairs)]


def _prompt(turn: Turn, name: str, pairs: Pairs) -> Move:
    values = {
        "items": placing.items_in_words(turn, pairs),
        "total": placing.money(turn, shipping.goods_of(pairs)),
    }
    button = say.labelled(turn, "order_cart", "affirm")
    return pending.expect(turn, CART, Move(name, values, buttons=(button,)))


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read whether the cart shall be ordered."""
    if turn.heard.intent in ("deny", "goodbye"):
        pending.done(turn)
        return [Move("utter_all_right")]
    if turn.heard.intent != "affirm":
        return None
    return _order(turn, waiting, cart.lines_of(turn.session, turn.heard.customer_id))


def _order(turn: Turn, waiting: Pending, lines: list[Line]) -> list[Move] | None:
    if waiting.expects == CONFIRM:
        # "That's all" is no yes to what is asked there: it is asked again.
        prompt = pending.prompt(waiting)
        return [prompt] if prompt else None
    return ordering.confirm(turn, ordering.journey_for(turn), lines) if lines else None


def _add(turn: Turn, waiting: Pending) -> list[Move] | None:
    products, pieces = naming.named(turn) or _offered(turn), placing.pieces(turn)
    if not products:
        return None
    held = ordering.lines_in(waiting.about) if waiting.expects == CONFIRM else []
    _keep(turn, held)
    if len(products) > 1:
        return [naming.which_product(turn, products, pieces, adds=naming.CART)]
    return added(turn, Line(products[0].id, pieces), asked=bool(held))


def _offered(turn: Turn) -> list[Product]:
    """Return what the coach offered of itself: "put it in my cart" is about that."""
    about = pending.row(turn).about
    product = turn.session.get(Product, about.get("product", ""))
    return [product] if product and product.active and "focus" in about else []


def _keep(turn: Turn, lines: list[Line]) -> None:
    """Have what was about to be ordered in the cart as well."""
    customer = turn.heard.customer_id
    known = {line.product_id for line in cart.lines_of(turn.session, customer)}
    for line in lines:
        if line.product_id not in known:
            cart.put(turn.session, customer, line, turn.now)


def added(turn: Turn, line: Line, *, asked: bool) -> list[Move]:
    """Put something into the cart; who was asked to confirm is asked for all of it."""
    customer = turn.heard.customer_id
    cart.put(turn.session, customer, line, turn.now)
    lines = cart.lines_of(turn.session, customer)
    if asked:
        return ordering.confirm(
            turn, ordering.journey_for(turn), lines, way=ways.chosen(turn)
        )
    return [_prompt(turn, "utter_cart_added", placing.pairs_of(turn, lines))]


def _remove(turn: Turn, waiting: Pending, inside: list[Line]) -> list[Move] | None:
    named = {str(e.value) for e in turn.heard.of("product", "category")}
    products = find_products(turn.session, [line.product_id for line in inside])
    gone = {x.id for x in products.values() if named & {x.id, x.category}}
    if not gone:
        return None
    cart.take_out(turn.session, turn.heard.customer_id, gone)
    left = [replace(x, price=None) for x in inside if x.product_id not in gone]
    if waiting.expects != CONFIRM:
        return [Move("utter_cart_removed"), *show(turn)]
    journey = turn.session.get(Journey, waiting.about["journey"])
    if journey is None:
        return None
    if not left:
        return ordering.drop(turn, journey)
    return ordering.confirm(turn, journey, left, way=ways.chosen(turn))
