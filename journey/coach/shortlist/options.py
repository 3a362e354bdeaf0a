"""The options on the table: which of them a message points at."""

from dataclasses import dataclass
from typing import Any

from journey import journeys, pending
from journey.curate.fit import value_of
from journey.curate.shortlist import Shown, last_shortlist
from journey.journeys import Stage
from journey.language.words import split
from journey.store.tables import Journey, Option, Product
from journey.turn import Entity, Turn

LIVE = (Stage.REQUEST, Stage.RESPOND)
PLACES = frozenset("1234")
MARKS = frozenset({"index", "by", "attribute", "brand", "category", "all"})


@dataclass(frozen=True)
class Table:
    """The shortlist that is being talked about, and what is in the middle of it."""

    journey: Journey
    shown: Shown
    focus: str | None = None

    def product(self, option: Option) -> Product:
        """Return the product of an option."""
        return self.shown.products[option.product_id]

    @property
    def options(self) -> tuple[Option, ...]:
        """The options in their order."""
        return self.shown.options

    @property
    def middle(self) -> Option | None:
        """The option that was spoken of last, or the only one."""
        if len(self.options) == 1:
            return self.options[0]
        found = (x for x in self.options if x.product_id == self.focus)
        return next(found, None)


def on_table(turn: Turn) -> Table | None:
    """Return the shortlist that was shown last in what is being talked about."""
    journey = journeys.current(turn)
    if journey is None or journey.stage not in LIVE:
        return None
    shown = last_shortlist(turn, journey)
    if shown is None:
        return None
    return Table(journey, shown, in_focus(turn))


def in_focus(turn: Turn) -> str | None:
    """Return the product that was spoken of last, or is to be ordered."""
    about = pending.row(turn).about
    lines = about.get("lines") or [[None]]
    return about.get("focus") or (lines[0][0] if len(lines) == 1 else None)


def pointed(turn: Turn, table: Table) -> list[Option]:
    """Return the options that a message points at, in their order.

    By place, by being the most of something, by a trait, by name or by button. A
    size such as "no 4" is no place.
    """
    heard = turn.heard
    spans = {(e.start, e.end) for e in heard.of("attribute", "size")}
    marks = [
        mark
        for mark in heard.of("reference")
        if MARKS & mark.value.keys()
        and ("index" not in mark.value or (mark.start, mark.end) not in spans)
    ]
    named = {str(e.value) for e in heard.of("product")}
    found = {x.product_id for x in table.options if x.product_id in named}
    if heard.intent == "compare_options" and not marks:
        found |= {x.product_id for x in _placed(turn, table)}
    for entity in marks:
        found |= {x.product_id for x in _meant(turn, table, entity)}
    return [x for x in table.options if x.product_id in found]


def _placed(turn: Turn, table: Table) -> list[Option]:
    """Return the options at bare numbers: "the difference between 1 and 3"."""
    places = {int(word) for word in split(turn.heard.text) if word in PLACES}
    return [x for n, x in enumerate(table.options, 1) if n in places]


def _meant(turn: Turn, table: Table, entity: Entity) -> list[Option]:
    value: dict[str, Any] = entity.value
    options = list(table.options)
    if value.get("all"):
        return options
    if "index" in value:
        index = int(value["index"])
        place = index - 1 if index > 0 else len(options) + index
        return options[place : place + 1] if 0 <= place < len(options) else []
    if "by" in value:
        return most(turn, table, [value["by"], *value.get("or", ())], value["pick"])
    return [x for x in options if _has(table.product(x), value)]


def most(turn: Turn, table: Table, attributes: list[str], pick: str) -> list[Option]:
    """Return the options with the least or greatest value of the first one stated."""
    for attribute in attributes:
        values = {x: _number(table.product(x), attribute, turn) for x in table.options}
        known = {x: value for x, value in values.items() if value is not None}
        if known:
            end = min(known.values()) if pick == "min" else max(known.values())
            return [x for x, value in known.items() if value == end]
    return []


def _number(product: Product, attribute: str, turn: Turn) -> float | None:
    if attribute == "delivery_days":
        return float(product.delivery_days)
    value = value_of(product, attribute, turn.arrivals)
    return float(value) if isinstance(value, int | float) else None


def _has(product: Product, value: dict[str, Any]) -> bool:
    if "brand" in value:
        return product.brand == str(value["brand"])
    if "category" in value:
        return product.category == str(value["category"])
    trait = str(value.get("attribute"))
    has = product.attributes
    return has.get(trait) is True or trait in has.values()
