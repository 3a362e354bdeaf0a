"""Why an option is shown and what speaks against it, true and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from journey.catalogue.load import Catalogue
from journey.curate.fit import CATEGORY, DELIVERY, PRICE, Limit, Sold, as_list, value_of
from journey.curate.score import CARE, LEARNED, NEED, PREFERENCE, Scored
from journey.language.words import Language
from journey.orders.workdays import Arrivals

MOST = 2
SPEAKING = (PREFERENCE, NEED, CARE)
"""Terms about attributes, which speak for themselves when they are positive."""
SLOW = 7
"""From how many working days on the delivery is a drawback by itself."""


@dataclass(frozen=True)
class Teller:
    """What reasons and drawbacks are told from.

    `shown` are the products that stand side by side; `clauses` says, by
    attribute, which of the customer's own facts asks for it.
    """

    catalogue: Catalogue
    language: Language
    shown: Sequence[Sold]
    limits: Sequence[Limit]
    clauses: Mapping[str, str]
    arrivals: Arrivals

    def reason(self, scored: Scored) -> str:
        """Return one sentence: the strongest true reasons, at most two."""
        told = self.reasons(scored)[:MOST]
        if not told:
            return first_sentence(scored.product.about)
        return _sentence(self.language.says["reason_list"].join(told))

    def reasons(self, scored: Scored) -> list[str]:
        """Return all that speaks for an option, the strongest first."""
        return list(dict.fromkeys(self._reasons(scored)))

    def drawback(self, scored: Scored) -> str:
        """Return one sentence: the worst of what the customer cares about."""
        told = next(self._drawbacks(scored), None)
        return _sentence(told) if told else self.own_drawback(scored.product)

    def own_drawback(self, product: Sold) -> str:
        """Return what the owner wrote, else what is weakest about it beside others."""
        return product.drawback or _sentence(next(self._weaknesses(product)))

    def value(self, attribute: str, value: Any) -> str:
        """Return a value as it is said, with its unit."""
        if value is None:
            return self._say("not_stated")
        if isinstance(value, bool):
            return self._say("yes" if value else "no")
        if attribute == PRICE:
            return self.price(float(value))
        if attribute == DELIVERY:
            midnight = datetime.combine(value, datetime.min.time())
            return self.language.day(midnight)
        known = self.catalogue.attributes.get(attribute)
        if known is not None and known.chosen:
            ones = [known.values.get(one, (str(one),))[0] for one in as_list(value)]
            return self.language.join([_without(known.name, one) for one in ones])
        if known is not None and known.type == "money":
            return self.price(float(value))
        if known is None or known.unit is None:
            return str(value)
        told = known.unit in known.name
        return f"{value:g}" if told else f"{value:g} {known.unit}"

    def price(self, amount: float) -> str:
        """Return a price in the catalogue's currency."""
        return price_in_words(self.catalogue, self.language, amount)

    def name(self, attribute: str) -> str:
        """Return what an attribute is called."""
        known = self.catalogue.attributes.get(attribute)
        return known.name if known else self.language.says.get(attribute, attribute)

    def _reasons(self, scored: Scored) -> Iterator[str]:
        for term in scored.terms:
            if term.kind == LEARNED and term.amount > 0:
                yield from self._spoken(f"reason_{term.about}")
        yield from self._asked(scored.product)
        asked = {limit.attribute for limit in self.limits}
        ranked = sorted(scored.terms, key=lambda term: -term.amount)
        terms = [x for x in ranked if x.kind in SPEAKING and x.amount > 0]
        speaking = list(dict.fromkeys(x.about for x in terms if x.about not in asked))
        yield from self._because(scored.product, speaking)
        for attribute in speaking:
            yield from self._has(scored.product, attribute)
        if self._extreme(scored.product, PRICE) == "lowest":
            yield self._say("reason_cheapest")

    def _asked(self, product: Sold) -> Iterator[str]:
        for limit in self.limits:
            attribute = self.catalogue.attributes.get(limit.attribute)
            if attribute is None or limit.attribute not in product.attributes:
                continue
            if attribute.type == "boolean" and limit.value.get("value") is True:
                yield self._say("reason_asked", name=attribute.name)
            elif attribute.type != "boolean" and limit.op != "!=":
                yield self._say("reason_value", **self._told(product, limit.attribute))

    def _because(self, product: Sold, speaking: Sequence[str]) -> Iterator[str]:
        """Yield what it has for the customer's own facts, each fact told once."""
        by_clause: dict[str, list[str]] = {}
        for attribute in speaking:
            known = self.catalogue.attributes.get(attribute)
            if attribute in self.clauses and product.attributes.get(attribute) is True:
                names = by_clause.setdefault(self.clauses[attribute], [])
                names += [known.name] if known else []
        for clause, names in by_clause.items():
            said = self.language.join(names[:MOST])
            yield self._say("reason_because", name=said, clause=clause)

    def _has(self, product: Sold, attribute: str) -> Iterator[str]:
        known = self.catalogue.attributes.get(attribute)
        has = product.attributes.get(attribute)
        if known is None or has is None or has is False:
            return
        if known.type == "boolean" and attribute not in self.clauses:
            yield known.name
        elif known.measured:
            extreme = self._extreme(product, attribute)
            if extreme and self._good(attribute, extreme):
                yield self._say(f"reason_{extreme}", **self._told(product, attribute))

    def _drawbacks(self, scored: Scored) -> Iterator[str]:
        product = scored.product
        for attribute in self._cared(scored):
            known = self.catalogue.attributes.get(attribute)
            if known is None:
                continue
            if known.type == "boolean" and not product.attributes.get(attribute):
                yield self._say("drawback_lacks", name=known.name)
            extreme = self._extreme(product, attribute)
            if extreme and not self._good(attribute, extreme):
                yield self._say(f"drawback_{extreme}", **self._told(product, attribute))
        if self._bounds_price() and self._extreme(product, PRICE) == "highest":
            price = self.price(float(product.price))
            yield self._say("drawback_dearest", price=price)
        if product.delivery_days >= SLOW:
            yield self._say("drawback_slow", days=str(product.delivery_days))

    def _weaknesses(self, product: Sold) -> Iterator[str]:
        """Yield in what others of these are better; at last, that nothing is known."""
        kind = self.catalogue.categories.get(product.category)
        for attribute in kind.cares if kind else ():
            known = self.catalogue.attributes[attribute]
            others = [x.attributes.get(attribute) for x in self.shown]
            extreme = self._extreme(product, attribute)
            if known.better and extreme and not self._good(attribute, extreme):
                yield self._say(f"drawback_{extreme}", **self._told(product, attribute))
            elif product.attributes.get(attribute) is False and True in others:
                yield self._say("drawback_not", name=known.name)
        if self._extreme(product, PRICE) == "highest":
            price = self.price(float(product.price))
            yield self._say("drawback_dearest", price=price)
        days = [x.delivery_days for x in self.shown if x is not product]
        if days and product.delivery_days > max(days):
            yield self._say("drawback_slow", days=str(product.delivery_days))
        yield self._say("drawback_unknown")

    def _cared(self, scored: Scored) -> list[str]:
        """Return what the customer cares about and its category can have."""
        wanted = [*self.clauses, *(limit.attribute for limit in self.limits)]
        wanted += [t.about for t in scored.terms if t.kind == PREFERENCE]
        peers = [x for x in self.shown if x.category == scored.product.category]
        stated = {name for product in peers for name in product.attributes}
        return [x for x in dict.fromkeys(wanted) if x in stated and x != CATEGORY]

    def _bounds_price(self) -> bool:
        return any(limit.attribute == PRICE for limit in self.limits)

    def _extreme(self, product: Sold, attribute: str) -> str | None:
        """Return whether a product alone is the lowest or the highest of these."""
        values = [value_of(x, attribute, self.arrivals) for x in self.shown]
        known = [x for x in values if isinstance(x, int | float) and x is not True]
        mine = value_of(product, attribute, self.arrivals)
        if mine is None or isinstance(mine, bool) or len(known) < 2:
            return None
        if known.count(mine) > 1:
            return None
        return {min(known): "lowest", max(known): "highest"}.get(mine)

    def _good(self, attribute: str, extreme: str) -> bool:
        better = self.catalogue.attributes[attribute].better
        return better is not None and (extreme == "lowest") == (better == "less")

    def _told(self, product: Sold, attribute: str) -> dict[str, str]:
        value = value_of(product, attribute, self.arrivals)
        return {"name": self.name(attribute), "value": self.value(attribute, value)}

    def _spoken(self, key: str) -> Iterator[str]:
        if key in self.language.says:
            yield self.language.says[key]

    def _say(self, key: str, **values: str) -> str:
        return self.language.says[key].format(**values)


def price_in_words(catalogue: Catalogue, language: Language, amount: float) -> str:
    """Return an amount as a price; whole ones without cents."""
    key = f"price_{catalogue.currency.lower()}"
    pattern = language.says.get(key, "{amount} " + catalogue.currency)
    return pattern.format(amount=f"{amount:,.2f}".removesuffix(".00"))


def first_sentence(text: str) -> str:
    """Return a text up to its first full stop."""
    head, stop, _ = text.partition(". ")
    return head + "." if stop else text


def _without(name: str, value: str) -> str:
    """Return a value without the name of what it is of: size "large size" is large."""
    words = [word for word in value.split() if word != name]
    return " ".join(words) if len(words) == 1 and words[0] != "one" else value


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
