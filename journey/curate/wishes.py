"""What a message wishes for: constraints and preferences, in the customer's words."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from journey.catalogue.load import Catalogue
from journey.catalogue.schema import Attribute
from journey.curate.fit import BRAND, CATEGORY, DELIVERY, PRICE
from journey.turn import Entity, Heard

CHOICES = ("colour", "material", "size")
IN_BASE = {"mm": 0.1, "m": 100.0, "ml": 0.001, "g": 0.001}
"""How many base units (cm, l, kg) one of a catalogue's own units is."""
DESCRIBING = frozenset({"attribute", "brand", "category"})
"""Keys of a reference that describes what it points at."""
NEAR = 25
"""How many characters apart a number and the attribute that it is about may be."""
PLAUSIBLE = 2.0
"""How far beyond what the shop has a number may lie and still be meant for it."""


@dataclass(frozen=True)
class Draft:
    """A wish as heard: hard ones bound, soft ones weigh from -1 to 1."""

    attribute: str
    op: str
    value: Mapping[str, Any]
    said: str
    hard: bool = True
    weight: float = 1.0


def read_wishes(
    heard: Heard, catalogue: Catalogue, category: str | None = None
) -> list[Draft]:
    """Return every wish in a message; `category` is what is being talked about."""
    named = heard.of("category")
    spoken = str(named[0].value) if named else category
    if spoken:
        heard = _meant(heard, catalogue, spoken)
    drafts = [
        *_category_wishes(heard, catalogue),
        *_value_wishes(heard, catalogue, spoken),
    ]
    for entity in heard.of("money"):
        drafts.append(_price_wish(heard, entity))
    for entity in heard.of("quantity"):
        drafts += _quantity_wishes(heard, entity, catalogue, spoken)
    drafts += _day_wishes(heard)
    return [*drafts, *_attribute_wishes(heard, catalogue)]


def _meant(heard: Heard, catalogue: Catalogue, category: str) -> Heard:
    """Return what was heard without readings that mean nothing for a category.

    "dark" is a roast for coffee and keeps light out for a mask: of readings of
    the same words those stay that products of the category state.
    """
    stated = stated_in(catalogue, category)
    kept = [
        entity
        for entity in heard.entities
        if entity.kind != "attribute"
        or _about(entity, catalogue) & stated
        or not any(
            other is not entity
            and (other.start, other.end) == (entity.start, entity.end)
            and _about(other, catalogue) & stated
            for other in heard.of("attribute")
        )
    ]
    return replace(heard, entities=tuple(kept))


def _about(entity: Entity, catalogue: Catalogue) -> set[str]:
    """Return the attributes that an entity may be about."""
    if entity.value in catalogue.attributes:
        return {str(entity.value)}
    return {n for n, x in catalogue.attributes.items() if entity.value in x.values}


def _category_wishes(heard: Heard, catalogue: Catalogue) -> Iterator[Draft]:
    named = [entity for entity in heard.of("category") if not points(heard, entity)]
    wanted = [entity for entity in named if not entity.negated]
    if wanted:
        kinds = [x for e in wanted for x in catalogue.kinds_in(str(e.value))]
        values = list(dict.fromkeys(kinds))
        said = ", ".join(heard.span(entity) for entity in wanted)
        yield Draft(CATEGORY, "==", {"value": values}, said)
    for entity in named:
        if entity.negated:
            kinds = catalogue.kinds_in(str(entity.value))
            value = {"value": kinds[0] if len(kinds) == 1 else kinds}
            yield Draft(CATEGORY, "!=", value, heard.span(entity))


def _value_wishes(
    heard: Heard, catalogue: Catalogue, category: str | None
) -> Iterator[Draft]:
    """Yield wishes for a brand or for one value of a choice; `a or b` is one wish."""
    wanted: dict[str, list[Entity]] = {}
    for entity in heard.of(BRAND, *CHOICES, "attribute"):
        attribute = choice_of(entity, catalogue, category)
        if attribute is None or points(heard, entity):
            continue
        if entity.negated or entity.soft:
            yield _value_wish(heard, attribute, entity)
        elif entity.value not in [other.value for other in wanted.get(attribute, [])]:
            wanted.setdefault(attribute, []).append(entity)
    for attribute, entities in wanted.items():
        values = [entity.value for entity in entities]
        said = ", ".join(heard.span(entity) for entity in entities)
        value = values[0] if len(values) == 1 else values
        yield Draft(attribute, "==", {"value": value}, said)


def _value_wish(heard: Heard, attribute: str, entity: Entity) -> Draft:
    hard = not entity.soft
    return Draft(
        attribute,
        "!=" if entity.negated and hard else "==",
        {"value": entity.value},
        heard.span(entity),
        hard=hard,
        weight=-1.0 if entity.negated else 1.0,
    )


def choice_of(entity: Entity, catalogue: Catalogue, category: str | None) -> str | None:
    """Return of which choice an entity names a value.

    Where several choices have it ("medium"), it is one that products of the
    category state; None when there is no such choice.
    """
    if entity.kind in (BRAND, *CHOICES):
        return entity.kind
    if entity.value in catalogue.attributes:
        return None
    names = [
        name for name, x in catalogue.attributes.items() if entity.value in x.values
    ]
    stated = stated_in(catalogue, category) if category else set(names)
    if entity.attribute in names and entity.attribute in stated:
        return entity.attribute
    return next((name for name in names if name in stated), None)


def stated_in(catalogue: Catalogue, category: str) -> set[str]:
    """Return the attributes that any product of a category states."""
    kinds = catalogue.kinds_in(category)
    return {name for kind in kinds for name in catalogue.stated.get(kind, ())}


def points(heard: Heard, entity: Entity) -> bool:
    """Tell whether an entity only describes what was shown: "the black one"."""
    return any(
        DESCRIBING & other.value.keys()
        and other.start <= entity.start
        and entity.end <= other.end
        for other in heard.of("reference")
    )


def kind_of_values(heard: Heard, catalogue: Catalogue) -> str | None:
    """Return the one category of all products that have a value that was named.

    "No 4" is said of coffee filters only, "black" of many things.
    """
    kinds: set[str] = set()
    for entity in heard.of("attribute"):
        if entity.value in catalogue.attributes or entity.negated:
            continue
        kinds |= catalogue.kinds_with.get(str(entity.value), frozenset())
    return kinds.pop() if len(kinds) == 1 else None


def _day_wishes(heard: Heard) -> Iterator[Draft]:
    """Yield the last day on which it may arrive."""
    for entity in heard.of("date"):
        if entity.value["op"] != ">=" and not is_over(entity, heard.at.date()):
            last = entity.value.get("upto", entity.value["date"])
            yield Draft(DELIVERY, "<=", {"value": last}, heard.span(entity))


def is_over(entity: Entity, today: date) -> bool:
    """Tell whether the last of the days that are named has passed."""
    last = entity.value.get("upto", entity.value["date"])
    return date.fromisoformat(last) < today


def _attribute_wishes(heard: Heard, catalogue: Catalogue) -> Iterator[Draft]:
    """Yield wishes to have something or not to have it."""
    for entity in heard.of("attribute"):
        attribute = catalogue.attributes.get(str(entity.value))
        if attribute is None or attribute.type != "boolean" or points(heard, entity):
            continue
        hard = not entity.soft
        yield Draft(
            str(entity.value),
            "==",
            {"value": not entity.negated} if hard else {},
            heard.span(entity),
            hard=hard,
            weight=-1.0 if entity.negated else 1.0,
        )


def _price_wish(heard: Heard, entity: Entity) -> Draft:
    given = entity.value
    op = "<=" if given["op"] == "==" else given["op"]
    value = {"value": given["amount"]}
    if op == "between":
        value["upto"] = given["upto"]
    return Draft(PRICE, op, value, heard.span(entity), hard=not entity.soft)


def _quantity_wishes(
    heard: Heard, entity: Entity, catalogue: Catalogue, category: str | None
) -> Iterator[Draft]:
    name = _measured(heard, entity, catalogue, category)
    if name is None:
        return
    factor = IN_BASE.get(str(catalogue.attributes[name].unit), 1.0)
    value = {"value": entity.value["base_amount"] / factor}
    op = entity.value["op"]
    if op == "between":
        value["upto"] = entity.value["base_upto"] / factor
    if op == "==":
        op = "~"
    yield Draft(name, op, value, heard.span(entity), hard=not entity.soft)


def _measured(
    heard: Heard, entity: Entity, catalogue: Catalogue, category: str | None
) -> str | None:
    """Return the attribute that a number with a unit is about, if any can be meant."""
    beside = [
        str(other.value)
        for other in heard.of("attribute")
        if min(abs(other.start - entity.end), abs(entity.start - other.end)) <= NEAR
    ]
    kind = catalogue.categories.get(category or "")
    cares = kind.cares if kind else ()
    for name in (*beside, *cares):
        attribute = catalogue.attributes.get(name)
        if attribute and _measures(name, attribute, entity, catalogue, category):
            return name
    return None


def _measures(
    name: str,
    attribute: Attribute,
    entity: Entity,
    catalogue: Catalogue,
    category: str | None,
) -> bool:
    base = {"mm": "cm", "m": "cm", "ml": "l", "g": "kg"}
    unit = str(attribute.unit)
    if attribute.type != "number" or base.get(unit, unit) != entity.value["base_unit"]:
        return False
    kinds = catalogue.kinds_in(category) if category else list(catalogue.categories)
    spans = [
        catalogue.numbers[x, name] for x in kinds if (x, name) in catalogue.numbers
    ]
    factor = IN_BASE.get(unit, 1.0)
    low = min((low for low, _ in spans), default=math.inf) * factor
    high = max((high for _, high in spans), default=-math.inf) * factor
    amount = float(entity.value["base_amount"])
    return low / PLAUSIBLE <= amount <= high * PLAUSIBLE
