"""The orders of mandates: placed once, told, and what they share in words."""

from collections.abc import Mapping
from typing import Any

from journey import journeys, log, pending
from journey.coach import say
from journey.coach.orders import placing
from journey.journeys import Experience, Outcome, Stage
from journey.mandates import executions
from journey.mandates.executions import State
from journey.orders.baskets import Basket
from journey.orders.orders import is_open, total
from journey.orders.shipping import Way
from journey.orders.stock import Line
from journey.store.tables import (
    Execution,
    Mandate,
    Order,
    Proactive,
    Product,
)
from journey.turn import Move, Turn

SKIP = 0.25
"""The share of a message that "skip it" must make up."""
PAUSE = 0.2
"""The same of "pause"."""
LEAVE = 0.5
"""The same of "never mind"."""
NO = frozenset({"deny", "refuse_option", "cancel_order"})
EXECUTION = "execution"
ANSWERED = {
    "mandate_announced": State.ANNOUNCED,
    "mandate_change": State.ANNOUNCED,
    "mandate_question": State.ASKED,
}
"""The state of an execution in which an answer to a question is still of use."""
YES = frozenset({"affirm", "thank", "order_product"})


def place(turn: Turn, execution: Execution, product: Product) -> Order:
    """Place the order of an execution, once, and log whose mandate it was.

    Raises:
        OutOfStock, PriceRose: nothing was ordered.
    """
    pairs = [(product, execution.quantity)]
    journey = journeys.start(
        turn, stage=Stage.RESPOND, experience=Experience.AUTOMATIC_EXECUTION
    )
    basket = Basket(
        lines=(Line(product.id, execution.quantity, execution.price),),
        customer_id=execution.customer_id,
        once=f"{execution.id}:mandate",
        delivery=placing.delivery_of(turn, pairs, Way(execution.way)),
        address=execution.address,
        journey_id=journey.id,
        conversation_id=turn.heard.conversation_id,
        channel=turn.heard.channel,
    )
    order = turn.shop.place(turn.session, basket, turn.now)
    executions.close(execution, State.ORDERED, None, turn.now)
    execution.order_id = order.id
    placing.log_order(turn, journey, order)
    note(turn, "mandate_executed", execution, order=order.number)
    journeys.close(turn, journey, Outcome.ORDERED)
    return order


def tell_ordered(turn: Turn, row: Proactive) -> list[Move] | None:
    """Say that it was ordered as announced, and how to take it back."""
    execution, _ = of(turn, row)
    order = turn.session.get(Order, execution.order_id or "")
    if order is None or not is_open(order):
        return None
    product = turn.session.get_one(Product, execution.product_id)
    values = {
        "items": items(turn, execution, product),
        "number": str(order.number),
        "total": placing.money(turn, total(turn.session, order)),
        "day": say.delivery_day(turn, order.deliver_by),
    }
    buttons = (say.labelled(turn, "take_back", "cancel_order", order=order.number),)
    prompt = Move(
        "utter_mandate_ordered", values, placing.card(turn, order), buttons=buttons
    )
    pending.forget(turn, EXECUTION, execution.id)
    if pending.prompt(pending.row(turn)) is None:
        # A question that waits for its answer is not put aside for news.
        pending.listen(turn, "mandate_ordered", execution=execution.id)
    return [prompt]


def wait_for(
    turn: Turn, expects: str, prompt: Move, execution: Execution, **about: Any
) -> Move:
    """Wait for an answer about an execution, in the place of an older question."""
    pending.forget(turn, EXECUTION, execution.id)
    about = {EXECUTION: execution.id, **about}
    return pending.interrupt(turn, expects, prompt, **about)


def agrees(turn: Turn, about: Mapping[str, Any]) -> bool:
    """Tell whether a message says yes; "that one" does, where one was offered."""
    chosen = turn.heard.intent == "choose_option" and about.get("instead") is not None
    return turn.heard.intent in YES or chosen


def drop_over(turn: Turn) -> None:
    """Wait no more for answers about what was settled without the customer."""
    waiting = pending.row(turn)
    kept = [
        (waiting.expects, waiting.about),
        *((x["expects"], x["about"]) for x in waiting.stack),
    ]
    for expects, about in kept:
        if expects in ANSWERED and EXECUTION in about:
            execution = turn.session.get(Execution, about[EXECUTION])
            if execution is None or execution.state != ANSWERED[expects]:
                pending.forget(turn, EXECUTION, about[EXECUTION])


def refuses(turn: Turn) -> bool:
    """Tell whether a message is a no to what we do of ourselves, in whatever words."""
    language = turn.knowledge.language(turn.heard.language)
    leaves = language.heard("cancel", turn.heard.text) >= LEAVE
    undone = language.heard("take_back", turn.heard.text) >= SKIP
    return turn.heard.intent in NO or leaves or undone or says_skip(turn)


def says_pause(turn: Turn) -> bool:
    """Tell whether a message says to order nothing for a while."""
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("pause", turn.heard.text) >= PAUSE


def says_no(turn: Turn) -> bool:
    """Tell whether that is meant by words that leave open what else is wanted."""
    return refuses(turn) and turn.heard.intent != "refuse_option"


def says_skip(turn: Turn) -> bool:
    """Tell whether a message says to leave it this time."""
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("skip", turn.heard.text) >= SKIP


def of(turn: Turn, row: Proactive) -> tuple[Execution, Mandate]:
    """Return the execution that a message of ours is about, and its mandate."""
    execution = turn.session.get_one(Execution, row.about["execution"])
    return execution, turn.session.get_one(Mandate, execution.mandate_id)


def items(turn: Turn, execution: Execution, product: Product) -> str:
    """Return what is ordered, in words."""
    return placing.items_in_words(turn, [(product, execution.quantity)])


def cost(turn: Turn, execution: Execution, product: Product) -> str:
    """Return what it costs now with delivery, in words."""
    cost = executions.total(execution, product, turn.knowledge)
    return placing.money(turn, cost)


def note(turn: Turn, kind: str, execution: Execution, **payload: Any) -> None:
    """Log what happened to an execution."""
    log.write(
        turn.session,
        turn.heard,
        kind,
        execution=execution.id,
        mandate=execution.mandate_id,
        product=execution.product_id,
        **payload,
    )
