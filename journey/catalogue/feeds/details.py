"""Typed attributes out of what a file says: each column's type from all its values.

What the owner's attributes.yml knows already keeps its type, unit and words; the
rest is typed by what its values are.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journey.catalogue.feeds.item import Detail, Item
from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.values import (
    UNITS,
    NotThat,
    read_amount,
    read_boolean,
    read_money,
    read_number,
    slug,
    unit_of,
)
from journey.catalogue.schema import Attribute

MEASURED = 0.8
"""A column is a number when this share of its values is one in the same unit."""
MOST_VALUES, LONGEST_VALUE = 200, 40
IN_NAME = re.compile(r"(.+?)\s*[(\[]\s*([^()\[\]]+)\s*[)\]]\Z")
SMALLER = {"kg": "g", "l": "ml", "cm": "mm"}
COLOURS = ("colour", "color")
SIZES = ("size", "shoe size", "clothing size")
COMMON = frozenset(
    "new one all other any none good best better sale standard regular normal default"
    " various mixed multi unisex adult no yes na single double full half long short"
    " high low big more less first last".split()
)
"""Values that say too little by themselves to be heard as a wish."""
LETTERS = {
    "xs": "extra small",
    "s": "small",
    "m": "medium",
    "l": "large",
    "xl": "extra large",
    "xxl": "extra extra large",
}
Read = Callable[[str], Any]
Typed = dict[str, Any]


@dataclass
class Column:
    """All that one attribute is told to be, and how often."""

    name: str
    unit: str | None = None
    texts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Settled:
    """An attribute with its type, and what each text of it means."""

    attribute: Attribute
    values: Mapping[str, Any]
    wrong: Mapping[str, str]


def settle(
    items: Sequence[Item], owner: Mapping[str, Attribute], report: Report
) -> tuple[dict[str, Attribute], list[Typed]]:
    """Return every attribute by id, and the typed attributes of each item."""
    names = _names(owner)
    keys = {told: _key(told, names) for item in items for told in item.details}
    columns = _collect(items, keys)
    settled = {k: _settled(k, column, owner.get(k)) for k, column in columns.items()}
    features = {x: key for x, key in names.items() if owner[key].type == "boolean"}
    typed = [_typed(item, keys, settled, features, report) for item in items]
    attributes = {key: found.attribute for key, found in settled.items()}
    tagged = {key: owner[key] for one in typed for key in one if key not in attributes}
    return {**attributes, **tagged}, typed


def _names(owner: Mapping[str, Attribute]) -> dict[str, str]:
    """Return by every name of the owner's attributes their ids."""
    found: dict[str, str] = {}
    for key, attribute in owner.items():
        for name in (key.replace("_", " "), attribute.name, *attribute.says):
            found.setdefault(name.casefold(), key)
    return found


def _collect(items: Iterable[Item], keys: Mapping[str, str]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for told, key in keys.items():
        columns.setdefault(key, Column(*_split(told)))
    for item in items:
        for told, detail in item.details.items():
            for text in _texts(detail):
                columns[keys[told]].texts[text] += 1
    return columns


def _split(told: str) -> tuple[str, str | None]:
    """Return `capacity (ml)` as a name and a unit."""
    match = IN_NAME.match(told)
    unit = unit_of(match[2]) if match else None
    return (match[1], unit) if match and unit else (told, None)


def _key(told: str, names: Mapping[str, str]) -> str:
    name = _split(told)[0].casefold()
    if name in COLOURS:
        return "colour"
    return names.get(name) or slug(name, "_")[:60] or name[:60]


def _texts(detail: Detail) -> tuple[str, ...]:
    return (detail,) if isinstance(detail, str) else detail


def _settled(key: str, column: Column, known: Attribute | None) -> Settled:
    if known is not None:
        return _as_known(column, known)
    for attempt in (_as_boolean, _as_number, _as_money, _as_choice):
        if found := attempt(key, column):
            return found
    return _as_text(column)


def _as_known(column: Column, known: Attribute) -> Settled:
    """Read a column as the owner's attribute; a choice may get more values."""
    if known.chosen:
        return _chosen(column, known)
    if known.measured:
        return _read(column, known, lambda text: _in_unit(text, column.unit, known))
    return _read(column, known, read_boolean if known.type == "boolean" else str)


def _in_unit(text: str, unit: str | None, known: Attribute) -> float:
    """Return a number in an attribute's own unit; a bare one is taken to be in it."""
    if known.type == "money":
        return float(read_money(text).amount)
    try:
        amount, base = read_amount(f"{text} {unit}" if unit else text)
    except NotThat:
        return float(read_number(text))
    own = UNITS.get(unit_of(str(known.unit)) or "", (str(known.unit), 1.0))
    if own[0] != base:
        raise NotThat(f"is not in {known.unit}")
    return round(amount / own[1], 6)


def _read(column: Column, attribute: Attribute, read: Read) -> Settled:
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for text in column.texts:
        try:
            values[text] = read(text)
        except NotThat as reason:
            wrong[text] = str(reason)
    return Settled(attribute, values, wrong)


def _as_boolean(key: str, column: Column) -> Settled | None:
    del key
    found = _read(column, Attribute(type="boolean", name=column.name), read_boolean)
    return None if found.wrong else found


def _as_number(key: str, column: Column) -> Settled | None:
    """Read numbers with units of one kind, and tell them in a handy unit."""
    del key
    amounts: dict[str, tuple[float, str]] = {}
    for text in column.texts:
        try:
            amounts[text] = read_amount(
                f"{text} {column.unit}" if column.unit else text
            )
        except NotThat:
            continue
    bases = Counter(base for _, base in amounts.values()).most_common(1)
    if not bases or bases[0][1] < MEASURED * len(column.texts):
        return None
    base = bases[0][0]
    values = {text: amount for text, (amount, x) in amounts.items() if x == base}
    small = base in SMALLER and max(values.values()) < 1
    unit, factor = (SMALLER[base], UNITS[SMALLER[base]][1]) if small else (base, 1.0)
    attribute = Attribute(
        type="number", unit=unit, name=column.name, more="more", less="less"
    )
    wrong = {x: f"is no number in {unit}" for x in column.texts if x not in values}
    told = {text: round(amount / factor, 6) for text, amount in values.items()}
    return Settled(attribute, told, wrong)


def _as_money(key: str, column: Column) -> Settled | None:
    del key
    try:
        told = {text: read_money(text) for text in column.texts}
    except NotThat:
        return None
    currencies = {money.currency for money in told.values()}
    if len(currencies) != 1 or None in currencies:
        return None
    attribute = Attribute(
        type="money",
        unit=currencies.pop(),
        name=column.name,
        more="more expensive",
        less="cheaper",
    )
    return Settled(attribute, {x: float(m.amount) for x, m in told.items()}, {})


def _as_choice(key: str, column: Column) -> Settled | None:
    few = len(column.texts) <= min(MOST_VALUES, max(12, column.texts.total() // 2))
    if not few or any(len(text) > LONGEST_VALUE for text in column.texts):
        return None
    kind = "colour" if key.endswith(COLOURS) else "choice"
    kind = "size" if column.name in SIZES else kind
    # Its values come with its texts, so it is not checked for having some.
    bare = Attribute.model_construct(type=kind, name=column.name)
    return _chosen(column, bare)


def _chosen(column: Column, known: Attribute) -> Settled:
    """Give each text its value: one that is known by this name, else a new one."""
    names = {n.casefold(): v for v, ns in known.values.items() for n in (v, *ns)}
    values, ids = dict(known.values), dict[str, str]()
    for text in sorted(column.texts):
        value = _known_value(text, known, names) or slug(text) or text
        ids[text] = value
        if value not in values or known.type == "size":
            said = (*values.get(value, ()), *_spoken(text, known))
            values[value] = tuple(dict.fromkeys(said))
            names[text.casefold()] = value
    return Settled(known.model_copy(update={"values": values}), ids, {})


def _known_value(text: str, known: Attribute, names: Mapping[str, str]) -> str | None:
    """Return the value of this name; navy blue is a blue."""
    plain = text.casefold()
    if known.type == "colour" and plain not in names:
        plain = plain.rpartition(" ")[2]
    return names.get(plain)


def _spoken(text: str, known: Attribute) -> tuple[str, ...]:
    """Return how a value is said; what says little alone is said with its name."""
    plain = text.casefold()
    if known.type == "size":
        words = (LETTERS[plain],) if plain in LETTERS else ()
        return (f"size {text}", *(f"{x} size" for x in words))
    bare = plain in COMMON or len(plain) < 3 or not any(x.isalpha() for x in plain)
    return (f"{text} {known.name}",) if bare else (text,)


def _as_text(column: Column) -> Settled:
    attribute = Attribute(type="text", name=column.name)
    return Settled(attribute, {text: text for text in column.texts}, {})


def _typed(
    item: Item,
    keys: Mapping[str, str],
    settled: Mapping[str, Settled],
    features: Mapping[str, str],
    report: Report,
) -> Typed:
    """Return an item's attributes by id; what does not fit its type is reported."""
    tags = [tag.casefold() for tag in item.tags]
    found: Typed = {features[tag]: True for tag in tags if tag in features}
    for told, detail in item.details.items():
        column = settled[keys[told]]
        values = _values(item.line, told, detail, column, report)
        if values:
            several = column.attribute.chosen and len(values) > 1
            found[keys[told]] = values if several else values[0]
    return found


def _values(
    line: int, told: str, detail: Detail, column: Settled, report: Report
) -> list[Any]:
    found = []
    for text in _texts(detail):
        if text in column.wrong:
            report.drop(line, Bad(told, column.wrong[text], text))
        elif column.values[text] not in found:
            found.append(column.values[text])
    return found
