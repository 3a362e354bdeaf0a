"""What keeps an order by mandate from being placed: asked about, never guessed."""

from datetime import timedelta

from journey import pending
from journey.coach import back, say
from journey.coach.mandates import adjusting, announcing
from journey.coach.mandates import carrying as orders
from journey.coach.orders import addressing, placing
from journey.mandates import executions
from journey.mandates.executions import Obstacle, State
from journey.orders.address import missing, read_address
from journey.orders.baskets import PriceRose
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

WAIT = timedelta(days=7)
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
    other = executions.substitute(turn.session, execution, mandate, turn.knowledge)
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
    if any(e.value == "wait" for e in turn.heard.of("choice")):
        executions.postpone(execution, turn.now + WAIT)
        return [Move("utter_mandate_waits"), *back.finished(turn)]
    cheaper = _cheaper(turn, execution)
    if cheaper is not None:
        return [cheaper]
    if orders.refuses(turn):
        return [announcing.skip(turn, execution, "refused"), *back.finished(turn)]
    given = read_address(turn.heard.text)
    if execution.why == Obstacle.ADDRESS and not missing(given):
        addressing.keep(turn, given)
    elif turn.heard.intent not in orders.YES and not _this_once(turn):
        return None
    customer = turn.session.get_one(Customer, execution.customer_id)
    if addressing.unknown(customer):
        return [Move("utter_ask_address")]
    return _at_once(turn, execution, waiting.about.get("instead"))


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
    try:
        order = orders.place(turn, execution, product)
    except (OutOfStock, PriceRose):
        executions.ask(execution, Obstacle.STOCK, turn.now)
        return question(turn, execution, mandate)
    pending.done(turn)
    return [placing.placed(turn, order), *back.way_back(turn)]


EXPECTS = {"mandate_question": answered}
