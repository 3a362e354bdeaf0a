"""Mandates: what may be ordered for a customer, agreed in plain words."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from journey import log, pending
from journey.catalogue.products import find_products
from journey.coach import back, say
from journey.coach.mandates import ending, moving, terms
from journey.coach.mandates.terms import WEEK, Terms
from journey.coach.orders.purchases import bought, visible
from journey.coach.shortlist.options import on_table, pointed
from journey.mandates import mandates
from journey.mandates.mandates import NOTICE_DAYS
from journey.people.consent import Purpose
from journey.store.tables import Mandate, Pending, Product
from journey.turn import Move, Turn

MOST = 4
RHYTHMS = (4, 6, 8)
"""Offered in weeks when nobody said how often."""


def give(turn: Turn) -> list[Move]:
    """Agree on what may be ordered, how often and up to which price."""
    said = terms.heard_in(turn)
    if (turned := ending.pause_or_resume(turn)) is not None:
        return turned
    living = _meant_living(turn)
    if len(living) == 1:
        return renew(turn, living[0])
    ids = [x.product_id for x in living]
    found = list(find_products(turn.session, ids).values()) or _products(turn)
    if len(found) == 1:
        return _settle(turn, found[0], said)
    if not found:
        return [Move("utter_mandate_what")]
    buttons = tuple(
        say.button(x.name, "set_mandate", product=x.id) for x in found[:MOST]
    )
    prompt = Move("utter_mandate_which", buttons=buttons)
    about = {"products": [x.id for x in found], "terms": said.as_json()}
    return [pending.interrupt(turn, "mandate_product", prompt, **about)]


def renew(turn: Turn, mandate: Mandate, *, cap: float | None = None) -> list[Move]:
    """Ask whether to go on under other terms, as a message says them.

    `cap`: the only thing that it says.
    """
    product = turn.session.get_one(Product, mandate.product_id)
    said = terms.heard_in(turn) if cap is None else Terms(cap=cap)
    return _settle(turn, product, said.over(terms.of(mandate)))


def _meant_living(turn: Turn) -> Sequence[Mandate]:
    """Return the mandates that a message changes: those it names, else the only one."""
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    if turn.heard.of(*ending.ABOUT):
        return ending.named_in(turn, living)
    table = on_table(turn)
    return [] if table and pointed(turn, table) else living


def _products(turn: Turn) -> list[Product]:
    """Return what may be meant: named, on the table, or bought before."""
    named = [str(e.value) for e in turn.heard.of("product")]
    if named:
        return list(find_products(turn.session, named).values())
    table = on_table(turn)
    options = pointed(turn, table) if table else []
    if table and options:
        return [table.product(option) for option in options]
    lines = bought(turn, visible(turn))
    kinds = {str(e.value) for e in turn.heard.of("category")}
    before = {x.product.id: x.product for x in lines if x.product.category in kinds}
    if kinds:
        return list(before.values()) or _of_kinds(turn, kinds)
    last = [x.product for x in lines if x.order is lines[0].order]
    return [product for product in last if product.uses_up_days] or last


def _of_kinds(turn: Turn, kinds: set[str]) -> list[Product]:
    query = select(Product).where(Product.active, Product.left > 0)
    query = query.where(Product.category.in_(kinds)).order_by(Product.id)
    return list(turn.session.scalars(query))


def product(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read which product is meant."""
    ids: list[str] = waiting.about["products"]
    named = [str(e.value) for e in turn.heard.of("product") if str(e.value) in ids]
    for mark in turn.heard.of("reference"):
        index = int(mark.value.get("index") or 0)
        named += ids[index - 1 : index] if index > 0 else ids[-1:] if index else []
    if not named:
        return _left(turn)
    said = terms.heard_in(turn).over(terms.from_json(waiting.about["terms"]))
    pending.done(turn)
    chosen = find_products(turn.session, named)[named[0]]
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    before = next((x for x in living if x.product_id == chosen.id), None)
    return _settle(turn, chosen, said.over(terms.of(before)) if before else said)


def _left(turn: Turn) -> list[Move] | None:
    if turn.heard.intent not in ("deny", "refuse_option", "revoke_mandate"):
        return None
    return [Move("utter_no_mandate_given"), *back.finished(turn)]


def _settle(turn: Turn, product: Product, said: Terms) -> list[Move]:
    """Ask how often when neither words nor the product say it; else confirm."""
    if said.days is None and not said.when_due:
        if product.uses_up_days is None:
            return [_ask_how_often(turn, product, said)]
        said = Terms(when_due=True).over(said)
    return [terms.ask_to_agree(turn, product, said)]


def _ask_how_often(turn: Turn, product: Product, said: Terms) -> Move:
    buttons = tuple(
        say.button(
            terms.every(turn, weeks * WEEK), "set_mandate", every_days=weeks * WEEK
        )
        for weeks in RHYTHMS
    )
    prompt = Move("utter_mandate_every", {"name": product.name}, buttons=buttons)
    about = {"product": product.id, "terms": said.as_json()}
    return pending.interrupt(turn, "mandate_every", prompt, **about)


def every(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read how often."""
    heard = terms.heard_in(turn)
    if heard.days is None and not heard.when_due:
        return _left(turn)
    named = waiting.about["product"]
    said = heard.over(terms.from_json(waiting.about["terms"]))
    pending.done(turn)
    return _settle(turn, find_products(turn.session, [named])[named], said)


def agree(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Record the mandate and the consent with the words that were agreed to."""
    about: dict[str, Any] = waiting.about
    heard = terms.heard_in(turn)
    said = terms.from_json(about["terms"])
    if turn.heard.intent in ("set_mandate", "give_preference") and heard.said_anything:
        named = find_products(turn.session, [about["product"]])[about["product"]]
        pending.done(turn)
        return _settle(turn, named, heard.over(said))
    if turn.heard.intent != "affirm":
        return _left(turn)
    made = record(turn, about["product"], said, about["said"], about["text"])
    values = {
        "every": terms.rhythm(turn, said),
        "notice": str(made.notice_days),
        "day": moving.next_day(turn, made),
    }
    return [Move("utter_mandate_given", values), *back.finished(turn)]


def record(
    turn: Turn, product_id: str, said: Terms, asked_for: str, text: str
) -> Mandate:
    """Record a mandate, with the customer's wish and the exact words agreed to."""
    for old in mandates.living_mandates(turn.session, turn.heard.customer_id):
        if old.product_id == product_id:
            ending.forget_question(turn, old)
    made = mandates.give_mandate(
        turn.session,
        customer_id=turn.heard.customer_id,
        product_id=product_id,
        cap=Decimal(str(said.cap)) if said.cap is not None else None,
        every_days=said.days,
        quantity=said.quantity or 1,
        notice_days=said.notice or NOTICE_DAYS,
        substitutes=bool(said.substitutes),
        said=asked_for,
        now=turn.now,
    )
    _log_given(turn, made, text)
    return made


def _log_given(turn: Turn, made: Mandate, text: str) -> None:
    log.write(
        turn.session,
        turn.heard,
        "mandate_given",
        mandate=made.id,
        product=made.product_id,
        cap=float(made.cap) if made.cap is not None else None,
        every_days=made.every_days,
        notice_days=made.notice_days,
        substitutes=made.substitutes,
    )
    ending.decide(turn, True, text)
    log.write(turn.session, turn.heard, "consent_given", purpose=Purpose.MANDATE)
