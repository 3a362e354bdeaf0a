"""Money, amounts with a unit, and counts, with what bounds them.

Runs after CatalogueTerms, Dates and References: what they found is no amount.

Config:
    currency: of amounts that only say `under 80` (default `EUR`).
    most: amounts read in one message (default 40).
"""

import re
from dataclasses import replace
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.lang.en.stop_words import STOP_WORDS

from bot.components import units
from bot.components.amounts import Amount, bound, join_ranges, read_amounts
from bot.components.blanks import move, restore, squeeze
from bot.components.finder import Entity, Finder, covered, entities_of, entity

OTHERS = ("product", "category", "attribute", "size", "date", "duration", "reference")
SURE_MONEY, BARE_MONEY, COUNT = 1.0, 0.6, 0.9
PRICEY = re.compile(
    r"\b(?:spend|budget|pay|price|priced|afford|costs?|costing|limit|cheaper|money)\b",
    re.IGNORECASE,
)
COSTS = re.compile(r"\b(?:costs?|costing|paid|price[ds]?)\b", re.IGNORECASE)
WORD_AFTER = re.compile(r"[ -]+([^\W\d_]+)")
POINTED = re.compile(r"\b(?:the|this|that|which|any|no|some|\w+er)\s*$", re.IGNORECASE)
NO_NOUNS = frozenset(
    {"max", "tops", "ish", "total", "thanks", "thx", "pls", "if", "till", "ideally"}
)


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False
)
class Quantities(Finder):
    """Finds `money`, `quantity` and `count`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"currency": "EUR", "most": 40}

    def find(self, message: Message) -> list[Entity]:
        """Return what is measured, priced or counted."""
        text, places = squeeze(message.get(TEXT) or "")
        taken = move(entities_of(message, *OTHERS), places)
        amounts = read_amounts(text, self.config["most"])
        free = [one for a in amounts if (one := _free(text, a, taken))]
        merged = join_ranges(text, free)
        found = [self._entity(text, bound(text, amount)) for amount in merged]
        return [restore(one, places) for one in found if one]

    def _entity(self, text: str, amount: Amount) -> Entity | None:
        span = (amount.start, amount.end)
        value: dict[str, Any] = {"amount": amount.number}
        more = {"upto": amount.upto} if amount.upto is not None else {}
        if amount.unit:
            return entity("quantity", _measured(amount), span)
        if amount.money:
            value |= {"currency": amount.money, "op": amount.op or "==", **more}
            return entity("money", value, span, SURE_MONEY)
        if _bare_money(text, amount):
            op = amount.op or ("==" if COSTS.search(text) else "<=")
            value |= {"currency": self.config["currency"], "op": op, **more}
            return entity("money", value, span, BARE_MONEY)
        return _count(text, amount)


def _free(text: str, amount: Amount, taken: list[Entity]) -> Amount | None:
    """Return what of an amount is no part of anything else.

    A product's name may begin with what is counted: "two boxes of …, box of 80".
    """
    if not covered((amount.start, amount.end), taken):
        return amount
    start = text.find(amount.text, amount.start)
    end = start + len(amount.text)
    if not amount.pieces or covered((start, end), taken):
        return None
    return replace(amount, end=end)


def _measured(amount: Amount) -> dict[str, Any]:
    unit = str(amount.unit)
    in_base, base_unit = units.base(amount.number, unit)
    value = {
        "amount": amount.number, "unit": unit, "base_amount": in_base,
        "base_unit": base_unit, "op": amount.op or "==",
    }  # fmt: skip
    if amount.upto is not None:
        value |= {"upto": amount.upto, "base_upto": units.base(amount.upto, unit)[0]}
    return value


def _bare_money(text: str, amount: Amount) -> bool:
    after = WORD_AFTER.match(text, amount.end)
    counted = after and after[1].lower() not in STOP_WORDS | NO_NOUNS
    if amount.pieces or amount.number < 5 or counted:
        return False
    around = text[max(0, amount.start - 30) : amount.end + 15]
    if PRICEY.search(around):
        return True
    said_before = (
        text[amount.start : amount.end].lower().startswith(amount.text.lower())
    )
    guess = amount.op == "~" and amount.number >= 20 and not said_before
    return amount.op == "<=" or guess


def _count(text: str, amount: Amount) -> Entity | None:
    said = amount.text.lower()
    alone = len(text.split()) <= 3
    vague = said in ("one", "half", "a half", "half a", "a quarter", "½")
    if vague and (not alone or POINTED.search(text[: amount.start])):
        return None
    more = {"op": amount.op} if amount.op else {}
    if amount.upto is not None:
        more["upto"] = amount.upto  # type: ignore[assignment]
    value = int(amount.number) if amount.number.is_integer() else amount.number
    return entity("count", value, (amount.start, amount.end), COUNT, **more)
