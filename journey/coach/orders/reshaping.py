"""Another product in an order, and another day: what can be had until it leaves."""

from datetime import datetime, time

from journey import log, pending
from journey.coach import back, say
from journey.coach.orders import changing, placing
from journey.coach.orders.purchases import Bought, bought, visible
from journey.orders.amendments import Postpone, Swap, TooSoon
from journey.orders.orders import is_open, total
from journey.orders.shipping import Way, day_of
from journey.orders.stock import OutOfStock
from journey.people.goals import deadline
from journey.store.tables import Order, Pending, Product
from journey.turn import Move, Turn

NOON = time(12)


def reshape(turn: Turn, lines: list[Bought]) -> list[Move] | None:
    """Read a wish for another product or another day, if there is one."""
    swap = _swap(turn, lines)
    if swap:
        return [_confirm(turn, *swap)]
    day = _named(turn)
    return _move(turn, lines[0], day) if day else None


def _swap(turn: Turn, lines: list[Bought]) -> tuple[Bought, Product] | None:
    """Return which line goes for which product, when a message says that."""
    newest = bought(turn, [lines[0].order])
    named = [str(e.value) for e in turn.heard.of("product") if not e.negated]
    held = {line.product.id for line in newest}
    wanted = [turn.session.get(Product, name) for name in named if name not in held]
    if len(wanted) != 1 or wanted[0] is None or not wanted[0].active:
        return None
    mentioned = {str(e.value) for e in turn.heard.of("product")}
    among = [x for x in newest if x.product.id in mentioned] or newest
    alike = [x for x in among if x.product.category == wanted[0].category] or among
    return (alike[0], wanted[0]) if len(alike) == 1 else None


def _confirm(turn: Turn, line: Bought, product: Product) -> Move:
    values = {
        "number": line.order.called,
        "old": line.product.name,
        "new": product.name,
        "price": placing.money(turn, product.price),
    }
    buttons = (
        say.labelled(turn, "swap_it", "affirm"),
        say.labelled(turn, "keep_order", "deny"),
    )
    prompt = Move("utter_confirm_swap", values, buttons=buttons)
    about = {"item": line.item.id, "product": product.id}
    return pending.interrupt(turn, "confirm_swap", prompt, **about)


def confirm_swap(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Swap after a yes."""
    if turn.heard.intent in ("deny", "refuse_option"):
        return [Move("utter_order_kept"), *back.finished(turn)]
    if turn.heard.intent != "affirm":
        return None
    about = dict(waiting.about)
    lines = bought(turn, visible(turn))
    line = next((x for x in lines if x.item.id == about["item"]), None)
    product = turn.session.get(Product, about["product"])
    pending.done(turn)
    if line is None or product is None or not is_open(line.order):
        return [Move("utter_order_kept"), *back.way_back(turn)]
    return [*_swapped(turn, line, product), *back.way_back(turn)]


def _swapped(turn: Turn, line: Bought, product: Product) -> list[Move]:
    order = line.order
    try:
        later = changing.ask(turn, order, _to(turn, line, product))
    except OutOfStock as error:
        values = {"name": product.name, "left": str(error.left)}
        return [Move("utter_no_more_left", values)]
    if later:
        return later
    log.write(
        turn.session,
        turn.heard,
        "order_changed",
        order=order.number,
        what="product",
        old=line.product.id,
        new=product.id,
    )
    values = {
        "number": order.called,
        "items": placing.items_in_words(turn, [(product, line.item.quantity)]),
        "total": placing.money(turn, total(turn.session, order)),
    }
    return [Move("utter_quantity_changed", values, placing.card(turn, order))]


def _to(turn: Turn, line: Bought, product: Product) -> Swap:
    alone, way = [(product, line.item.quantity)], Way(line.order.way)
    day = day_of(turn.knowledge.policies.delivery, alone, way, turn.now)
    return Swap(line.item.id, product.id, day)


def _named(turn: Turn) -> datetime | None:
    """Return the noon of the day that a message names, on the clock of parcels."""
    day = deadline(turn)
    here = turn.knowledge.policies.delivery.workdays.here(turn.now)
    return datetime.combine(day, NOON, tzinfo=here.tzinfo) if day else None


def _move(turn: Turn, line: Bought, day: datetime) -> list[Move]:
    """Move the day of an order; one before it can be there is not promised."""
    values = {"number": line.order.called}
    if _is_kept(turn, line.order, day):
        values |= {
            "day": say.delivery_day(turn, line.order.deliver_by),
            "wished": say.delivery_day(turn, day),
        }
        return [Move("utter_delivery_in_time", values)]
    try:
        later = changing.ask(turn, line.order, _until(turn, line, day))
    except TooSoon as error:
        values["day"] = say.delivery_day(turn, error.earliest)
        return [Move("utter_delivery_too_soon", values)]
    if later:
        return later
    log.write(
        turn.session,
        turn.heard,
        "order_changed",
        order=line.order.number,
        what="day",
        day=line.order.deliver_by.isoformat(),
    )
    values["day"] = say.delivery_day(turn, line.order.deliver_by)
    return [Move("utter_delivery_moved", values, placing.card(turn, line.order))]


def _is_kept(turn: Turn, order: Order, day: datetime) -> bool:
    """Tell whether "by Friday" is promised already: it moves nothing to a later day."""
    by = any(entity.value.get("op") == "<=" for entity in turn.heard.of("date"))
    return by and order.deliver_by.date() <= day.date()


def _until(turn: Turn, line: Bought, day: datetime) -> Postpone:
    """Return the wish for a day; on one without parcels it is the next with some."""
    whole = bought(turn, [line.order])
    pairs = [(x.product, x.item.quantity) for x in whole]
    policy = turn.knowledge.policies.delivery
    earliest = day_of(policy, pairs, Way(line.order.way), turn.now)
    return Postpone(policy.workdays.deliver_by(day, 0), earliest)
