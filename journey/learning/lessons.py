"""Lessons: what one event of the journey log adds to what was learned.

A lesson is drawn from its event, from earlier events of the same customer and from
that customer's own sums, never from anything that changes behind the log. So the
sums can be made again from the log, and one customer's part taken out of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from journey.learning import confirmed, purchases
from journey.learning.fading import weigh
from journey.learning.past import Act, LoggedPast, Past
from journey.learning.sums import Sum, add
from journey.store.base import Base
from journey.store.tables import (
    Event,
    LearnedContact,
    LearnedGap,
    LearnedHour,
    LearnedMute,
    LearnedNext,
    LearnedProduct,
    LearnedSign,
    LearnedTaste,
)

Lesson = Callable[[Past, Act], Iterable[Sum]]
OWN = (LearnedTaste, LearnedContact)
"""A customer's own sums; the others are everybody's."""
SUMS = (LearnedProduct, LearnedNext, LearnedGap, LearnedHour, LearnedSign, *OWN)
REFUSALS = {
    "price": "refused_price",
    "trait": "refused_trait",
    "itself": "refused_itself",
    "none_of_them": "refused_all",
}
FEELINGS = {"good": "liked", "bad": "disliked"}


def learn(session: Session, event: Event) -> None:
    """Add an event's lesson to the sums, in the event's own transaction.

    Nothing is learned from a customer who does not want it.
    """
    if event.kind in LESSONS:
        add(session, drawn(LoggedPast(session), event))
    elif event.kind in DELETIONS:
        DELETIONS[event.kind](session, event)


def drawn(past: Past, event: Act) -> Iterable[Sum]:
    """Return the lesson of an event, nothing where its customer wants none."""
    return LESSONS[event.kind](past, event) if past.willing(event) else ()


def unlearn(session: Session, customer_id: str) -> None:
    """Take one customer's part out of all sums, as if they had never been here.

    Their own sums are made again event by event, since lessons lean on them; the
    erasure removes and counts those.
    """
    _drop_own(session, customer_id)
    query = select(Event).where(Event.customer_id == customer_id)
    for event in session.scalars(query.order_by(Event.number)).all():
        if event.kind in LESSONS:
            add(session, map(_taken_away, drawn(LoggedPast(session), event)))
        elif event.kind in DELETIONS:
            DELETIONS[event.kind](session, event)


def _taken_away(one: Sum) -> Sum:
    return one if one.table in OWN else -one


def _drop_own(session: Session, customer_id: str) -> None:
    own: tuple[type[Any], ...] = (*OWN, LearnedMute)
    for table in own:
        session.execute(delete(table).where(table.customer_id == customer_id))


def taste(event: Act, product: str, **amounts: Any) -> Sum:
    """Return what is added to a customer's own sums about a product."""
    key = {"customer_id": event.customer_id, "product_id": product}
    return Sum(LearnedTaste, key, amounts)


def product_sum(event: Act, product: str, **amounts: Any) -> Sum:
    """Return what is added to the population's sums about a product."""
    key = {"need": event.need or "", "product_id": product}
    return Sum(LearnedProduct, key, amounts)


def _shown(_past: Past, event: Act) -> Iterator[Sum]:
    for option in event.payload["options"]:
        yield taste(event, option["product"], shown=1)
        yield product_sum(event, option["product"], shown=1)


def _chosen(_past: Past, event: Act) -> Iterator[Sum]:
    product, weight = event.payload["product"], weigh(event.at)
    yield taste(event, product, chosen=1, liked=weight)
    yield product_sum(event, product, chosen=1, weight=weight)


def _refused(_past: Past, event: Act) -> Iterator[Sum]:
    product = event.payload["product"]
    why = REFUSALS.get(event.payload.get("why", ""), "refused_all")
    against = weigh(event.at) if why in ("refused_trait", "refused_itself") else 0
    yield taste(event, product, **{why: 1}, disliked=against)
    yield product_sum(event, product, refused=1)


def _felt(past: Past, event: Act) -> Iterator[Sum]:
    """Feedback on a journey is feedback on what was chosen in it."""
    value = event.payload.get("value")
    if value in FEELINGS:
        for product in purchases.chosen_in(past, event):
            amounts: Mapping[str, int] = {value: 1, FEELINGS[value]: weigh(event.at)}
            yield taste(event, product, **amounts)


def _asked_again(_past: Past, event: Act) -> Iterator[Sum]:
    """Who asks for the same again liked it, also where no order comes of it."""
    weight = weigh(event.at)
    for product in purchases.products_in(event):
        yield taste(event, product, liked=weight)
        yield product_sum(event, product, weight=weight)


def _told_others(_past: Past, event: Act) -> Iterator[Sum]:
    """Who tells others stands up for it: that is more than to be content."""
    weight = 2 * weigh(event.at)
    for product in purchases.products_in(event):
        yield taste(event, product, good=1, liked=weight)
        yield product_sum(event, product, weight=weight)


@dataclass(frozen=True)
class Before:
    """What a customer had ordered before: when each product last, and what last."""

    taken: Mapping[str, datetime]
    products: Sequence[str] | None


def _ordered(past: Past, event: Act) -> Iterator[Sum]:
    products = purchases.products_in(event)
    taken, last = past.taken(event, products), past.last_order(event)
    before = Before(taken, purchases.products_in(last) if last else None)
    yield from ordered_sums(event, before)


def ordered_sums(event: Act, before: Before) -> Iterator[Sum]:
    """Yield what an order teaches beside the customer's earlier ones."""
    weight, products = weigh(event.at), purchases.products_in(event)
    for product in products:
        yield product_sum(event, product, ordered=1, weight=weight)
        yield taste(
            event,
            product,
            ordered=1,
            liked=weight,
            ordered_at=event.at,
        )
    yield from purchases.gaps(event, products, before.taken)
    if before.products is not None:
        yield from purchases.nexts(event, products, before.products)


def _cancelled(past: Past, event: Act) -> Iterator[Sum]:
    """An order that was called off never was: what it weighed goes again."""
    order = purchases.order_of(past, event)
    if order is None:
        return
    called_off = purchases.products_in(event) or purchases.products_in(order)
    weight = -weigh(order.at)
    for product in called_off:
        yield product_sum(order, product, ordered=-1, weight=weight)
        yield taste(event, product, ordered=-1, liked=weight)


def _returned(past: Past, event: Act) -> Iterator[Sum]:
    weight = weigh(event.at)
    order = purchases.order_of(past, event)
    whole = purchases.products_in(order) if order else []
    for product in purchases.products_in(event) or whole:
        yield product_sum(order or event, product, returned=1)
        yield taste(event, product, returned=1, disliked=2 * weight)


def _wrote_first(event: Act, **amounts: int) -> Iterator[Sum]:
    """What we wrote of ourselves, at an hour of the customer's day."""
    key = {"channel": event.payload["channel"], "hour": event.payload["hour"]}
    yield Sum(LearnedContact, {"customer_id": event.customer_id, **key}, amounts)
    yield Sum(LearnedHour, key, amounts)


def _written(_past: Past, event: Act) -> Iterator[Sum]:
    yield from _wrote_first(event, sent=1)


def _answered(_past: Past, event: Act) -> Iterator[Sum]:
    yield from _wrote_first(event, answered=1)


def _drop_line(session: Session, event: Event) -> None:
    """Delete what was learned about a product or a trait; what they say stays.

    A customer has it deleted, or says how it really is: `likes`.
    """
    likes = event.payload.get("likes")
    if event.payload.get("product"):
        session.execute(
            delete(LearnedTaste).where(
                LearnedTaste.customer_id == event.customer_id,
                LearnedTaste.product_id == event.payload["product"],
            )
        )
        if likes is not None:
            add(session, [_said(event, likes)])
    elif event.customer_id and event.payload.get("trait"):
        session.add(
            LearnedMute(
                id=event.id,
                customer_id=event.customer_id,
                trait=event.payload["trait"],
                likes=likes,
                at=event.at,
            )
        )
        session.flush()


def _said(event: Event, likes: bool) -> Sum:
    """Return what a customer says of a product themselves, as a sum."""
    value = "good" if likes else "bad"
    amounts: Mapping[str, int] = {value: 1, FEELINGS[value]: weigh(event.at)}
    return taste(event, event.payload["product"], **amounts)


LESSONS: Mapping[str, Lesson] = {
    "shortlist_shown": _shown,
    "option_chosen": _chosen,
    "option_refused": _refused,
    "order_placed": _ordered,
    "order_cancelled": _cancelled,
    "return_requested": _returned,
    "feedback_given": _felt,
    "asked_again": _asked_again,
    "told_others": _told_others,
    "summary_confirmed": confirmed.signs,
    "proactive_sent": _written,
    "proactive_answered": _answered,
}
DELETIONS: Mapping[str, Callable[[Session, Event], None]] = {
    "lesson_deleted": _drop_line,
    "lesson_corrected": _drop_line,
}
KEPT: tuple[type[Base], ...] = (*SUMS, LearnedMute)
"""Everything that the log alone gives."""
