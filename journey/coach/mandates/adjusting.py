"""What was announced, otherwise this time: how many, how, where, a cheaper one; why."""

from typing import Any

from journey import pending
from journey.coach import back, say
from journey.coach.mandates import carrying, moving, terms
from journey.coach.orders import addressing, placing, ways
from journey.mandates import executions, obstacles
from journey.orders import shipping
from journey.orders.address import is_abroad
from journey.orders.shipping import Way
from journey.store.tables import Customer, Execution, Mandate, Product
from journey.turn import Move, Turn

CHANGE = "mandate_change"
WISH, WHOLE = 0.12, 0.5
"""The share of a message that "cheaper", and that "why", must make up."""


def adjust(turn: Turn, execution: Execution) -> list[Move] | None:
    """Read another number, way, place or product for this once, or the question why."""
    if addressing.wanted(turn):
        return elsewhere(turn, execution)
    if _doubles(turn):
        return _counted(turn, execution, 2 * execution.quantity)
    if placing.counts(turn) and turn.heard.intent != "out_of_scope":
        return _counted(turn, execution, placing.pieces(turn))
    way = None if turn.heard.of("date") else ways.wanted(turn)
    if way is not None:
        return _sent(turn, execution, way)
    if _wants_cheaper(turn):
        return [_cheaper(turn, execution)]
    return why(turn, execution)


def names_place(turn: Turn) -> bool:
    """Tell whether a message says where to, or that it is not where it was."""
    language = turn.knowledge.language(turn.heard.language)
    moved = language.heard("moved", turn.heard.text) >= WHOLE
    return moved or addressing.tells(turn) or addressing.label_in(turn) is not None


def faster(turn: Turn, execution: Execution) -> list[Move] | None:
    """Offer express to who asks for it, also to who asks whether there is one."""
    language = turn.knowledge.language(turn.heard.language)
    asked = language.heard("express", turn.heard.text) >= ways.LEAST
    if not asked or turn.heard.of("date") or moving.names_other(turn, execution):
        return None
    return _sent(turn, execution, Way.EXPRESS)


def _doubles(turn: Turn) -> bool:
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("double", turn.heard.text) >= WHOLE


def why(turn: Turn, execution: Execution) -> list[Move] | None:
    """Say what was agreed to, to who asks why."""
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("why_asked", turn.heard.text) < WHOLE:
        return None
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    product = turn.session.get_one(Product, mandate.product_id)
    text = terms.in_words(turn, product, terms.of(mandate))
    return [Move("utter_mandate_reason", {"text": text}), *back.way_back(turn)]


def fine(turn: Turn, execution: Execution) -> Move:
    """Say that it stays as it was announced."""
    return Move("utter_mandate_fine", {"day": say.day(turn, execution.order_at)})


def elsewhere(turn: Turn, execution: Execution) -> list[Move]:
    """Send it to another place, as soon as that is known."""
    if is_abroad(turn.heard.text):
        return [addressing.not_there(turn)]
    if not addressing.hear(turn):
        known = addressing.meant(turn)
        if known is None:
            return [Move("utter_ask_other_address")]
        addressing.keep(turn, known)
    customer = turn.session.get_one(Customer, execution.customer_id)
    execution.address = customer.address
    carrying.note(turn, "mandate_adjusted", execution, what="address")
    product = turn.session.get_one(Product, execution.product_id)
    values = {
        "items": carrying.items(turn, execution, product),
        "day": say.day(turn, execution.order_at),
        "address": addressing.said(customer.address),
    }
    return [Move("utter_mandate_goes_to", values), *back.heard(turn)]


def _counted(turn: Turn, execution: Execution, count: int) -> list[Move]:
    """Order so many; ask when that costs more than was allowed."""
    product = turn.session.get_one(Product, execution.product_id)
    if count > product.left:
        values = {
            "name": product.name,
            "left": str(product.left),
            "day": say.day(turn, execution.order_at),
        }
        return [Move("utter_mandate_few_left", values)]
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    before, execution.quantity = execution.quantity, count
    if not executions.is_over(execution, mandate, product, turn.knowledge):
        return [_taken(turn, execution, product), *back.heard(turn)]
    values = {**_said(turn, execution, product), "cap": _cap(turn, mandate)}
    execution.quantity = before
    return [_ask(turn, execution, "utter_mandate_confirm_over", values, count=count)]


def _cap(turn: Turn, mandate: Mandate) -> str:
    return placing.money(turn, mandate.cap or 0)


def _sent(turn: Turn, execution: Execution, way: Way) -> list[Move] | None:
    """Offer express with its day and price; the usual way costs no more."""
    product = turn.session.get_one(Product, execution.product_id)
    if way == execution.way:
        return [fine(turn, execution), *back.heard(turn)]
    if way is Way.STANDARD:
        execution.way = way
        return [_taken(turn, execution, product), *back.heard(turn)]
    policy, pairs = turn.knowledge.policies.delivery, [(product, execution.quantity)]
    quick = shipping.faster(policy, pairs, execution.order_at)
    usual = shipping.day_of(policy, pairs, Way.STANDARD, execution.order_at)
    values = {**_said(turn, execution, product), "usual": say.delivery_day(turn, usual)}
    if quick is None:
        return [Move("utter_mandate_no_faster", values), *back.heard(turn)]
    whole = shipping.goods_of(pairs) + quick.fee
    values["new"] = say.delivery_day(turn, quick.day)
    values["total"] = placing.money(turn, whole)
    return [_ask(turn, execution, "utter_mandate_confirm_express", values, way=way)]


def _said(turn: Turn, execution: Execution, product: Product) -> dict[str, str]:
    return {
        "items": carrying.items(turn, execution, product),
        "total": carrying.cost(turn, execution, product),
        "day": say.day(turn, execution.order_at),
    }


def _ask(
    turn: Turn, execution: Execution, name: str, values: dict[str, str], **change: Any
) -> Move:
    """Ask whether to change this order so; `change` is done at a yes."""
    yes = "that_one" if "instead" in change else "once"
    buttons = (say.labelled(turn, yes, "affirm"), say.labelled(turn, "no", "deny"))
    prompt = Move(name, values, buttons=buttons)
    return pending.interrupt(turn, CHANGE, prompt, execution=execution.id, **change)


def take(turn: Turn, execution: Execution, change: dict[str, Any]) -> Move:
    """Change an announced order as was agreed, this once."""
    execution.quantity = change.get("count", execution.quantity)
    execution.way = change.get("way", execution.way)
    execution.product_id = change.get("instead", execution.product_id)
    product = turn.session.get_one(Product, execution.product_id)
    return _taken(turn, execution, product)


def _taken(turn: Turn, execution: Execution, product: Product) -> Move:
    """Say how it is ordered now; what it costs is agreed to with that."""
    execution.price = product.price
    execution.agreed = executions.total(execution, product, turn.knowledge)
    carrying.note(
        turn,
        "mandate_adjusted",
        execution,
        quantity=execution.quantity,
        way=execution.way,
        total=float(execution.agreed),
    )
    values = _said(turn, execution, product)
    if execution.way != Way.EXPRESS:
        return Move("utter_mandate_this_time", values)
    policy, pairs = turn.knowledge.policies.delivery, [(product, execution.quantity)]
    day = shipping.day_of(policy, pairs, Way.EXPRESS, execution.order_at)
    values["new"] = say.delivery_day(turn, day)
    return Move("utter_mandate_express", values)


def _cheaper(turn: Turn, execution: Execution) -> Move:
    found = cheaper_one(turn, execution)
    if found is None:
        product = turn.session.get_one(Product, execution.product_id)
        values = {"name": product.name, "day": say.day(turn, execution.order_at)}
        return Move("utter_mandate_no_cheaper", values)
    prompt, other = found
    about = {"execution": execution.id, "instead": other}
    return pending.interrupt(turn, CHANGE, prompt, **about)


def cheaper_one(turn: Turn, execution: Execution) -> tuple[Move, str] | None:
    """Return the question for what is like it and costs less, when that is wished."""
    if not _wants_cheaper(turn):
        return None
    product = turn.session.get_one(Product, execution.product_id)
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    other = obstacles.substitute(
        turn.session, execution, mandate, turn.knowledge, below=product.price
    )
    if other is None:
        return None
    values = {
        "name": product.name,
        "other": other.name,
        "total": carrying.cost(turn, execution, other),
    }
    buttons = (
        say.labelled(turn, "that_one", "affirm"),
        say.labelled(turn, "no", "deny"),
    )
    return Move("utter_mandate_cheaper", values, buttons=buttons), other.id


def _wants_cheaper(turn: Turn) -> bool:
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("cheaper", turn.heard.text) >= WISH
