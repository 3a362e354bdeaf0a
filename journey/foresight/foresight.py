"""What a customer needs again, when, how surely, and why we think so."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from journey.foresight.uses import Use, rate_in
from journey.knowledge import Knowledge
from journey.language.words import Language
from journey.learning.fading import UNIT
from journey.learning.renewal import Forecast, Gaps, forecast, gaps_of, usual
from journey.orders.orders import NOTHING_SENT
from journey.store.tables import (
    Event,
    Execution,
    Fact,
    LearnedGap,
    Mandate,
    Order,
    OrderItem,
    Product,
    Return,
)

DAY = timedelta(days=1)
SURE = 0.36
"""Up to this spread a day is sure: two of three needs come within a third of it."""
LIKELY = 0.5
"""From this probability on a need is spoken of."""
VETOED, OVER = "mandate_vetoed", "need_over"
MOST_VETOES = 2


@dataclass(frozen=True)
class Purchase:
    """One purchase of a product: when, and how many pieces."""

    at: datetime
    pieces: int


@dataclass(frozen=True)
class Due:
    """When a customer needs a product again.

    `not_before` is a moment at which they told us that they do not need it yet, or the
    day before which they said (`named`) that they do not.
    `why` names a text of the language files, `said` what the customer told us.
    """

    product: Product
    purchases: Sequence[Purchase]
    forecast: Forecast
    why: str
    said: str | None
    vetoes: int
    not_before: datetime | None
    named: bool = False

    @property
    def last(self) -> datetime:
        """When it was taken last."""
        return self.purchases[-1].at

    @property
    def is_sure(self) -> bool:
        """Whether we may offer to order it of ourselves."""
        sure = self.forecast.spread <= SURE and self.vetoes < MOST_VETOES
        return sure and len(self.purchases) >= 2

    def day(self, now: datetime) -> datetime:
        """Return the day of the next need, as likely before as after it.

        Silence until now, or a "not yet", has moved it on.
        """
        elapsed = self._elapsed(now)
        passed = self.forecast.by(elapsed)
        middle = self.forecast.when(passed + (1 - passed) / 2)
        return self.last + timedelta(days=min(middle, 3650.0))

    def chance(self, now: datetime, ahead: timedelta) -> float:
        """Return the probability that it is needed within so long from now."""
        elapsed = self._elapsed(now)
        until = max((now + ahead - self.last) / DAY - elapsed, 0.0)
        return self.forecast.chance(elapsed, until)

    def needed(self, now: datetime, ahead: timedelta) -> float:
        """Return the probability that the need is there so long from now.

        Who has not taken it again may have run out: silence is no sign against it,
        unless it lasts so long that there will be no next time.
        """
        told = self.not_before
        after = max((told - self.last) / DAY, 0.0) if told else 0.0
        until = max((now + ahead - self.last) / DAY - after, 0.0)
        return self.forecast.within(after, until)

    def needed_at(self, share: float) -> datetime:
        """Return when so great a share of the needs has come."""
        told = self.not_before
        passed = self.forecast.by((told - self.last) / DAY) if told else 0.0
        days = self.forecast.when(passed + (1 - passed) * share)
        return self.last + timedelta(days=min(days, 3650.0))

    def is_due(self, now: datetime, ahead: timedelta) -> bool:
        """Tell whether it is time to speak of it."""
        if self.named and self.not_before is not None:
            return now >= self.not_before
        silent = max((now - self.last) / DAY, 0.0)
        goes_on = self.forecast.goes_on(silent) >= LIKELY
        return goes_on and self.needed(now, ahead) >= LIKELY

    def _elapsed(self, now: datetime) -> float:
        latest = max(now, self.not_before or now)
        return max((latest - self.last) / DAY, 0.0)

    def reason(self, language: Language, zone: tzinfo = UTC) -> str:
        """Say in words why we think so, in days of the customer's clock."""
        every = language.span(self.forecast.days)
        return language.says[self.why].format(
            every=every,
            day=language.day(self.last.astimezone(zone)),
            said=self.said or "",
        )


def foretell(
    session: Session,
    customer_id: str,
    product: Product,
    knowledge: Knowledge,
    now: datetime,
) -> Due | None:
    """Return when a customer needs a product again, None when nothing says it."""
    purchases = _purchases(session, customer_id, product.id, now)
    if not purchases:
        return None
    use = knowledge.uses.get(product.category)
    fact = _fact(session, customer_id, use) if use else None
    said = use.days(product, rate_in(fact.value)) if use and fact else None
    own = gaps_of(_own_logs(purchases))
    everybody, category, learned = _levels(session, product)
    above = usual(
        everybody,
        category,
        learned,
        uses_up_days=product.uses_up_days,
        said_days=said,
    )
    if above is None:
        return None
    told = _told(session, customer_id, product.id, purchases[-1].at)
    if any(kind == OVER for kind, _, _ in told):
        return None
    until = max((x for _, _, x in told if x), default=None)
    vetoes = [at for _, at, _ in told]
    return Due(
        product=product,
        purchases=purchases,
        forecast=forecast(own, above, pieces=purchases[-1].pieces),
        why=_why(own, product, said),
        said=fact.said if fact else None,
        vetoes=len(vetoes),
        not_before=max([*vetoes, *([until] if until else [])], default=None),
        named=until is not None and until >= max(vetoes),
    )


def foresee(
    session: Session, customer_id: str, knowledge: Knowledge, now: datetime
) -> list[Due]:
    """Return all that a customer needs again, the likeliest in a week first."""
    query = (
        select(Product)
        .join(OrderItem, OrderItem.product_id == Product.id)
        .join(Order, Order.id == OrderItem.order_id)
        .where(Order.customer_id == customer_id)
        .distinct()
    )
    found = [
        foretell(session, customer_id, product, knowledge, now)
        for product in session.scalars(query)
    ]
    week = timedelta(days=7)
    due = [x for x in found if x is not None]
    return sorted(due, key=lambda x: x.chance(now, week), reverse=True)


def _purchases(
    session: Session, customer_id: str, product_id: str, now: datetime
) -> list[Purchase]:
    """Return when it was bought and kept, oldest first; one day counts once.

    What a mandate ordered in its place met the same need.
    """
    query = (
        select(Order.placed_at, OrderItem.quantity)
        .join(Order, Order.id == OrderItem.order_id)
        .outerjoin(Return, Return.item_id == OrderItem.id)
        .where(
            Order.customer_id == customer_id,
            or_(OrderItem.product_id == product_id, _in_place_of(product_id)),
            Order.status.not_in(NOTHING_SENT),
            ~OrderItem.cancelled,
            Return.id.is_(None),
            Order.placed_at <= now,
        )
        .order_by(Order.placed_at)
    )
    found: list[Purchase] = []
    for at, pieces in session.execute(query):
        if found and at - found[-1].at < DAY:
            found[-1] = Purchase(found[-1].at, found[-1].pieces + pieces)
        else:
            found.append(Purchase(at, pieces))
    return found


def _in_place_of(product_id: str) -> ColumnElement[bool]:
    """Return whether a line is what a mandate for a product ordered instead of it."""
    instead = (
        select(Execution.id)
        .join(Mandate, Mandate.id == Execution.mandate_id)
        .where(
            Mandate.product_id == product_id,
            Execution.customer_id == Order.customer_id,
            Execution.order_id == Order.id,
            Execution.product_id == OrderItem.product_id,
        )
    )
    return instead.exists()


def _own_logs(purchases: Sequence[Purchase]) -> list[float]:
    """Return the logs of the days that one piece lasted, each time."""
    return [
        math.log(max((later.at - before.at) / DAY, 1.0) / before.pieces)
        for before, later in pairwise(purchases)
    ]


def _levels(session: Session, product: Product) -> tuple[Gaps, Gaps, Gaps]:
    """Return the sums of everybody's gaps: of all, of the category, of the product."""
    sums = (
        func.coalesce(func.sum(LearnedGap.count), 0),
        func.coalesce(func.sum(LearnedGap.logs), 0),
        func.coalesce(func.sum(LearnedGap.squares), 0),
    )
    category = (
        select(*sums)
        .join(Product, Product.id == LearnedGap.product_id)
        .where(Product.category == product.category)
    )
    own = select(*sums).where(LearnedGap.product_id == product.id)
    rows = [session.execute(query).one() for query in (select(*sums), category, own)]
    whole, kind, one = (
        Gaps(float(n), float(logs) / UNIT, float(squares) / UNIT**2)
        for n, logs, squares in rows
    )
    return whole, kind, one


def _fact(session: Session, customer_id: str, use: Use) -> Fact | None:
    query = select(Fact).where(Fact.customer_id == customer_id, Fact.about == use.about)
    return session.scalar(query)


def _told(
    session: Session, customer_id: str, product_id: str, since: datetime
) -> list[tuple[str, datetime, datetime | None]]:
    """Return when a customer said since a purchase that they do not need it yet.

    Each with its kind and the day that they named.
    """
    query = select(Event.kind, Event.at, Event.payload).where(
        Event.customer_id == customer_id,
        Event.kind.in_([VETOED, OVER]),
        Event.at > since,
    )
    rows: Sequence[tuple[str, datetime, Mapping[str, str]]] = [
        (kind, at, payload) for kind, at, payload in session.execute(query)
    ]
    return [
        (kind, at, datetime.fromisoformat(day) if (day := about.get("until")) else None)
        for kind, at, about in rows
        if about.get("product") == product_id
    ]


def _why(own: Gaps, product: Product, said: float | None) -> str:
    if own.count:
        return "why_rhythm"
    if said is not None:
        return "why_said"
    return "why_uses_up" if product.uses_up_days else "why_others"
