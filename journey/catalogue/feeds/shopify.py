"""Shopify's product CSV: rows that share a handle are the variants of one product."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from journey.catalogue.feeds.item import (
    Detail,
    Given,
    Item,
    about_of,
    name_of,
    path_of,
    picture_of,
    pieces_of,
    price_of,
    several,
)
from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.rows import Row
from journey.catalogue.feeds.values import tidy

HANDLE = ("handle", "url handle")
PRICE = ("variant price", "price")
SKU = ("variant sku", "sku")
COUNT = ("variant inventory qty", "inventory quantity")
GRAMS = ("variant grams", "weight value (grams)")
IMAGE = ("variant image", "variant image url")
OPTIONS = (1, 2, 3)
ONLY = "default title"
METAFIELD = re.compile(r"(.+) \(product\.metafields\.[^)]+\)\Z")
SHOPPING = "google shopping / "
SHOPPING_SHOWN = frozenset({"gender", "age group", "condition"})
COLOUR = frozenset({"color", "colour"})


@dataclass(slots=True)
class Parent:
    """What the first row of a product says for all of its variants."""

    name: str
    brand: str
    about: str
    path: tuple[str, ...]
    image: str | None
    options: tuple[str, ...]
    tags: list[str]
    details: dict[str, Detail]
    hidden: str | None
    seen: set[tuple[str, ...]] = field(default_factory=set)


def fits(columns: Iterable[str]) -> bool:
    """Tell whether a header is that of Shopify's export."""
    found = set(columns)
    return "title" in found and all(found & set(x) for x in (HANDLE, PRICE))


def read_items(rows: Iterable[Row], report: Report, given: Given) -> Iterator[Item]:
    """Yield a product for every variant; rows with nothing but a picture are none."""
    parents: dict[str, Parent | None] = {}
    for row in rows:
        handle = row.text(*HANDLE)
        try:
            if not handle:
                raise Bad("handle", "is missing")
            if row.text("title") and handle not in parents:
                parents[handle] = None
                parents[handle] = _parent(row, given)
            yield from _variant(row, handle, parents, report, given)
        except Bad as bad:
            report.lose(row.line, bad)


def _parent(row: Row, given: Given) -> Parent:
    own = path_of(row.text("type"))
    return Parent(
        name=name_of("title", row.text("title")),
        brand=tidy(row.text("vendor")) or given.brand,
        about=about_of(row.text("body (html)", "description")),
        path=own or path_of(row.text("product category")),
        image=picture_of(row.text("image src", "product image url")),
        options=tuple(tidy(row.text(f"option{n} name")) for n in OPTIONS),
        tags=[x for x in map(tidy, row.text("tags").split(",")) if x],
        details=_metafields(row),
        hidden=_hidden(row),
    )


def _hidden(row: Row) -> str | None:
    status = row.text("status").casefold()
    if status and status != "active":
        return status
    if row.text("gift card").casefold() == "true":
        return "gift card"
    published = row.text("published", "published on online store").casefold()
    return "not published" if published in ("false", "0") else None


def _variant(
    row: Row,
    handle: str,
    parents: dict[str, Parent | None],
    report: Report,
    given: Given,
) -> Iterator[Item]:
    values = tuple(tidy(row.text(f"option{n} value")) for n in OPTIONS)
    if not any(values) and not row.text(*PRICE, *SKU):
        return
    if handle not in parents:
        raise Bad("title", "is missing on the first row of its handle", handle)
    parent = parents[handle]
    if parent is None:
        raise Bad("handle", "the first row of its handle is bad", handle)
    if parent.hidden:
        report.skip(parent.hidden)
        return
    if values in parent.seen:
        raise Bad("option1 value", "this variant stands already above", str(values))
    parent.seen.add(values)
    yield _item(row, handle, values, parent, report, given)


def _item(
    row: Row,
    handle: str,
    values: tuple[str, ...],
    parent: Parent,
    report: Report,
    given: Given,
) -> Item:
    told = tuple(x for x in values if x and x.casefold() != ONLY)
    column = next((x for x in PRICE if x in row.cells), PRICE[0])
    named = f"{parent.name} ({', '.join(told)})" if told else parent.name
    return Item(
        line=row.line,
        raw_id="-".join((handle, *told)),
        name=name_of("title", named),
        price=price_of({column: row.text(*PRICE)}, column, "", given, on_sale=False),
        path=parent.path,
        said=(parent.name,) if told else (),
        brand=parent.brand,
        about=parent.about,
        stock=_stock(row, report),
        group=handle if told else None,
        sku=row.text(*SKU).lstrip("'") or None,
        image=picture_of(row.text(*IMAGE)) or parent.image,
        tags=parent.tags,
        details=_details(row, values, parent),
    )


def _stock(row: Row, report: Report) -> int | None:
    """Return the pieces; None where Shopify does not count them or sells on."""
    policy = row.text("variant inventory policy").casefold()
    on = row.text("continue selling when out of stock").casefold()
    tracked = row.text("variant inventory tracker", "inventory tracker")
    text = row.text(*COUNT)
    if policy == "continue" or on == "true" or not (tracked and text):
        return None
    return pieces_of(COUNT[0], text, row.line, report)


def _details(row: Row, values: tuple[str, ...], parent: Parent) -> dict[str, Detail]:
    found = dict(parent.details)
    for name, value in zip(parent.options, values, strict=True):
        if name and value and value.casefold() != ONLY:
            colour = name.casefold() in COLOUR
            found[name.casefold()] = several(value) if colour else value
    grams = row.text(*GRAMS)
    if grams.strip("0."):
        found.setdefault("weight", f"{grams} g")
    return found


def _metafields(row: Row) -> dict[str, Detail]:
    found: dict[str, Detail] = {}
    for name, texts in row.cells.items():
        match = METAFIELD.match(name)
        if match and "reviews" not in name:
            found[match[1]] = several(texts[0])
        elif name.removeprefix(SHOPPING) in SHOPPING_SHOWN and name[0] == "g":
            found[name.removeprefix(SHOPPING)] = tidy(texts[0])
    return found
