"""What points at something that was just shown: `the second`, `the cheaper one`.

Runs after CatalogueTerms, whose attributes tell `the wooden one`.

Values: `{"index": n}` (1-based, −1 the last),
`{"by": attribute, "pick": "min" | "max"}` (`or` lists other attributes that the word
may mean), `{"attribute": value}`,
`{"brand": id}`, `{"category": id}`, `{"all": true}`, `{"none": true}`.

Config:
    attributes: the catalogue's attributes, for words such as `lighter` (default
        `data/catalogue/attributes.yml`; missing: price and delivery only).
"""

import re
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.finder import Entity, Finder, covered, entities_of, entity
from bot.components.plain import Plain, Reader
from bot.components.reference_phrases import (
    ALL,
    BARE,
    BY_WORD,
    CARDINALS,
    END,
    FILLERS,
    FIXES,
    NONE,
    NUMBERED,
    ONE_AFTER,
    ONE_WITH,
    ORDINAL,
    ORDINALS,
    PLACED,
    PLACES,
    THE_BEFORE,
)

KEYS = {"brand": "brand", "category": "category"}
TELLING = ("material", "colour", "size", "attribute", "brand", "category")
SURE, CORRECTED, GUESSED = 0.95, 0.85, 0.6


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False
)
class References(Finder):
    """Finds `reference`."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._by = _comparisons(Path(self.config["attributes"]))
        words = "|".join(re.escape(w) for w in sorted(self._by, key=len, reverse=True))
        self._compared = re.compile(
            rf"\b(?:the|that|this|your|which) (?:\w+ )?(?P<by>{words})"
            r"(?: of (?:the )?(?:two|three|four|them|those|these))?"
            r"(?P<one> ones?\b)?"
        )
        singles = {word for word in self._by if " " not in word}
        ordinals = {word for word in ORDINALS if word.isalpha()} - PLACES
        vocabulary = (
            singles | ordinals | {"both", "none", "neither", "option", "number"}
        )
        self._reader = Reader(vocabulary, fixes=FIXES)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"attributes": "data/catalogue/attributes.yml"}

    def find(self, message: Message) -> list[Entity]:
        """Return what the message points at."""
        text = (message.get(TEXT) or "")[:3000]
        plain = self._reader.read(text)
        nouns = {e["start"] for e in entities_of(message, "category", "product")}
        found = _none_or_all(plain)
        found += [*_ordinals(plain, nouns), *_numbers(plain)]
        found += self._comparatives(plain, nouns)
        told = [
            e for e in entities_of(message, *TELLING) if not covered(_span(e), found)
        ]
        found += _described(plain, told)
        return found

    def _comparatives(self, plain: Plain, nouns: set[int]) -> list[Entity]:
        found = []
        for match in self._compared.finditer(plain.text):
            if match["one"] or _ends(plain, match.end(), nouns):
                found.append(
                    _reference(plain, dict(self._by[match["by"]]), match.span())
                )
        return found


def _span(one: Entity) -> tuple[int, int]:
    return one["start"], one["end"]


def _comparisons(path: Path) -> dict[str, dict[str, Any]]:
    """Return word → value of the reference, from the catalogue's `more` and `less`."""
    meanings: dict[str, list[tuple[str, str]]] = {}
    if path.is_file():
        catalogue = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for name, one in (catalogue.get("attributes") or {}).items():
            for key, pick in (("more", "max"), ("less", "min")):
                for word in _degrees(str(one.get(key) or "")):
                    meanings.setdefault(word, []).append((name, pick))
    for meaning, words in BY_WORD.items():
        for word in words:
            meanings.setdefault(word, []).insert(0, meaning)
    return {word: _value(every) for word, every in meanings.items()}


def _degrees(word: str) -> list[str]:
    """Return lighter and lightest for lighter."""
    if word in ("", "more", "less", "fewer"):
        return []
    return [word, word[:-2] + "est"] if word.endswith("er") else [word]


def _value(meanings: list[tuple[str, str]]) -> dict[str, Any]:
    name, pick = meanings[0]
    others = [other for other, _ in meanings[1:]]
    return {"by": name, "pick": pick, **({"or": others} if others else {})}


def _reference(
    plain: Plain, value: dict[str, Any], span: tuple[int, int], sure: float = SURE
) -> Entity:
    sure = min(sure, CORRECTED) if plain.unsure(*span) else sure
    return entity("reference", value, plain.span(*span), sure)


def _none_or_all(plain: Plain) -> list[Entity]:
    none = [
        _reference(plain, {"none": True}, m.span()) for m in NONE.finditer(plain.text)
    ]
    if none:
        return none
    return [
        _reference(plain, {"all": True}, m.span()) for m in ALL.finditer(plain.text)
    ]


def _ends(plain: Plain, end: int, nouns: set[int]) -> bool:
    """Tell whether the reference may end here: the second floor is none."""
    if END.match(plain.text, end):
        return True
    return any(plain.spans[i][0] in nouns for i in plain.inside(end, end + 2))


def _ordinals(plain: Plain, nouns: set[int]) -> list[Entity]:
    matches = [m for m in ORDINAL.finditer(plain.text) if _ends(plain, m.end(), nouns)]
    matches += PLACED.finditer(plain.text)
    matches = matches or _bare(plain)
    found: dict[tuple[int, int], Entity] = {}
    for match in matches:
        said = match["ord"]
        if said in PLACES and not re.match(
            r" (?:ones?|option)\b", plain.text[match.end("ord") :]
        ):
            if match.re is not PLACED:
                continue
        sure = GUESSED if said == "middle" else SURE
        for index in _indices(ORDINALS[said], match.groupdict().get("how")):
            key = (match.start("ord"), index)
            found[key] = _reference(plain, {"index": index}, match.span(), sure)
    return list(found.values())


def _bare(plain: Plain) -> list["re.Match[str]"]:
    """Match an ordinal that is all that the message says, courtesies apart."""
    if len(plain.starts) > 8:
        return []
    match = BARE.search(plain.text)
    rest = (plain.text[: match.start()] + plain.text[match.end() :]) if match else ""
    more = {w for w in rest.split() if w.isalnum()} - FILLERS
    return [match] if match and not more else []


def _indices(index: int, how: str | None) -> list[int]:
    """Return 1, 2 for the first two, and −2, −1 for the last two."""
    many = (CARDINALS.get(how) or int(how)) if how else 1
    if many == 1:
        return [index]
    return list(range(1, many + 1)) if index > 0 else list(range(-many, 0))


def _numbers(plain: Plain) -> list[Entity]:
    found = []
    for match in NUMBERED.finditer(plain.text):
        for said in (match["num"], match["too"]):
            if said:
                index = CARDINALS.get(said) or int(said)
                found.append(_reference(plain, {"index": index}, match.span()))
    return found


def _described(plain: Plain, told: list[Entity]) -> list[Entity]:
    """Find `the wooden one` and `the one with wooden legs` around what terms told."""
    found = []
    for one in told:
        inside = [
            i for i, s in enumerate(plain.spans) if one["start"] <= s[0] < one["end"]
        ]
        if not inside:
            continue
        start = plain.starts[inside[0]]
        end = plain.starts[inside[-1]]
        end = end + len(plain.text[end:].split(" ", 1)[0])
        with_it = ONE_WITH.search(plain.text[:start])
        the, after = (
            THE_BEFORE.search(plain.text[:start]),
            ONE_AFTER.match(plain.text, end),
        )
        if with_it:
            span = (with_it.start(), end)
        elif the and after:
            span = (the.start(), after.end())
        else:
            continue
        value = {KEYS.get(one["entity"], "attribute"): one["value"]}
        found.append(_reference(plain, value, span))
    return found
