"""What a message wishes for: constraints and preferences, in the customer's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from journey.catalogue.load import Catalogue
from journey.catalogue.schema import Attribute
from journey.curate.fit import BRAND, CATEGORY, DELIVERY, PRICE
from journey.turn import Entity, Heard

CHOICES = ("colour", "material", "size")
IN_BASE = {"mm": 0.1, "m": 100.0, "ml": 0.001, "g": 0.001}
"""How many base units (cm, l, kg) one of a catalogue's own units is."""
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
    drafts = [*_category_wishes(heard), *_value_wishes(heard, catalogue)]
    for entity in heard.of("money"):
        drafts.append(_price_wish(heard, entity))
    for entity in heard.of("quantity"):
        drafts += _quantity_wishes(heard, entity, catalogue, spoken)
    for entity in heard.of("date"):
        day = {"value": entity.value["date"]}
        drafts.append(Draft(DELIVERY, "<=", day, heard.span(entity)))
    measured = {draft.attribute for draft in drafts if draft.op in ("<=", ">=", "~")}
    named_only = _attribute_wishes(heard, catalogue)
    return drafts + [draft for draft in named_only if draft.attribute not in measured]


def _category_wishes(heard: Heard) -> Iterator[Draft]:
    wanted = [entity for entity in heard.of("category") if not entity.negated]
    if wanted:
        values = list(dict.fromkeys(str(entity.value) for entity in wanted))
        said = ", ".join(heard.span(entity) for entity in wanted)
        yield Draft(CATEGORY, "==", {"value": values}, said)
    for entity in heard.of("category"):
        if entity.negated:
            yield Draft(CATEGORY, "!=", {"value": entity.value}, heard.span(entity))


def _value_wishes(heard: Heard, catalogue: Catalogue) -> Iterator[Draft]:
    """Yield wishes for a brand or for one value of a choice."""
    for entity in heard.of(BRAND, *CHOICES, "attribute"):
        attribute = _choice_of(entity, catalogue)
        if attribute is None:
            continue
        hard = not entity.soft
        yield Draft(
            attribute,
            "!=" if entity.negated and hard else "==",
            {"value": entity.value},
            heard.span(entity),
            hard=hard,
            weight=-1.0 if entity.negated else 1.0,
        )


def _choice_of(entity: Entity, catalogue: Catalogue) -> str | None:
    if entity.kind in (BRAND, *CHOICES):
        return entity.kind
    if entity.value in catalogue.attributes:
        return None
    choices = catalogue.attributes.items()
    return next((name for name, x in choices if entity.value in x.values), None)


def _attribute_wishes(heard: Heard, catalogue: Catalogue) -> Iterator[Draft]:
    """Yield wishes to have something, or for the better end of a number."""
    for entity in heard.of("attribute"):
        attribute = catalogue.attributes.get(str(entity.value))
        if attribute is None or attribute.type == "choice":
            continue
        said = heard.span(entity)
        if attribute.type == "number":
            yield Draft(str(entity.value), "==", {}, said, hard=False)
        else:
            yield Draft(
                str(entity.value),
                "==",
                {"value": not entity.negated},
                said,
                hard=not entity.soft,
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
    cares = catalogue.categories[category].cares if category else ()
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
    stated = [
        float(product.attributes[name]) * IN_BASE.get(unit, 1.0)
        for product in catalogue.products.values()
        if name in product.attributes and category in (None, product.category)
    ]
    amount = entity.value["base_amount"]
    return bool(stated) and min(stated) / PLAUSIBLE <= amount <= max(stated) * PLAUSIBLE
