"""Delays told before they happen: an apology, the new time, what we do about it."""

from sqlalchemy import select

from journey import log
from journey.coach import say
from journey.coach.orders import news
from journey.orders.orders import Status, find_number
from journey.promises import delays
from journey.promises.delays import Delay
from journey.promises.promises import State
from journey.store.tables import Proactive, Promise
from journey.turn import Move, Turn

DELIVERY = "delivery"


def warn(turn: Turn, row: Proactive) -> list[Move] | None:
    """Say that a promise will be late, before it is; not when that has changed."""
    promise = turn.session.get_one(Promise, row.about["promise"])
    delay = delays.delay_of(turn.session, promise, turn.knowledge, turn.now)
    if delay is None:
        return None
    told = tell(turn, promise, delay)
    news.listen(turn, promise.about.get("order"), delay.why)
    return [told]


def tell(turn: Turn, promise: Promise, delay: Delay) -> Move:
    """Apologise, give the new time, and say what can be done."""
    values = {
        "what": _what(turn, promise),
        "old": say.delivery_day(turn, promise.due_at),
        "day": say.delivery_day(turn, delay.until),
    }
    delays.move(turn.session, promise, delay, turn.now)
    log.write(
        turn.session,
        turn.heard,
        "promise_delayed",
        promise=promise.id,
        of=promise.kind,
        why=delay.why,
        due=delay.until.isoformat(),
    )
    buttons: tuple[say.Button, ...] = (say.labelled(turn, "person", "ask_human"),)
    if delay.why == "not_left":
        number = promise.about["order"]
        cancel = say.labelled(turn, "cancel_it", "cancel_order", order=number)
        buttons = (cancel, *buttons)
    name = f"utter_late_{delay.why}"
    return Move(name, values, buttons=buttons)


def _what(turn: Turn, promise: Promise) -> str:
    """Return what was promised, in words."""
    says = say.says(turn)
    if promise.kind == DELIVERY and "order" in promise.about:
        return says["promised_order"].format(number=promise.about["order"])
    return says.get(f"promised_{promise.kind}", says["promised_other"])


def moved(turn: Turn, row: Proactive) -> list[Move] | None:
    """Say on which later day an order comes that was paid late."""
    promise = turn.session.get_one(Promise, row.about["promise"])
    order = find_number(turn.session, promise.about.get("order", 0))
    if order is None or promise.state != State.OPEN:
        return None
    values = {
        "number": order.called,
        "day": say.delivery_day(turn, promise.due_at),
    }
    news.listen(turn, order.number)
    return [Move("utter_paid_and_moved", values)]


def has_left(turn: Turn, row: Proactive) -> list[Move] | None:
    """Say that a late parcel is on its way, as we said that we would."""
    promise = turn.session.get_one(Promise, row.about["promise"])
    order = find_number(turn.session, promise.about.get("order", 0))
    if order is None or order.status != Status.SHIPPED or promise.state != State.OPEN:
        return None
    values = {
        "number": str(order.number),
        "day": say.delivery_day(turn, promise.due_at),
    }
    news.listen(turn, order.number)
    return [Move("utter_has_left", values)]


def owed(turn: Turn) -> list[Move]:
    """Say to who comes what they could not be written: which promises are late."""
    query = select(Promise).where(
        Promise.customer_id == turn.heard.customer_id,
        Promise.state == State.OPEN,
        Promise.kind != "check_in",
    )
    found = turn.session.scalars(query.order_by(Promise.due_at)).all()
    late = [
        (promise, delay)
        for promise in found
        if (delay := delays.delay_of(turn.session, promise, turn.knowledge, turn.now))
    ]
    return [tell(turn, promise, delay) for promise, delay in late[:1]]
