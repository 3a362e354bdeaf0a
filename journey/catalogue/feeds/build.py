"""A whole catalogue out of the products of a file."""

from collections import defaultdict
from collections.abc import Iterable

from pydantic import ValidationError

from journey.catalogue.feeds.details import Typed, settle
from journey.catalogue.feeds.item import Given, Item
from journey.catalogue.feeds.kinds import make_categories, name_kinds
from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.values import product_id
from journey.catalogue.load import Catalogue
from journey.catalogue.schema import ProductEntry


def build_catalogue(
    items: Iterable[Item], owner: Catalogue, given: Given, report: Report
) -> Catalogue:
    """Return the catalogue of all good items, typed; the others are reported.

    Args:
        items: what the file has, read while it is asked for.
        owner: what the owner's own files say about attributes and categories.
        given: what holds for rows that do not say it.
        report: takes what is wrong, by line and field.
    """
    good = _once(items, report)
    attributes, typed = settle(good, owner.attributes, report)
    kinds = name_kinds(item.path for item in good)
    entries: dict[str, ProductEntry] = {}
    stated = defaultdict[str, list[Typed]](list)
    for item, details in zip(good, typed, strict=True):
        kind = kinds[item.path]
        try:
            entry = _entry(item, kind, details, given)
        except ValidationError as error:
            report.lose(item.line, _as_bad(error))
            continue
        entries[entry.product] = entry
        stated[kind].append(details)
    used = {path: kind for path, kind in kinds.items() if kind in stated}
    categories = make_categories(used, owner.categories, attributes, stated)
    return Catalogue(given.currency, attributes, categories, entries)


def _once(items: Iterable[Item], report: Report) -> list[Item]:
    """Return the items of which no earlier one has the id."""
    lines: dict[str, int] = {}
    good = []
    for item in items:
        key = product_id(item.raw_id)
        if key in lines:
            reason = f"stands already in line {lines[key]}"
            report.lose(item.line, Bad("id", reason, item.raw_id))
            continue
        lines[key] = item.line
        good.append(item)
    return good


def _entry(item: Item, kind: str, details: Typed, given: Given) -> ProductEntry:
    days = given.delivery_days if item.delivery_days is None else item.delivery_days
    return ProductEntry(
        product=product_id(item.raw_id),
        name=item.name,
        names=item.said,
        brand=item.brand,
        category=kind,
        price=item.price,
        unit=item.unit,
        stock=item.stock,
        delivery_days=min(days, 365),
        uses_up_days=item.uses_up_days,
        image=item.image,
        variant_of=item.group,
        sku=item.sku,
        link=item.link,
        attributes=details,
        drawback="",
        about=item.about or item.name,
    )


def _as_bad(error: ValidationError) -> Bad:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return Bad(field, first["msg"], str(first.get("input", "")))
