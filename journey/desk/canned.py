"""Replies that agents need often: the owner's texts with places to fill."""

from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter
from sqlalchemy.orm import Session

from journey.catalogue.schema import Entry, Name
from journey.datafile import DataError, line_of, read
from journey.language.words import Language
from journey.orders.orders import orders_of
from journey.store.tables import Customer

PLACES = frozenset({"customer", "agent", "shop", "order", "delivery"})
"""What a text may have in braces; `{customer|there}` names what stands in for it."""


class Unfilled(ValueError):
    """A text that is to be sent still has a place in braces."""


def _known_places(text: str) -> str:
    for place, _ in places_of(text):
        if place not in PLACES:
            known = ", ".join(sorted(PLACES))
            raise ValueError(f"{{{place}}} is no place; there are {known}")
    return text


class Reply(Entry):
    """One reply: its title in the list, and the text that it puts there."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=60)]
    title: Name
    text: Annotated[
        str, Field(min_length=1, max_length=4000), AfterValidator(_known_places)
    ]


Replies = tuple[Reply, ...]


def load_replies(path: Path) -> Replies:
    """Read replies.yml.

    Raises:
        DataError: it does not fit, a place is unknown, or an id stands there twice.
    """
    replies = read(path, TypeAdapter(Replies))
    ids = [reply.id for reply in replies]
    twice = [number for number, one in enumerate(ids) if one in ids[:number]]
    if twice:
        faults = [
            f"{path}:{line_of(path, n, 'id')}: id: {ids[n]} is there twice"
            for n in twice
        ]
        raise DataError(faults)
    return replies


def places_of(text: str) -> list[tuple[str, str | None]]:
    """Return each place of a text, with what stands in when nothing is known.

    Raises:
        ValueError: a brace is open.
    """
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    parts = [name.partition("|") for name in names]
    return [(name, other if bar else None) for name, bar, other in parts]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Fill the places whose value is known; the others stay, for the agent to see."""
    for place, other in places_of(text):
        written = place if other is None else f"{place}|{other}"
        value = values.get(place) or other
        if value:
            text = text.replace(f"{{{written}}}", value)
    return text


def check_filled(text: str) -> None:
    """Refuse a text in which one of our places was left open.

    Raises:
        Unfilled: the place is named.
    """
    for place in sorted(PLACES):
        if f"{{{place}}}" in text:
            raise Unfilled(f"{{{place}}} is still to be filled in")


def values_for(
    session: Session,
    customer_id: str,
    *,
    agent: str,
    shop: str,
    language: Language,
) -> dict[str, str]:
    """Return what the places stand for with a customer, without what is unknown."""
    customer = session.get(Customer, customer_id)
    values = {"agent": agent, "shop": shop}
    if customer and customer.name:
        values["customer"] = customer.name
    orders = orders_of(session, customer_id)
    if orders:
        last = max(orders, key=lambda order: order.number)
        values["order"] = str(last.number)
        values["delivery"] = language.day(last.deliver_by)
    return values
