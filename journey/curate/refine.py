"""Steps from what was shown: cheaper, lighter, not so loud, more like the second."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz

from journey.catalogue.load import Catalogue
from journey.catalogue.schema import Attribute
from journey.curate.fit import PRICE, value_of
from journey.curate.wishes import Draft
from journey.language.words import Language, split
from journey.orders.workdays import Arrivals
from journey.store.tables import Product
from journey.turn import Entity, Heard

SAME = 60
"""How alike (0 to 100) a word must be to a comparative to be a form of it."""
COMPARED = 93
LEAST = 0.01
"""The share of a message that a phrase must make up to be in it at all."""


@dataclass(frozen=True)
class Step:
    """A move along one attribute: `sign` 1 to the larger end, -1 to the smaller.

    A strict one leaves what was shown behind: "lighter", "too loud".
    """

    attribute: str
    sign: int
    said: str
    strict: bool = True


@dataclass(frozen=True)
class Scale:
    """The attributes along which the talk can move: those that products state."""

    catalogue: Catalogue
    stated: Set[str]
    cares: Sequence[str] = ()

    def numbers(self) -> dict[str, Attribute]:
        """Return the numbers, what is cared about first."""
        order = dict.fromkeys([*self.cares, *self.catalogue.attributes])
        known = self.catalogue.attributes
        return {
            name: known[name]
            for name in order
            if name in self.stated and known[name].measured
        }


def read_steps(heard: Heard, scale: Scale, language: Language) -> list[Step]:
    """Return the steps that a message asks for, each attribute once."""
    steps: dict[str, Step] = {}
    found = [*_price_steps(heard, language), *_heard_steps(heard, scale, language)]
    for step in found or _plain_steps(heard, scale):
        steps.setdefault(step.attribute, step)
    return list(steps.values())


def _price_steps(heard: Heard, language: Language) -> Iterator[Step]:
    if heard.of("money"):
        return
    pointed = any(e.value.get("by") == PRICE for e in heard.of("reference"))
    for kind, sign in (("too_dear", -1), ("cheaper", -1), ("dearer", 1)):
        if not pointed and language.heard(kind, heard.text) >= LEAST:
            yield Step(PRICE, sign, heard.text)
            return


def _heard_steps(heard: Heard, scale: Scale, language: Language) -> Iterator[Step]:
    numbers = scale.numbers()
    spoken = [e for e in heard.of("attribute") if str(e.value) in numbers]
    order = list(numbers)
    for entity in sorted(spoken, key=lambda e: order.index(str(e.value))):
        attribute, word = numbers[str(entity.value)], heard.span(entity)
        if any(_inside(entity, other) for other in heard.of("reference", "quantity")):
            continue
        too = _too(heard, entity, language)
        sign = direction(attribute, word)
        wanted = _better(attribute) if sign == 0 else -sign if too else sign
        wanted = -wanted if entity.negated and not too and sign else wanted
        strict = compared(attribute, word) or (too and not entity.negated)
        yield Step(str(entity.value), wanted, word, strict and not entity.soft)


def _plain_steps(heard: Heard, scale: Scale) -> Iterator[Step]:
    """Read the catalogue's own comparatives where the engine found none."""
    said = split(heard.text)
    for name, attribute in scale.numbers().items():
        for words, sign in ((attribute.more, 1), (attribute.less, -1)):
            if words and " " not in words and words not in ("more", "less"):
                if words in said:
                    yield Step(name, sign, words)


def direction(attribute: Attribute, word: str) -> int:
    """Return to which end a word points: 1 more, -1 less, 0 it does not say."""
    more = fuzz.ratio(attribute.more or "", word.lower())
    less = fuzz.ratio(attribute.less or "", word.lower())
    if max(more, less) < SAME:
        return 0
    return 1 if more > less else -1


def compared(attribute: Attribute, word: str) -> bool:
    """Tell whether a word is a comparative of the attribute itself."""
    forms = (attribute.more or "", attribute.less or "")
    return max(fuzz.ratio(form, word.lower()) for form in forms) >= COMPARED


def _better(attribute: Attribute) -> int:
    return -1 if attribute.better == "less" else 1


def _too(heard: Heard, entity: Entity, language: Language) -> bool:
    before = split(heard.text[: entity.start])[-2:]
    return any(word in language.hears["too"] for word in before)


def _inside(entity: Entity, other: Entity) -> bool:
    return other.start <= entity.start and entity.end <= other.end


def as_drafts(
    step: Step, scale: Scale, pivot: Product | None, arrivals: Arrivals
) -> Iterator[Draft]:
    """Return the wishes that a step means, seen from a product that was shown.

    `lighter` leaves that product itself out.
    """
    better = step.sign
    attribute = scale.catalogue.attributes.get(step.attribute)
    if attribute is not None:
        better = step.sign * _better(attribute)
    elif step.attribute == PRICE:
        better = -step.sign
    yield Draft(step.attribute, "==", {}, step.said, hard=False, weight=float(better))
    has = value_of(pivot, step.attribute, arrivals) if pivot and step.strict else None
    if has is None:
        return
    op = ">" if step.sign > 0 else "<"
    yield Draft(step.attribute, op, {"value": has}, step.said)
