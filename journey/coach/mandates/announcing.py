"""Orders by mandate that are announced: a no skips them, another day moves them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from journey import pending
from journey.coach import back, say
from journey.coach.mandates import adjusting, ending, terms
from journey.coach.mandates import carrying as orders
from journey.foresight.foresight import VETOED, foretell
from journey.mandates import executions
from journey.mandates.executions import State
from journey.people.goals import deadline
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
    found = executions.obstacle(turn.session, execution, mandate, turn.knowledge)
    if found is not None:
        executions.ask(execution, found, turn.now)
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
    language = turn.knowledge.language(turn.heard.language)
    due = foretell(turn.session, mandate.customer_id, product, turn.knowledge, turn.now)
    says = say.says(turn)
    why = ""
    if due is not None and mandate.every_days is None:
        why = says["mandate_why"].format(reason=due.reason(language, say.zone(turn)))
    if product.id != mandate.product_id:
        wanted = turn.session.get_one(Product, mandate.product_id)
        why = says["mandate_instead"].format(name=wanted.name)
    values = {
        "items": orders.items(turn, execution, product),
        "day": say.day(turn, execution.order_at),
        "total": orders.cost(turn, execution, product),
        "why": why,
    }
    buttons = (
        say.labelled(turn, "skip", "deny"),
        say.labelled(turn, "fine", "affirm"),
    )
    return Move("utter_mandate_announced", values, buttons=buttons)


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read what is said to an announcement: skip, another day, or fine."""
    execution = turn.session.get_one(Execution, waiting.about["execution"])
    if execution.state != State.ANNOUNCED:
        pending.done(turn)
        return None
    if (paused := ending.pause_or_resume(turn)) is not None:
        return paused
    if terms.limits(turn):
        return None
    if adjusting.postpones(turn) and (moved := _moved(turn, execution)):
        return moved
    if orders.refuses(turn):
        return [skip(turn, execution), *back.finished(turn)]
    changed = _moved(turn, execution) or adjusting.adjust(turn, execution)
    if changed is not None or turn.heard.intent not in orders.YES:
        return changed
    return [adjusting.fine(turn, execution), *back.finished(turn)]


def _moved(turn: Turn, execution: Execution) -> list[Move] | None:
    day = _other_day(turn, execution)
    if day is None:
        return None
    if adjusting.postpones(turn) and day.date() <= execution.order_at.date():
        # "Next week instead", said on a Friday of what is ordered on Monday.
        day = execution.order_at + timedelta(days=7)
    execution.order_at = execution.act_at = day
    orders.note(turn, "mandate_moved", execution, at=day.isoformat())
    values = {"day": say.day(turn, day)}
    return [Move("utter_mandate_moved", values), *back.finished(turn)]


def _other_day(turn: Turn, execution: Execution) -> datetime | None:
    """Return the day that is named, at the announced time of the customer's clock."""
    for entity in turn.heard.of("duration"):
        if days := int(entity.value["days"]):
            return turn.now + timedelta(days=days)
    named = deadline(turn)
    if named is None:
        return None
    zone = say.zone(turn)
    at = execution.order_at.astimezone(zone).time()
    return max(datetime.combine(named.date(), at, tzinfo=zone), turn.now)


def skip(turn: Turn, execution: Execution, why: str = "vetoed") -> Move:
    """Order nothing this time, and learn that it was too early."""
    executions.close(execution, State.SKIPPED, why, turn.now)
    product = turn.session.get_one(Product, execution.product_id)
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    orders.note(turn, VETOED, execution)
    following = executions.following(turn.session, mandate, turn.knowledge, turn.now)
    values = {"name": product.name, "day": say.day(turn, following)}
    return Move("utter_mandate_skipped", values)


def heard_later(turn: Turn) -> list[Move] | None:
    """Skip what was announced, though something else was talked about since."""
    if not orders.says_skip(turn):
        return None
    query = select(Execution).where(
        Execution.customer_id == turn.heard.customer_id,
        Execution.state.in_([State.ANNOUNCED, State.ASKED]),
    )
    found = turn.session.scalars(query.order_by(Execution.order_at)).all()
    kinds = {str(e.value) for e in turn.heard.of("product", "category")}
    meant = [x for x in found if _named(turn, x) & kinds] or found
    return [*(skip(turn, x) for x in meant), *back.way_back(turn)] or None


def _named(turn: Turn, execution: Execution) -> set[str]:
    product = turn.session.get_one(Product, execution.product_id)
    return {product.id, product.category}


EXPECTS = {"mandate_announced": answer, **adjusting.EXPECTS}
