"""Orders by mandate that are announced: a no skips them, another day moves them."""

from collections.abc import Sequence

from sqlalchemy import select

from journey import pending
from journey.coach import back, say
from journey.coach.mandates import adjusting, ending, mandating, moving, terms
from journey.coach.mandates import carrying as orders
from journey.coach.orders import placing
from journey.coach.orders.purchases import visible
from journey.foresight.foresight import foretell
from journey.mandates import executions
from journey.mandates import obstacles as checks
from journey.mandates.executions import State
from journey.orders.orders import is_open
from journey.store.tables import (
    Customer,
    Execution,
    Mandate,
    Pending,
    Proactive,
    Product,
)
from journey.turn import Move, Turn


def announce(turn: Turn, row: Proactive) -> list[Move] | None:
    """Say what will be ordered and when, and that a no skips it."""
    from journey.coach.mandates import obstacles

    execution, mandate = orders.of(turn, row)
    if execution.state != State.ANNOUNCING:
        return None
    found = checks.obstacle(turn.session, execution, mandate, turn.knowledge)
    if found is not None:
        checks.ask(execution, found, turn.now)
        return obstacles.question(turn, execution, mandate)
    product = turn.session.get_one(Product, execution.product_id)
    customer = turn.session.get_one(Customer, execution.customer_id)
    zone = say.zone(turn)
    executions.announce(execution, mandate, product, customer, turn.now, zone)
    execution.conversation_id = turn.heard.conversation_id
    orders.note(turn, "mandate_announced", execution, at=execution.order_at.isoformat())
    prompt = _announcement(turn, execution, mandate, product)
    return [orders.wait_for(turn, "mandate_announced", prompt, execution)]


def _announcement(
    turn: Turn,
    execution: Execution,
    mandate: Mandate,
    product: Product,
) -> Move:
    values = {
        "items": orders.items(turn, execution, product),
        "day": say.day(turn, execution.order_at),
        "total": orders.cost(turn, execution, product),
        "why": _why(turn, mandate, product),
    }
    buttons = (
        say.labelled(turn, "skip", "deny"),
        say.labelled(turn, "fine", "affirm"),
    )
    return Move("utter_mandate_announced", values, buttons=buttons)


def _why(turn: Turn, mandate: Mandate, product: Product) -> str:
    """Say why it is this product, else why it is now."""
    says = say.says(turn)
    if product.id != mandate.product_id:
        wanted = turn.session.get_one(Product, mandate.product_id)
        name = "mandate_instead" if wanted.active else "mandate_instead_gone"
        return says[name].format(name=wanted.name)
    if mandate.every_days is not None:
        every = terms.every(turn, mandate.every_days)
        return says["mandate_wanted"].format(every=every)
    due = foretell(turn.session, mandate.customer_id, product, turn.knowledge, turn.now)
    language = turn.knowledge.language(turn.heard.language)
    if due is None:
        return ""
    return says["mandate_why"].format(reason=due.reason(language, say.zone(turn)))


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read what is said to an announcement: skip, another day, otherwise, or fine."""
    execution = turn.session.get_one(Execution, waiting.about["execution"])
    if execution.state != State.ANNOUNCED:
        pending.done(turn)
        return None
    return _read(turn, execution)


def _read(turn: Turn, execution: Execution) -> list[Move] | None:
    if (paused := ending.pause_or_resume(turn)) is not None:
        return paused
    if adjusting.names_place(turn):
        return adjusting.elsewhere(turn, execution)
    express = adjusting.faster(turn, execution)
    if express is not None:
        return express
    if terms.changes(turn) and not moving.names_other(turn, execution):
        mandate = turn.session.get_one(Mandate, execution.mandate_id)
        return mandating.renew(turn, mandate)
    if moving.is_elsewhere(turn, execution):
        return None
    day = moving.wished(turn, execution.order_at)
    if day is not None and not moving.denies(turn):
        return [moving.move(turn, execution, day), *back.heard(turn)]
    if orders.says_skip(turn):
        return [moving.skip(turn, execution), *back.finished(turn)]
    if (changed := adjusting.adjust(turn, execution)) is not None:
        return changed
    if orders.refuses(turn):
        return [moving.skip(turn, execution), *back.finished(turn)]
    if turn.heard.intent in orders.YES:
        return [adjusting.fine(turn, execution), *back.heard(turn)]
    return None


def agree(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Order it otherwise this time at a yes; a no keeps what was announced."""
    execution = turn.session.get_one(Execution, waiting.about["execution"])
    if execution.state != State.ANNOUNCED:
        pending.done(turn)
        return None
    change = dict(waiting.about)
    agrees = orders.agrees(turn, change)
    plain = turn.heard.intent in ("deny", "refuse_option")
    pending.done(turn)
    if agrees and not placing.counts(turn):
        return [adjusting.take(turn, execution, change), *back.heard(turn)]
    if plain and not orders.says_skip(turn) and not placing.counts(turn):
        return [adjusting.fine(turn, execution), *back.heard(turn)]
    return _read(turn, execution)


def heard_later(turn: Turn) -> list[Move] | None:
    """Skip what was announced, though something else was talked about since."""
    if not orders.says_skip(turn):
        return None
    meant = _told(turn, State.ANNOUNCED, State.ASKED)
    for execution in meant:
        pending.forget(turn, orders.EXECUTION, execution.id)
    return [*(moving.skip(turn, x) for x in meant), *back.way_back(turn)] or None


def changed_later(turn: Turn) -> list[Move] | None:
    """Change the one order that was announced, when no placed one can be meant."""
    announced = _told(turn, State.ANNOUNCED)
    if len(announced) != 1 or any(is_open(order) for order in visible(turn)):
        return None
    return _read(turn, announced[0])


def _told(turn: Turn, *states: State) -> Sequence[Execution]:
    """Return what the customer was told of and is not settled; what is named of it."""
    query = select(Execution).where(
        Execution.customer_id == turn.heard.customer_id, Execution.state.in_(states)
    )
    found = turn.session.scalars(query.order_by(Execution.order_at)).all()
    kinds = {str(e.value) for e in turn.heard.of("product", "category")}
    return [x for x in found if _named(turn, x) & kinds] or found


def _named(turn: Turn, execution: Execution) -> set[str]:
    product = turn.session.get_one(Product, execution.product_id)
    return {product.id, product.category}


EXPECTS = {"mandate_announced": answer, adjusting.CHANGE: agree}
