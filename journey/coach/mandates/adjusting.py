"""What was announced, otherwise this time: more of it, or a cheaper one; and why."""

from journey import pending
from journey.coach import back, say
from journey.coach.mandates import carrying, terms
from journey.coach.orders import placing
from journey.mandates import executions
from journey.mandates.executions import State
from journey.store.tables import Execution, Mandate, Pending, Product
from journey.turn import Move, Turn

CHEAPER = "mandate_cheaper"
WISH, WHOLE = 0.2, 0.5
"""The share of a message that a wish, and that "why", must make up."""


def postpones(turn: Turn) -> bool:
    """Tell whether a later day is wished for, not none."""
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("postpone", turn.heard.text) >= WISH


def adjust(turn: Turn, execution: Execution) -> list[Move] | None:
    """Read a wish for more pieces or a cheaper thing, or the question why."""
    language = turn.knowledge.language(turn.heard.language)
    if turn.heard.of("count"):
        execution.quantity = placing.pieces(turn)
        return [_this_time(turn, execution), *back.finished(turn)]
    if _wants_cheaper(turn):
        return [_cheaper(turn, execution)]
    if language.heard("why_asked", turn.heard.text) >= WHOLE:
        return [_why(turn, execution), *back.way_back(turn)]
    return None


def fine(turn: Turn, execution: Execution) -> Move:
    """Say that it stays as it was announced."""
    return Move("utter_mandate_fine", {"day": say.day(turn, execution.order_at)})


def _this_time(turn: Turn, execution: Execution) -> Move:
    product = turn.session.get_one(Product, execution.product_id)
    carrying.note(turn, "mandate_adjusted", execution, quantity=execution.quantity)
    values = {
        "items": carrying.items(turn, execution, product),
        "total": carrying.cost(turn, execution, product),
        "day": say.day(turn, execution.order_at),
    }
    return Move("utter_mandate_this_time", values)


def _cheaper(turn: Turn, execution: Execution) -> Move:
    found = cheaper_one(turn, execution)
    if found is None:
        product = turn.session.get_one(Product, execution.product_id)
        values = {"name": product.name, "day": say.day(turn, execution.order_at)}
        return Move("utter_mandate_no_cheaper", values)
    prompt, other = found
    about = {"execution": execution.id, "instead": other}
    return pending.interrupt(turn, CHEAPER, prompt, **about)


def cheaper_one(turn: Turn, execution: Execution) -> tuple[Move, str] | None:
    """Return the question for what is like it and costs less, when that is wished."""
    if not _wants_cheaper(turn):
        return None
    product = turn.session.get_one(Product, execution.product_id)
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    other = executions.substitute(
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


def _why(turn: Turn, execution: Execution) -> Move:
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    product = turn.session.get_one(Product, mandate.product_id)
    text = terms.in_words(turn, product, terms.of(mandate))
    return Move("utter_mandate_reason", {"text": text})


def cheaper(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Take the cheaper one this time at a yes; a no keeps what was announced."""
    execution = turn.session.get_one(Execution, waiting.about["execution"])
    if execution.state != State.ANNOUNCED:
        pending.done(turn)
        return None
    if turn.heard.intent in ("deny", "refuse_option") and not carrying.says_skip(turn):
        pending.forget(turn, "execution", execution.id)
        return [fine(turn, execution), *back.way_back(turn)]
    if turn.heard.intent not in carrying.YES:
        pending.done(turn)
        return None
    other = turn.session.get_one(Product, waiting.about["instead"])
    execution.product_id, execution.price = other.id, other.price
    pending.forget(turn, "execution", execution.id)
    return [_this_time(turn, execution), *back.way_back(turn)]


EXPECTS = {CHEAPER: cheaper}
