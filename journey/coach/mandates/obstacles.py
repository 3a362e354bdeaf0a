"""What keeps an order by mandate from being placed: asked about, never guessed."""

from datetime import datetime

from journey import pending
from journey.coach import back, say
from journey.coach.mandates import adjusting, ending, mandating, moving, terms
from journey.coach.mandates import carrying as orders
from journey.coach.orders import addressing, placing, ways
from journey.coach.orders.spoken import address_in
from journey.mandates import executions
from journey.mandates import obstacles as checks
from journey.mandates.executions import State
from journey.mandates.obstacles import Obstacle
from journey.orders.address import missing
from journey.orders.baskets import PriceRose
from journey.orders.shipping import Way
from journey.orders.stock import OutOfStock
from journey.store.tables import (
    Customer,
    Execution,
    Mandate,
    Pending,
    Proactive,
    Product,
)
from journey.turn import Move, Turn

ONCE = 0.5
"""The share of a message that "this once" must make up."""


def ask(turn: Turn, row: Proactive) -> list[Move] | None:
    """Ask instead of guessing, when something keeps us from ordering."""
    execution, mandate = orders.of(turn, row)
    if execution.state != State.ASKED:
        return None
    return question(turn, execution, mandate)


def question(turn: Turn, execution: Execution, mandate: Mandate) -> list[Move]:
    """Put the question that the obstacle asks for, and wait for the answer."""
    orders.note(turn, "mandate_asked", execution, why=execution.why)
    prompt, other = _QUESTIONS[Obstacle(str(execution.why))](turn, execution, mandate)
    about = {"instead": other}
    return [orders.wait_for(turn, "mandate_question", prompt, execution, **about)]


def _price(
    turn: Turn, execution: Execution, mandate: Mandate
) -> tuple[Move, str | None]:
    product = turn.session.get_one(Product, execution.product_id)
    limit = mandate.cap if mandate.cap is not None else execution.price
    values = {
        "items": orders.items(turn, execution, product),
        "total": orders.cost(turn, execution, product),
        "cap": placing.money(turn, limit or 0),
    }
    buttons = (say.labelled(turn, "once", "affirm"), say.labelled(turn, "skip", "deny"))
    return Move("utter_mandate_ask_price", values, buttons=buttons), None


def _missing(
    turn: Turn, execution: Execution, mandate: Mandate
) -> tuple[Move, str | None]:
    """Say that it is not there, with what is nearest to it when there is something."""
    product = turn.session.get_one(Product, execution.product_id)
    other = checks.substitute(turn.session, execution, mandate, turn.knowledge)
    gone = execution.why == Obstacle.GONE
    buttons: tuple[say.Button, ...] = (say.labelled(turn, "skip", "deny"),)
    if not gone:
        buttons = (
            say.labelled(turn, "wait", "give_preference", choice="wait"),
            *buttons,
        )
    name = "utter_mandate_ask_gone" if gone else "utter_mandate_ask_stock"
    if other is None:
        return Move(name, {"name": product.name}, buttons=buttons), None
    values = {
        "name": product.name,
        "other": other.name,
        "total": orders.cost(turn, execution, other),
    }
    take = say.labelled(turn, "that_one", "affirm")
    return Move(f"{name}_instead", values, buttons=(take, *buttons)), other.id


def _where(
    turn: Turn, execution: Execution, _mandate: Mandate
) -> tuple[Move, str | None]:
    product = turn.session.get_one(Product, execution.product_id)
    customer = turn.session.get_one(Customer, execution.customer_id)
    values = {"items": orders.items(turn, execution, product)}
    if addressing.unknown(customer):
        return Move("utter_mandate_ask_address", values), None
    values["address"] = addressing.said(customer.address)
    buttons = (
        say.labelled(turn, "there", "affirm"),
        say.labelled(turn, "skip", "deny"),
    )
    return Move("utter_mandate_ask_where", values, buttons=buttons), None


_QUESTIONS = {
    Obstacle.PRICE: _price,
    Obstacle.STOCK: _missing,
    Obstacle.GONE: _missing,
    Obstacle.ADDRESS: _where,
}


def answered(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read the answer to a question: a yes is an order, this once."""
    execution = turn.session.get_one(Execution, waiting.about["execution"])
    if execution.state != State.ASKED:
        pending.done(turn)
        return None
    until = _wait_until(turn)
    if until is not None:
        return [moving.wait(turn, execution, until), *back.finished(turn)]
    otherwise = _otherwise(turn, execution)
    if otherwise is not None:
        return otherwise
    if orders.refuses(turn) and not _this_once(turn):
        return _leave(turn, execution)
    given = address_in(turn)
    if execution.why == Obstacle.ADDRESS and not missing(given):
        addressing.keep(turn, given)
    elif not orders.agrees(turn, waiting.about) and not _this_once(turn):
        return adjusting.why(turn, execution)
    customer = turn.session.get_one(Customer, execution.customer_id)
    if addressing.unknown(customer):
        return [Move("utter_ask_address")]
    return _at_once(turn, execution, waiting.about.get("instead"))


def _leave(turn: Turn, execution: Execution) -> list[Move]:
    """Order nothing; what the shop sells no more is not come back to."""
    gone = execution.why == Obstacle.GONE
    skipped = moving.skip(turn, execution, "refused")
    if not gone:
        return [skipped, *back.finished(turn)]
    pending.done(turn)
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    return ending.pause(turn, [mandate])


def _wait_until(turn: Turn) -> datetime | None:
    """Return when to look again, for who wants to wait with or without a day."""
    if any(e.value == "wait" for e in turn.heard.of("choice")):
        return turn.now + moving.WAIT
    known = not missing(address_in(turn)) or terms.changes(turn)
    later = moving.postpones(turn) or moving.waits(turn)
    elsewhere = turn.heard.intent in moving.ELSEWHERE and not later
    if known or elsewhere or moving.denies(turn):
        return None
    return moving.wished(turn, turn.now)


def _otherwise(turn: Turn, execution: Execution) -> list[Move] | None:
    """Read other terms, another number of pieces, or a wish for a cheaper one."""
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    if moving.is_elsewhere(turn, execution):
        return None
    if terms.changes(turn):
        return mandating.renew(turn, mandate)
    if cheaper := _cheaper(turn, execution):
        return [cheaper]
    if ways.wanted(turn) is Way.EXPRESS:
        execution.way = Way.EXPRESS
        return question(turn, execution, mandate)
    if _says_limit(turn, execution):
        return mandating.renew(turn, mandate, cap=placing.pieces(turn))
    if not placing.counts(turn) or orders.says_skip(turn):
        return None
    execution.quantity = placing.pieces(turn)
    found = checks.obstacle(turn.session, execution, mandate, turn.knowledge)
    if found is None:
        return _at_once(turn, execution, None)
    checks.ask(execution, found, turn.now)
    return question(turn, execution, mandate)


def _says_limit(turn: Turn, execution: Execution) -> bool:
    """Tell whether "30 is fine" is about the price: nobody wants so many pieces."""
    product = turn.session.get_one(Product, execution.product_id)
    priced = execution.why == Obstacle.PRICE and bool(placing.counts(turn))
    return priced and placing.pieces(turn) >= product.price


def _this_once(turn: Turn) -> bool:
    """Tell whether a message agrees to it for once: "ok, this time"."""
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("once", turn.heard.text) >= ONCE


def _cheaper(turn: Turn, execution: Execution) -> Move | None:
    """Ask whether it shall be what is like it and costs less, when that is wished."""
    found = adjusting.cheaper_one(turn, execution)
    if found is None:
        return None
    prompt, other = found
    return orders.wait_for(turn, "mandate_question", prompt, execution, instead=other)


def _at_once(turn: Turn, execution: Execution, instead: str | None) -> list[Move]:
    """Order what the customer just agreed to, at the price that they were told."""
    execution.product_id = instead or execution.product_id
    product = turn.session.get_one(Product, execution.product_id)
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    customer = turn.session.get_one(Customer, execution.customer_id)
    execution.price, execution.address = product.price, customer.address
    execution.agreed = executions.total(execution, product, turn.knowledge)
    try:
        order = orders.place(turn, execution, product)
    except (OutOfStock, PriceRose):
        checks.ask(execution, Obstacle.STOCK, turn.now)
        return question(turn, execution, mandate)
    pending.done(turn)
    return [placing.placed(turn, order), *back.way_back(turn)]


EXPECTS = {"mandate_question": answered}
