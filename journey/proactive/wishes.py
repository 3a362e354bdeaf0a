"""How a customer wants to be written to: how often, when, and where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from journey.proactive.quiet import FROM, UNTIL, Quiet
from journey.store.tables import ContactWish, Customer

PER_WEEK = 2
"""So often a week, at most, until the customer says a number."""
WEEK = timedelta(days=7)
UNKNOWN = "UTC"


@dataclass(frozen=True)
class Wishes:
    """What holds for one customer, whether they said it or not."""

    per_week: int
    span: timedelta
    quiet: Quiet
    channel: str | None


def zone_of(customer: Customer, shop_zone: str) -> ZoneInfo:
    """Return where a customer's clock is; who told no zone is taken to live near."""
    told = customer.timezone
    return ZoneInfo(told if told != UNKNOWN else shop_zone)


def wishes_of(session: Session, customer: Customer, shop_zone: str) -> Wishes:
    """Return what holds for a customer."""
    said = session.get(ContactWish, customer.id)
    begins = said.quiet_from if said else None
    ends = said.quiet_until if said else None
    return Wishes(
        per_week=PER_WEEK if said is None or said.per_week is None else said.per_week,
        span=timedelta(days=said.span_days) if said and said.span_days else WEEK,
        quiet=Quiet(
            zone_of(customer, shop_zone),
            FROM if begins is None else begins,
            UNTIL if ends is None else ends,
        ),
        channel=said.channel if said else None,
    )


def keep_wish(
    session: Session, customer_id: str, *, said: str, now: datetime, **wish: Any
) -> ContactWish:
    """Keep what a customer wishes; what they said before about it is replaced."""
    row = session.get(ContactWish, customer_id)
    if row is None:
        row = ContactWish(customer_id=customer_id, said=said, at=now)
        session.add(row)
    for name, value in wish.items():
        setattr(row, name, value)
    row.said, row.at = said, now
    session.flush()
    return row
