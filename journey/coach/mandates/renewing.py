"""What is due again: reminded of, ordered at a yes, or taken over by a mandate."""

from datetime import timedelta

from journey import log, pending
from journey.coach import asking, back, replying, say, written
from journey.coach.mandates import carrying, terms
from journey.coach.mandates.terms import Terms
from journey.coach.orders import placing, taking
from journey.foresight.foresight import OVER, VETOED, Due, foresee, foretell
from journey.foresight.latent import hints
from journey.mandates import mandates
from journey.orders.orders import living_items
from journey.people.consent import Purpose
from journey.store.tables import Order, Pending, Proactive, Product
from journey.turn import Move, Turn

KIND = "due_again"
OFFERED = "mandate_offered"
SOON = timedelta(days=7)
PAUSE = timedelta(days=90)
"""So long after a mandate was offered, none is."""
NO = ("deny", "refuse_option", "goodbye")


def remind(turn: Turn, row: Proactive) -> list[Move] | None:
    """Say that something is due and why we think so; not when it came meanwhile."""
    product = turn.session.get_one(Product, row.about["product"])
    due = foretell(turn.session, row.customer_id, product, turn.knowledge, turn.now)
    if due is None or due.last.isoformat() != row.about["last"]:
        return None
    if not product.active or product.left < 1 or is_minded(turn, product):
        return None
    return [ask(turn, due)]


def is_minded(turn: Turn, product: Product) -> bool:
    """Tell whether a mandate sees to a product already."""
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    return any(x.product_id == product.id for x in living)


def ask(turn: Turn, due: Due) -> Move:
    """Ask whether to order it again."""
    language = turn.knowledge.language(turn.heard.language)
    values = {
        "name": due.product.name,
        "reason": due.reason(language, say.zone(turn)),
        "price": placing.money(turn, due.product.price),
    }
    buttons = (
        say.labelled(turn, "order_due", "affirm"),
        say.labelled(turn, "not_yet", "deny"),
    )
    prompt = Move("utter_due_again", values, buttons=buttons)
    product = due.product.id
    return pending.interrupt(turn, KIND, prompt, product=product, focus=product)


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Order it at a yes; a "not yet" teaches."""
    product = turn.session.get_one(Product, waiting.about["product"])
    said = taking.meaning(turn)
    if said == "no" or (said is None and carrying.says_no(turn)):
        return [_not_yet(turn, product), *back.finished(turn)]
    if said == "later":
        return [_not_before(turn, product), *back.finished(turn)]
    if said == "over":
        log.write(turn.session, turn.heard, OVER, product=product.id)
        values = {"name": product.name}
        return [Move("utter_due_over", values), *back.finished(turn)]
    reason = written.told_reason(turn)
    reacted = written.react(turn, said, Purpose.DUE_AGAIN, reason)
    return reacted or taking.take(turn, product, said)


def _not_yet(turn: Turn, product: Product) -> Move:
    log.write(turn.session, turn.heard, VETOED, product=product.id)
    return Move("utter_not_due_yet")


def _not_before(turn: Turn, product: Product) -> Move:
    """Count on the day that is named, else on a later one."""
    day = replying.named_day(turn)
    if day is None:
        return _not_yet(turn, product)
    until = day.isoformat()
    log.write(turn.session, turn.heard, VETOED, product=product.id, until=until)
    return Move("utter_not_due_before", {"day": say.day(turn, day)})


def mention(turn: Turn) -> list[Move]:
    """Say to who is here what is likely due, when nothing else is to be said."""
    for due in foresee(turn.session, turn.heard.customer_id, turn.knowledge, turn.now):
        if not due.is_due(turn.now, SOON):
            continue
        if due.product.active and due.product.left and not is_minded(turn, due.product):
            return [ask(turn, due)]
    return []


def after_order(turn: Turn, order: Order) -> list[Move]:
    """Offer what fits after an order, one thing at most, and never pushed."""
    return (
        _offer_mandate(turn, order)
        or _ask_for(turn, Purpose.PROMISE_NEWS)
        or (_ask_for(turn, Purpose.DUE_AGAIN) if _due_of(turn, order) else [])
        or (_ask_for(turn, Purpose.MAY_NEED) if _may_need(turn) else [])
    )


def _may_need(turn: Turn) -> bool:
    found = hints(turn.session, turn.heard.customer_id, turn.knowledge, turn.now)
    return bool(found)


def _ask_for(turn: Turn, purpose: Purpose) -> list[Move]:
    return asking.ask(turn, purpose) if asking.may_ask(turn, purpose) else []


def _due_of(turn: Turn, order: Order) -> list[Due]:
    found = [
        foretell(
            turn.session,
            turn.heard.customer_id,
            turn.session.get_one(Product, item.product_id),
            turn.knowledge,
            turn.now,
        )
        for item in living_items(turn.session, order)
    ]
    return [due for due in found if due is not None and len(due.purchases) >= 2]


def _offer_mandate(turn: Turn, order: Order) -> list[Move]:
    """Offer to order it of ourselves from now on, where its day is sure."""
    sure = [x for x in _due_of(turn, order) if x.is_sure]
    sure = [x for x in sure if not is_minded(turn, x.product)]
    if not sure or asking.asked_lately(turn, OFFERED, PAUSE):
        return []
    due = max(sure, key=lambda x: len(x.purchases))
    log.write(turn.session, turn.heard, OFFERED, product=due.product.id)
    language = turn.knowledge.language(turn.heard.language)
    values = {"name": due.product.name, "reason": due.reason(language, say.zone(turn))}
    buttons = (
        say.labelled(turn, "tell_more", "affirm"),
        say.labelled(turn, "no", "deny"),
    )
    prompt = Move("utter_offer_mandate", values, buttons=buttons)
    return [pending.expect(turn, OFFERED, prompt, product=due.product.id)]


def consider(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Show the words that would be agreed to, or leave it."""
    if turn.heard.intent in NO:
        return [Move("utter_no_mandate_given"), *back.finished(turn)]
    if turn.heard.intent not in ("affirm", "set_mandate"):
        pending.done(turn)
        return None
    product = turn.session.get_one(Product, waiting.about["product"])
    said = terms.heard_in(turn).over(Terms(when_due=True))
    pending.done(turn)
    return [terms.ask_to_agree(turn, product, said)]


EXPECTS = {KIND: answer, OFFERED: consider}
