"""What was refused, and whether the reason still holds."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from journey import log
from journey.curate.fit import Sold
from journey.store.prepared import Prepared
from journey.store.tables import Journey, Option
from journey.turn import Turn

MEMORY = timedelta(days=90)
"""For so long an option that was refused by itself stays away from other journeys."""


class Choice(StrEnum):
    """How an option was taken."""

    CHOSEN = "chosen"
    REFUSED = "refused"
    IGNORED = "ignored"


class Why(StrEnum):
    """Why an option was refused."""

    PRICE = "price"
    TRAIT = "trait"
    ITSELF = "itself"
    NONE_OF_THEM = "none_of_them"


class Gone(NamedTuple):
    """An option that was refused or passed over."""

    product_id: str
    why: str | None
    price: float


_OPTIONS = Option.__table__.c
_GONE = Prepared(
    select(_OPTIONS.product_id, _OPTIONS.why, _OPTIONS.price).where(
        _OPTIONS.journey_id.in_(
            select(Journey.id).where(Journey.customer_id == bindparam("customer"))
        ),
        # What the rest says already, said for the index: without it all are read.
        or_(_OPTIONS.choice == Choice.REFUSED, _OPTIONS.choice == Choice.IGNORED),
        or_(
            _OPTIONS.journey_id == bindparam("journey"),
            (_OPTIONS.choice == Choice.REFUSED)
            & or_(_OPTIONS.why == Why.PRICE, _OPTIONS.why == Why.ITSELF)
            & (_OPTIONS.chosen_at > bindparam("since")),
        ),
    )
)


def refuse(turn: Turn, journey: Journey, option: Option, why: Why, said: str) -> None:
    """Record that an option was refused, and why."""
    option.choice, option.why, option.chosen_at = Choice.REFUSED, why, turn.now
    log.write(
        turn.session,
        turn.heard,
        "option_refused",
        journey=journey,
        product=option.product_id,
        why=why,
        said=said,
    )


def pass_over(turn: Turn, options: Iterable[Option]) -> None:
    """Record that other options were wanted: these are not shown again here."""
    for option in options:
        if option.choice is None:
            option.choice, option.chosen_at = Choice.IGNORED, turn.now


def gone_before(turn: Turn, journey: Journey) -> list[Gone]:
    """Return the options that were refused or passed over and may be out still."""
    turn.session.flush()
    rows = _GONE.rows(
        turn.session.connection(),
        customer=turn.heard.customer_id,
        journey=journey.id,
        since=turn.now - MEMORY,
    )
    return [Gone._make(row) for row in rows]


def still_out(option: Gone, product: Sold) -> bool:
    """Tell whether the reason for which an option went still holds.

    Too expensive holds until the price falls; a refusal of all that was shown
    holds within its journey only.
    """
    if option.why == Why.PRICE:
        return float(product.price) >= option.price
    return True
