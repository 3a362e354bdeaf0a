"""Hard wishes in words, as they are said back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from journey.curate.fit import BRAND, CATEGORY, DELIVERY, PRICE, PRODUCT, Limit
from journey.curate.reasons import Teller

MOST = 4


def limits_in_words(teller: Teller, limits: Sequence[Limit]) -> str:
    """Return what was asked for, "up to €200.00, fits tall people and not leather"."""
    spoken = [x for x in limits if x.attribute not in (CATEGORY, PRODUCT)]
    spoken.sort(key=lambda limit: (limit.op == "!=", limit.attribute != PRICE))
    said = [in_words(teller, limit) for limit in spoken]
    return teller.language.join(list(dict.fromkeys(said))[:MOST])


def in_words(teller: Teller, limit: Limit) -> str:
    """Return one hard wish in words."""
    says, value = teller.language.says, limit.value.get("value")
    attribute = teller.catalogue.attributes.get(limit.attribute)
    if limit.attribute == DELIVERY:
        return says["limit_delivery"].format(value=_said(teller, limit, value))
    if attribute is not None and attribute.type == "boolean":
        has = (limit.op == "==") == bool(value)
        return (
            attribute.name
            if has
            else says["limit_without"].format(value=attribute.name)
        )
    if limit.attribute == BRAND or (attribute and attribute.chosen):
        said = _said(teller, limit, value)
        return said if limit.op == "==" else says["limit_not"].format(value=said)
    return says[f"limit_{OPS[limit.op]}"].format(
        name="" if limit.attribute == PRICE else f"{teller.name(limit.attribute)} ",
        value=_said(teller, limit, value),
        upto=_said(teller, limit, limit.value.get("upto")),
    )


OPS = {
    "<": "below",
    ">": "above",
    "<=": "at_most",
    ">=": "at_least",
    "~": "about",
    "between": "between",
    "==": "exactly",
    "!=": "not_so",
}


def _said(teller: Teller, limit: Limit, value: Any) -> str:
    if isinstance(value, list):
        parts = [teller.value(limit.attribute, one) for one in value]
        return teller.language.says["or"].join(parts)
    if limit.attribute == DELIVERY and isinstance(value, str):
        value = date.fromisoformat(value)
    return "" if value is None else teller.value(limit.attribute, value)
