"""Mandates: what may be prepared for a customer, agreed in plain words."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from journey import log, mandates, pending
from journey.catalogue.products import find_products
from journey.coach import back, placing, say
from journey.coach.options import on_table, pointed
from journey.coach.purchases import bought, visible
from journey.consent import Purpose, record_consent
from journey.store.tables import Mandate, Pending, Product
from journey.turn import Move, Turn

MOST = 4
WEEK = 7
RHYTHMS = (4, 6, 8)
"""Offered in weeks when nobody said how often."""
NOTICE_DAYS = 3


def give(turn: Turn) -> list[Move]:
    """Agree on what may be prepared, how often and up to which price."""
    found = _products(turn)
    if len(found) == 1:
        return _settle(turn, found[0], _cap(turn), _days(turn))
    if not found:
        return [Move("utter_mandate_what")]
    buttons = tuple(
        say.button(x.name, "set_mandate", product=x.id) for x in found[:MOST]
    )
    prompt = Move("utter_mandate_which", buttons=buttons)
    about = {"products": [x.id for x in found], "cap": _cap(turn), "days": _days(turn)}
    return [pending.interrupt(turn, "mandate_product", prompt, **about)]


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


def _cap(turn: Turn) -> float | None:
    amounts = [e.value["amount"] for e in turn.heard.of("money")]
    return float(amounts[0]) if amounts else None


def _days(turn: Turn) -> int | None:
    pressed = [int(e.value) for e in turn.heard.of("every_days")]
    said = [int(e.value["days"]) for e in turn.heard.of("duration")]
    return next((days for days in [*pressed, *said] if days > 0), None)


def product(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read which product is meant."""
    ids: list[str] = waiting.about["products"]
    named = [str(e.value) for e in turn.heard.of("product") if str(e.value) in ids]
    for mark in turn.heard.of("reference"):
        index = int(mark.value.get("index") or 0)
        named += ids[index - 1 : index] if index > 0 else ids[-1:] if index else []
    if not named:
        return _left(turn)
    cap = _cap(turn) or waiting.about["cap"]
    days = _days(turn) or waiting.about["days"]
    pending.done(turn)
    return _settle(turn, find_products(turn.session, named)[named[0]], cap, days)


def _left(turn: Turn) -> list[Move] | None:
    if turn.heard.intent not in ("deny", "refuse_option", "revoke_mandate"):
        return None
    return [Move("utter_no_mandate_given"), *back.finished(turn)]


def _settle(
    turn: Turn, product: Product, cap: float | None, days: int | None
) -> list[Move]:
    """Ask how often when neither words nor the product say it; else confirm."""
    if days is None and product.uses_up_days:
        days = max(1, round(product.uses_up_days / WEEK)) * WEEK
    about = {"product": product.id, "cap": cap}
    if days is None:
        prompt = Move(
            "utter_mandate_every", {"name": product.name}, buttons=_rhythms(turn)
        )
        return [pending.interrupt(turn, "mandate_every", prompt, **about)]
    text = consent_text(turn, product, cap, days)
    values = {"text": text, "note": _note(turn, product, cap)}
    buttons = (say.labelled(turn, "agree", "affirm"), say.labelled(turn, "no", "deny"))
    prompt = Move("utter_confirm_mandate", values, buttons=buttons)
    about = {**about, "days": days, "text": text, "said": turn.heard.text}
    return [pending.interrupt(turn, "confirm_mandate", prompt, **about)]


def _rhythms(turn: Turn) -> tuple[say.Button, ...]:
    return tuple(
        say.button(_every(turn, weeks * WEEK), "set_mandate", every_days=weeks * WEEK)
        for weeks in RHYTHMS
    )


def _every(turn: Turn, days: int) -> str:
    says = say.says(turn)
    if days % WEEK == 0:
        weeks = days // WEEK
        return says["every_week" if weeks == 1 else "every_weeks"].format(count=weeks)
    return says["every_day" if days == 1 else "every_days"].format(count=days)


def consent_text(turn: Turn, product: Product, cap: float | None, days: int) -> str:
    """Return the exact words that are agreed to and kept in the ledger."""
    says = say.says(turn)
    limit = says["mandate_no_cap"]
    if cap is not None:
        limit = says["mandate_cap"].format(price=placing.money(turn, cap))
    return says["mandate_text"].format(
        every=_every(turn, days), name=product.name, limit=limit, notice=NOTICE_DAYS
    )


def _note(turn: Turn, product: Product, cap: float | None) -> str:
    """Return a word of warning when the price is over the cap today already."""
    price = placing.money(turn, product.price)
    over = cap is not None and float(product.price) > cap
    name = "mandate_over_cap" if over else "mandate_price_now"
    return say.says(turn)[name].format(price=price)


def every(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read how often."""
    days = _days(turn)
    if days is None:
        return _left(turn)
    named = waiting.about["product"]
    cap = _cap(turn) or waiting.about["cap"]
    pending.done(turn)
    return _settle(turn, find_products(turn.session, [named])[named], cap, days)


def agree(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Record the mandate and the consent with the words that were agreed to."""
    about: dict[str, Any] = waiting.about
    if turn.heard.intent in ("set_mandate", "give_preference") and (
        _cap(turn) or _days(turn)
    ):
        named = find_products(turn.session, [about["product"]])[about["product"]]
        cap, days = _cap(turn) or about["cap"], _days(turn) or about["days"]
        pending.done(turn)
        return _settle(turn, named, cap, days)
    if turn.heard.intent != "affirm":
        return _left(turn)
    cap = Decimal(str(about["cap"])) if about["cap"] is not None else None
    made = mandates.give_mandate(
        turn.session,
        customer_id=turn.heard.customer_id,
        product_id=about["product"],
        cap=cap,
        every_days=about["days"],
        said=about["said"],
        now=turn.now,
    )
    _log_given(turn, made, about["text"])
    day = _every(turn, about["days"])
    return [Move("utter_mandate_given", {"every": day}), *back.finished(turn)]


def _log_given(turn: Turn, made: Mandate, text: str) -> None:
    log.write(
        turn.session,
        turn.heard,
        "mandate_given",
        mandate=made.id,
        product=made.product_id,
        cap=float(made.cap) if made.cap is not None else None,
        every_days=made.every_days,
    )
    _consent(turn, True, text)
    log.write(turn.session, turn.heard, "consent_given", purpose=Purpose.MANDATE)


def _consent(turn: Turn, granted: bool, text: str) -> None:
    record_consent(
        turn.session,
        turn.heard.customer_id,
        Purpose.MANDATE,
        granted,
        text=text,
        source=turn.heard.message_id,
        now=turn.now,
    )


def revoke(turn: Turn) -> list[Move]:
    """End the mandates that are named, else all of them, at once."""
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    if not living:
        return [Move("utter_no_mandate")]
    products = find_products(turn.session, [mandate.product_id for mandate in living])
    ended = _meant(turn, living, products)
    for mandate in ended:
        mandates.revoke_mandate(mandate, turn.now)
        log.write(
            turn.session,
            turn.heard,
            "mandate_revoked",
            mandate=mandate.id,
            product=mandate.product_id,
        )
    if len(ended) == len(living):
        _consent(turn, False, turn.heard.text or say.says(turn)["mandate_end"])
        log.write(
            turn.session, turn.heard, "consent_withdrawn", purpose=Purpose.MANDATE
        )
    language = turn.knowledge.language(turn.heard.language)
    names = language.join([products[x.product_id].name for x in ended])
    return [Move("utter_mandate_revoked", {"names": names}), *back.way_back(turn)]


def _meant(
    turn: Turn, living: Sequence[Mandate], products: dict[str, Product]
) -> Sequence[Mandate]:
    named = {str(e.value) for e in turn.heard.of("product", "category")}
    found = [
        x for x in living if {x.product_id, products[x.product_id].category} & named
    ]
    return found or living
