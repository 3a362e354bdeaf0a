"""What a mandate has ordered: taken back at one word, or put off, while it is here."""

from datetime import datetime, timedelta

from journey import log, pending
from journey.coach import back, say
from journey.coach.mandates import carrying, ending, mandating, moving, terms
from journey.coach.orders import amending
from journey.foresight.foresight import VETOED
from journey.mandates import executions
from journey.mandates.mandates import State
from journey.orders.amendments import Cancel
from journey.orders.orders import is_open
from journey.store.tables import Execution, Mandate, Order, Pending
from journey.turn import Move, Turn

PUT_OFF = "mandate_put_off"


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read what is said to an order that was placed as announced."""
    execution = turn.session.get_one(Execution, waiting.about["execution"])
    order = turn.session.get(Order, execution.order_id or "")
    if (paused := ending.pause_or_resume(turn)) is not None:
        return paused
    if terms.changes(turn):
        mandate = turn.session.get_one(Mandate, execution.mandate_id)
        return mandating.renew(turn, mandate)
    if order is None or not is_open(order):
        return None
    if turn.heard.of("count") and not carrying.says_skip(turn):
        pending.done(turn)
        return amending.change(turn)
    if (day := _later(turn)) is not None:
        return [_ask_put_off(turn, execution, order, day)]
    if carrying.refuses(turn):
        then = take_back(turn, execution, order)
        values = {"number": str(order.number)}
        if then is None:
            return [Move("utter_order_cancelled", values), *back.finished(turn)]
        values["day"] = say.day(turn, then)
        return [Move("utter_mandate_undone", values), *back.finished(turn)]
    if turn.heard.intent in carrying.YES:
        return [Move("utter_all_right"), *back.finished(turn)]
    return None


def _later(turn: Turn) -> datetime | None:
    """Return the day on which it is wished instead; none in what was announced."""
    if not moving.postpones(turn) and not moving.waits(turn):
        return None
    return moving.wished(turn, turn.now)


def _ask_put_off(turn: Turn, execution: Execution, order: Order, day: datetime) -> Move:
    """Ask before an order is taken back: a day may be meant for its delivery."""
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    soonest = turn.now + timedelta(days=mandate.notice_days)
    day = max(day, soonest)
    values = {"number": order.called, "day": say.day(turn, day)}
    buttons = (
        say.labelled(turn, "change_way", "affirm"),
        say.labelled(turn, "keep_order", "deny"),
    )
    prompt = Move("utter_mandate_confirm_put_off", values, buttons=buttons)
    return carrying.wait_for(turn, PUT_OFF, prompt, execution, day=day.isoformat())


def put_off(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Take an order back at a yes, and order it on the day that was said."""
    execution = turn.session.get_one(Execution, waiting.about["execution"])
    order = turn.session.get(Order, execution.order_id or "")
    if order is None or not is_open(order):
        pending.done(turn)
        return None
    if turn.heard.intent in ("deny", "refuse_option"):
        return [Move("utter_order_kept"), *back.finished(turn)]
    if turn.heard.intent not in carrying.YES:
        return None
    day = datetime.fromisoformat(waiting.about["day"])
    day = take_back(turn, execution, order, at=day) or day
    carrying.note(turn, "mandate_moved", execution, at=day.isoformat())
    values = {"number": order.called, "day": say.day(turn, day)}
    return [Move("utter_mandate_put_off", values), *back.finished(turn)]


def take_back(
    turn: Turn, execution: Execution, order: Order, *, at: datetime | None = None
) -> datetime | None:
    """Cancel what a mandate ordered, and learn that it was too early.

    Return when it orders next, `at` a moment that was said; None where it has ended.
    """
    turn.shop.change(turn.session, order, Cancel(), turn.now)
    gone = [{"product": execution.product_id}]
    log.write(
        turn.session, turn.heard, "order_cancelled", order=order.number, items=gone
    )
    carrying.note(turn, VETOED, execution, order=order.number)
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    if mandate.state != State.ACTIVE:
        return None
    turn.session.flush()
    return executions.plan_anew(turn.session, mandate, turn.knowledge, turn.now, at=at)


EXPECTS = {"mandate_ordered": answer, PUT_OFF: put_off}
