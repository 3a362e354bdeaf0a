"""What was refused, and whether the reason still holds."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import bindparam, or_, select

from journey import log
from journey.store.tables import Journey, Option, Product
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


_GONE = select(Option).where(
    Option.journey_id.in_(
        select(Journey.id).where(Journey.customer_id == bindparam("customer"))
    ),
    Option.choice.in_([Choice.REFUSED, Choice.IGNORED]),
    or_(
        Option.journey_id == bindparam("journey"),
        (Option.choice == Choice.REFUSED)
        & Option.why.in_([Why.PRICE, Why.ITSELF])
        & (Option.chosen_at > bindparam("since")),
    ),
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


def gone_before(turn: Turn, journey: Journey) -> list[Option]:
    """Return the options that were refused or passed over and may be out still."""
    given = {
        "customer": turn.heard.customer_id,
        "journey": journey.id,
        "since": turn.now - MEMORY,
    }
    return list(turn.session.scalars(_GONE, given))


def still_out(option: Option, product: Product) -> bool:
    """Tell whether the reason for which an option went still holds.

    Too expensive holds until the price falls; a refusal of all that was shown
    holds within its journey only.
    """
    if option.why == Why.PRICE:
        return float(product.price) >= option.price
    return True
