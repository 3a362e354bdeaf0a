"""What a customer sees and changes on their own page: mandates, orders, messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from journey import log, pending
from journey.coach import say
from journey.coach.mandates import (
    carrying,
    ending,
    mandating,
    moving,
    terms,
    undoing,
)
from journey.coach.mandates.terms import Terms
from journey.coach.orders.purchases import bought, visible
from journey.mandates import mandates
from journey.mandates.executions import OPEN
from journey.orders.orders import is_open
from journey.people.consent import WRITING, Purpose, has_consent, record_consent
from journey.proactive.wishes import Wishes, keep_wish, wishes_of
from journey.store.tables import Customer, Execution, Mandate, Order, Product
from journey.turn import Turn

LATELY = 20
"""So many orders of mandates are shown."""
ASKED = sorted(WRITING - {Purpose.MANDATE})
"""What is agreed to by a tick; ordering is agreed to with the words of a mandate."""


@dataclass(frozen=True)
class Standing:
    """A mandate that lives, its product, and the words that were agreed to."""

    mandate: Mandate
    product: Product
    words: str


@dataclass(frozen=True)
class Done:
    """An order that a mandate asked for; `can` is `skip`, `undo` or nothing."""

    execution: Execution
    product: Product
    order: Order | None
    can: str | None


@dataclass(frozen=True)
class Page:
    """All that the page shows."""

    name: str | None
    standing: Sequence[Standing]
    done: Sequence[Done]
    offered: Sequence[Product]
    wishes: Wishes
    consents: Sequence[tuple[Purpose, str, bool]]


def show(turn: Turn) -> Page:
    """Return what stands for a customer."""
    customer = turn.session.get_one(Customer, turn.heard.customer_id)
    standing = [
        Standing(x, product, terms.in_words(turn, product, terms.of(x)))
        for x in mandates.living_mandates(turn.session, customer.id)
        if (product := turn.session.get_one(Product, x.product_id))
    ]
    taken = {x.product.id for x in standing}
    before = {x.product.id: x.product for x in bought(turn, visible(turn))}
    zone = turn.knowledge.policies.people.timezone
    return Page(
        name=customer.name,
        standing=standing,
        done=_done(turn),
        offered=[x for x in before.values() if x.active and x.id not in taken],
        wishes=wishes_of(turn.session, customer, zone),
        consents=[(x, consent_text(turn, x), _agreed(turn, x)) for x in ASKED],
    )


def _done(turn: Turn) -> list[Done]:
    query = (
        select(Execution, Product, Order)
        .join(Product, Product.id == Execution.product_id)
        .outerjoin(Order, Order.id == Execution.order_id)
        .where(Execution.customer_id == turn.heard.customer_id)
        .order_by(Execution.order_at.desc())
        .limit(LATELY)
    )
    return [
        Done(execution, product, order, _can(execution, order))
        for execution, product, order in turn.session.execute(query)
    ]


def _can(execution: Execution, order: Order | None) -> str | None:
    if execution.state in OPEN:
        return "skip"
    return "undo" if order is not None and is_open(order) else None


def consent_text(turn: Turn, purpose: Purpose) -> str:
    """Return the exact words that a tick agrees to."""
    return say.says(turn)[f"consent_{purpose}"]


def _agreed(turn: Turn, purpose: Purpose) -> bool:
    return has_consent(turn.session, turn.heard.customer_id, purpose, turn.now)


def give(turn: Turn, product_id: str, wanted: Terms) -> bool:
    """Give a mandate, or change one; False when it cannot be.

    That is for what the customer never had, and "when it is due" for what is not
    used up.
    """
    page = show(turn)
    known = [*(x.product for x in page.standing), *page.offered]
    product = next((x for x in known if x.id == product_id), None)
    if product is None or (wanted.when_due and product.uses_up_days is None):
        return False
    text = terms.in_words(turn, product, wanted)
    mandating.record(turn, product.id, wanted, turn.heard.text, text)
    return True


def set_state(turn: Turn, mandate: Mandate, wish: str) -> None:
    """Pause a mandate, go on with it, or end it."""
    if wish == "pause":
        ending.pause(turn, [mandate])
    elif wish == "resume":
        if not ending.may_order(turn):
            product = turn.session.get_one(Product, mandate.product_id)
            text = terms.in_words(turn, product, terms.of(mandate))
            ending.decide(turn, True, text)
        ending.resume(turn, [mandate])
    elif wish == "revoke":
        living = mandates.living_mandates(turn.session, turn.heard.customer_id)
        ending.end(turn, [mandate], living)


def take_back(turn: Turn, execution: Execution) -> bool:
    """Skip what is to be ordered, or cancel what was; False when it is too late."""
    order = turn.session.get(Order, execution.order_id or "")
    can = _can(execution, order)
    if can == "skip":
        moving.skip(turn, execution)
    elif order is not None and can == "undo":
        undoing.take_back(turn, execution, order)
    if can is not None:
        pending.forget(turn, carrying.EXECUTION, execution.id)
    return can is not None


def agree(turn: Turn, wanted: set[Purpose]) -> None:
    """Write down what was ticked and what was not any more, each in its words."""
    for purpose in ASKED:
        granted = purpose in wanted
        if granted != _agreed(turn, purpose):
            record_consent(
                turn.session,
                turn.heard.customer_id,
                purpose,
                granted,
                text=consent_text(turn, purpose),
                source=turn.heard.message_id,
                now=turn.now,
            )
            kind = "consent_given" if granted else "consent_withdrawn"
            log.write(turn.session, turn.heard, kind, purpose=purpose)


def wish(turn: Turn, per_week: int, quiet_from: int, quiet_until: int) -> None:
    """Keep how often and when the customer may be written to."""
    keep_wish(
        turn.session,
        turn.heard.customer_id,
        said=turn.heard.text,
        now=turn.now,
        per_week=per_week,
        span_days=terms.WEEK,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
    )
    log.write(
        turn.session,
        turn.heard,
        "contact_wished",
        per_week=per_week,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
    )


def read_terms(
    cap: Decimal | None, days: int | None, notice: int, quantity: int, alike: bool
) -> Terms:
    """Return the terms of a form as those of a message."""
    return Terms(
        cap=float(cap) if cap is not None else None,
        days=days,
        when_due=days is None,
        quantity=quantity,
        notice=notice,
        substitutes=alike,
    )
