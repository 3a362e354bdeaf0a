"""Waiting for a product: "tell me when it's back", "tell me if it gets cheaper"."""

from decimal import Decimal

from journey import log, pending
from journey.catalogue.products import find_products
from journey.coach import asking, back, say, written
from journey.coach.mandates import carrying
from journey.coach.orders import placing, taking
from journey.coach.shortlist.options import on_table, pointed
from journey.foresight import watches
from journey.foresight.watches import Kind
from journey.people.consent import Purpose
from journey.store.tables import Pending, Proactive, Product, Watch
from journey.turn import Move, Turn

CHOICE = "watch."
"""Before a product's id, on the button beside "sold out" that waits for it."""
KINDS = {"watch_stock": Kind.STOCK, "watch_price": Kind.PRICE}


def answer(turn: Turn) -> list[Move] | None:
    """Wait for a product when a message asks for that, and say what was agreed."""
    kind = _wanted(turn)
    product = _product(turn) if kind else None
    if kind is None or product is None:
        return None
    if kind == Kind.STOCK and product.active and product.left > 0:
        return [Move("utter_is_there", {"name": product.name}), *back.way_back(turn)]
    return _wait_for(turn, product, kind)


def _wait_for(turn: Turn, product: Product, kind: Kind) -> list[Move]:
    text = say.says(turn)[f"agree_{kind}"].format(name=product.name)
    watches.watch(
        turn.session,
        turn.heard.customer_id,
        product,
        kind,
        price=_price(turn, product),
        now=turn.now,
    )
    log.write(turn.session, turn.heard, "watch_begun", product=product.id, of=kind)
    asking.decide(turn, Purpose(kind), True, text)
    return [Move("utter_watch", {"consent": text}), *back.way_back(turn)]


def _wanted(turn: Turn) -> Kind | None:
    if any(str(e.value).startswith(CHOICE) for e in turn.heard.of("choice")):
        return Kind.STOCK
    language = turn.knowledge.language(turn.heard.language)
    if not language.heard("tell_me", turn.heard.text):
        return None
    heard = {kind: language.heard(kind, turn.heard.text) for kind in KINDS}
    best = max(heard, key=lambda kind: heard[kind])
    return KINDS[best] if heard[best] else None


def _product(turn: Turn) -> Product | None:
    """Return what is meant: pressed, named, pointed at, or asked about last."""
    ids = [str(e.value) for e in turn.heard.of("choice", "product")]
    ids = [x.removeprefix(CHOICE) for x in ids]
    table = on_table(turn)
    if not ids and table:
        ids = [option.product_id for option in pointed(turn, table)]
    waiting = pending.row(turn)
    if not ids and waiting.about.get("product"):
        ids = [str(waiting.about["product"])]
    if not ids and waiting.about.get("lines"):
        ids = [line[0] for line in waiting.about["lines"]]
    if not ids and waiting.about.get("gone"):
        # "Tell me when it's back" is typed as well as pressed.
        ids = [waiting.about["gone"]]
    found = find_products(turn.session, ids)
    return next((found[x] for x in ids if x in found), None)


def _price(turn: Turn, product: Product) -> Decimal:
    """Return below which price to tell: a named one, else that of today."""
    named = [Decimal(str(e.value["amount"])) for e in turn.heard.of("money")]
    # "under 80" is kept at 80 as well.
    return named[0] + Decimal("0.01") if named else product.price


def tell(turn: Turn, row: Proactive) -> list[Move] | None:
    """Say that the wait is over, if it still is; else go on waiting."""
    watch = turn.session.get(Watch, row.about["watch"])
    if watch is None:
        return None
    product = turn.session.get_one(Product, watch.product_id)
    if not watches.has_come(watch, product):
        watch.state, watch.closed_at = "open", None
        return None
    values = {"name": product.name, "price": placing.money(turn, product.price)}
    buttons = (
        say.labelled(turn, "order_it", "affirm"),
        say.labelled(turn, "no", "deny"),
    )
    prompt = Move(f"utter_{watch.kind}", values, buttons=buttons)
    about = {"product": product.id, "focus": product.id, "of": watch.kind}
    return [pending.interrupt(turn, "wanted", prompt, **about)]


def take(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Order what was waited for, go on waiting for less, or leave it."""
    product = turn.session.get_one(Product, waiting.about["product"])
    kind, said = Kind(waiting.about["of"]), taking.meaning(turn)
    if kind == Kind.PRICE and turn.heard.of("money") and said != "yes":
        pending.done(turn)
        return _wait_for(turn, product, kind)
    if said in ("no", "over", "later") or (said is None and carrying.says_no(turn)):
        return [Move("utter_all_right"), *back.finished(turn)]
    reacted = written.react(turn, said, Purpose(kind))
    return reacted or taking.take(turn, product, said)


EXPECTS = {"wanted": take}
