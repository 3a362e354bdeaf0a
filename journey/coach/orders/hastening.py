"""Another way of delivery for a placed order: faster or back, at its price."""

from journey import pending
from journey.coach import back, say
from journey.coach.orders import amending, changing, placing, ways
from journey.coach.orders.purchases import bought, named_numbers, visible
from journey.coach.shortlist.options import on_table
from journey.orders import shipping
from journey.orders.amendments import Send
from journey.orders.orders import is_open, total
from journey.orders.shipping import Way
from journey.store.tables import Order, Pending
from journey.turn import Move, Turn

CONFIRM = "confirm_way"
AFTER = frozenset(
    "consent check_in change_what mandate_offered mandate_ordered may_need news".split()
)
"""While this is asked about, a way is that of the order before."""
OF_THINGS = frozenset({"ask_recommendation", "share_situation", "compare_options"})
"""Where "faster" is said of what is looked for."""


def hear(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Answer a wish for another way of an order that is here; None without one."""
    fits = waiting.expects in {pending.NOTHING, CONFIRM, *AFTER}
    way = _wished(turn) if fits else None
    if way is None or turn.heard.of("date"):
        return None
    here = [order for order in visible(turn) if is_open(order)]
    numbers = named_numbers(turn)
    named = [order for order in here if order.number in numbers] or here
    return offer(turn, named[0], way) if named else None


def _wished(turn: Turn) -> Way | None:
    """Return the way that is wished for; with nothing shown a question is a wish."""
    if turn.heard.intent in OF_THINGS:
        return None
    asked = turn.heard.intent == "ask_about_option" and on_table(turn) is None
    return ways.wanted(turn, asked=asked)


def offer(turn: Turn, order: Order, way: Way) -> list[Move]:
    """Ask whether to send an order in another way, with its day and what it costs."""
    wish = _send(turn, order, way)
    values = {"number": order.called, "day": say.delivery_day(turn, order.deliver_by)}
    if wish is None:
        return [Move("utter_way_no_use", values), *back.way_back(turn)]
    more = wish.fee - order.delivery_fee
    name = "utter_confirm_way_more" if more > 0 else "utter_confirm_way"
    values |= {
        "new": say.delivery_day(turn, wish.day),
        "more": placing.money(turn, abs(more)),
        "total": placing.money(turn, total(turn.session, order) + more),
    }
    buttons = (
        say.labelled(turn, "change_way", "affirm"),
        say.labelled(turn, "keep_order", "deny"),
    )
    prompt = Move(name, values, buttons=buttons)
    return [pending.interrupt(turn, CONFIRM, prompt, order=order.number, way=way)]


def _send(turn: Turn, order: Order, way: Way) -> Send | None:
    """Return the change; None when it is sent so already, or comes no sooner."""
    lines = bought(turn, [order])
    pairs = [(line.product, line.item.quantity) for line in lines]
    policy = turn.knowledge.policies.delivery
    wished = shipping.delivery_of(policy, pairs, way, turn.now)
    sooner = wished.day < order.deliver_by and policy.express is not None
    if order.way == way or (way is Way.EXPRESS and not sooner):
        return None
    return Send(way, wished.fee, wished.day)


def confirm(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Send it in the other way after a yes."""
    if turn.heard.intent in ("deny", "refuse_option"):
        return [Move("utter_order_kept"), *back.finished(turn)]
    if turn.heard.intent != "affirm":
        return None
    about = dict(waiting.about)
    pending.done(turn)
    order = next((x for x in visible(turn) if x.number == about["order"]), None)
    wish = _send(turn, order, Way(about["way"])) if order else None
    if order is None or not is_open(order) or wish is None:
        return [Move("utter_order_kept"), *back.way_back(turn)]
    later = changing.ask(turn, order, wish)
    return [*(later or _changed(turn, order)), *back.way_back(turn)]


def _changed(turn: Turn, order: Order) -> list[Move]:
    amending.note(turn, order, "order_changed", what="way", way=order.way)
    values = {
        "number": order.called,
        "day": say.delivery_day(turn, order.deliver_by),
        "total": placing.money(turn, total(turn.session, order)),
    }
    return [Move("utter_way_changed", values, placing.card(turn, order))]


EXPECTS = {CONFIRM: confirm}
