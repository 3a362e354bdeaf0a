"""Google Merchant product feeds, delimited or XML.

Names and values are those of the published product data specification.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from journey.catalogue.feeds.item import (
    Detail,
    Given,
    Item,
    about_of,
    link_of,
    name_of,
    path_of,
    picture_of,
    pieces_of,
    price_of,
    several,
)
from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.rows import Row
from journey.catalogue.feeds.values import NotThat, read_instant, tidy
from journey.orders.workdays import workdays_until

NEEDED = frozenset({"id", "title", "price"})
TELLING = frozenset({"availability", "link", "image link", "condition", "gtin"})
HERE = frozenset({"in stock", "available for order", "limited availability"})
LATER = frozenset({"preorder", "pre-order", "backorder", "back-order"})
GONE = frozenset({"out of stock", "discontinued"})
TYPED = {
    "color": "colour",
    "material": "material",
    "pattern": "pattern",
    "size": "size",
    "size type": "size type",
    "gender": "gender",
    "age group": "age group",
    "condition": "condition",
    "energy efficiency class": "energy efficiency class",
    "product weight": "weight",
    "product length": "length",
    "product width": "width",
    "product height": "height",
    "unit pricing measure": "contents",
}
"""Columns that are attributes, and what we call them."""
COUNTS = ("quantity", "inventory", "stock")
SPLIT = frozenset({"color", "material"})
PUBLISHED = """
id title structured_title short_title description structured_description link
mobile_link canonical_link image_link additional_image_link lifestyle_image_link
virtual_model_link video_link availability availability_date price sale_price
sale_price_effective_date cost_of_goods_sold expiration_date auto_pricing_min_price
maximum_retail_price installment subscription_cost loyalty_points loyalty_program
google_product_category product_type brand gtin mpn identifier_exists is_bundle
unit_pricing_base_measure size_system item_group_id product_detail adult multipack
product_highlight custom_label_0 custom_label_1 custom_label_2 custom_label_3
custom_label_4 promotion_id ads_redirect adwords_redirect excluded_destination
included_destination shopping_ads_excluded_country pause shipping shipping_label
shipping_weight shipping_length shipping_width shipping_height ships_from_country
max_handling_time min_handling_time transit_time_label tax tax_category
free_shipping_threshold carrier_shipping min_energy_efficiency_class certification
max_energy_efficiency_class external_seller_id quantity inventory stock uses_up_days
unit guid pubdate updated return_policy_label consumer_notice disclosure_date
"""
NOT_SHOWN = frozenset(name.replace("_", " ") for name in PUBLISHED.split())
"""Columns that are read elsewhere or are no business of a customer's."""


def fits(columns: Iterable[str]) -> bool:
    """Tell whether a header is that of a product feed."""
    found = set(columns)
    return found >= NEEDED and bool(found & TELLING)


def read_items(rows: Iterable[Row], report: Report, given: Given) -> Iterator[Item]:
    """Yield a product for every row that can be one; the others are reported."""
    for row in rows:
        try:
            why = _not_sold(row, given)
            if why:
                report.skip(why)
            else:
                yield _item(row, report, given)
        except Bad as bad:
            report.lose(row.line, bad)


def _not_sold(row: Row, given: Given) -> str | None:
    if row.text("pause").casefold() in ("ads", "all"):
        return "paused"
    if row.text("availability").casefold().replace("_", " ") == "discontinued":
        return "discontinued"
    until = row.text("expiration date")
    if until and _instant(until, "expiration date") < given.now:
        return "expired"
    return None


def _item(row: Row, report: Report, given: Given) -> Item:
    item = Item(
        line=row.line,
        raw_id=_id(row),
        name=name_of("title", row.text("title", "structured title")),
        price=price(row, report, given),
        path=_path(row),
        brand=tidy(row.text("brand")) or given.brand,
        about=about_of(row.text("description"), " ".join(_highlights(row))),
        unit=tidy(row.text("unit")) or "piece",
        group=row.text("item group id") or None,
        sku=row.text("id"),
        image=picture_of(row.text("image link")),
        link=link_of(row.text("link", "canonical link")),
        details=_details(row),
    )
    item.stock, item.delivery_days = stock(row, report, given)
    item.uses_up_days = _used_up(row, report)
    if row.text("image link") and item.image is None:
        bad = Bad("image link", "is no web address", row.text("image link"))
        report.drop(row.line, bad)
    return item


def _id(row: Row) -> str:
    text = row.text("id")
    if not text:
        raise Bad("id", "is missing")
    if len(text) > 50:
        raise Bad("id", "has more than 50 characters", text)
    return text


def price(row: Row, report: Report, given: Given) -> Decimal:
    """Return what a row says that its product costs now."""
    texts = {name: row.text(name) for name in ("price", "sale price")}
    try:
        on_sale = _is_on_sale(row, given)
    except Bad as bad:
        report.drop(row.line, bad)
        on_sale = False
    return price_of(texts, "price", "sale price", given, on_sale)


def _is_on_sale(row: Row, given: Given) -> bool:
    span = row.text("sale price effective date")
    if not span:
        return True
    name = "sale price effective date"
    start, slash, end = span.partition("/")
    if not slash:
        raise Bad(name, "is not start/end", span)
    return _instant(start, name) <= given.now <= _instant(end, name)


def _instant(text: str, field: str) -> datetime:
    try:
        return read_instant(text)
    except NotThat as reason:
        raise Bad(field, str(reason), text) from None


def _path(row: Row) -> tuple[str, ...]:
    """Return the shop's own category, else Google's when it is told in words."""
    own = path_of(row.text("product type"))
    google = path_of(row.text("google product category"))
    return own or (() if google and google[0].isdigit() else google)


def stock(row: Row, report: Report, given: Given) -> tuple[int | None, int | None]:
    """Return the pieces that can be sold, None for some, and the days to get there."""
    told = row.text("availability").casefold().replace("_", " ")
    counted = _count(row, report)
    if told in GONE or counted == 0:
        return 0, None
    if told in HERE or (not told and counted):
        return counted, _delivery(row, given, 0)
    if told in LATER:
        when = row.text("availability date")
        wait = (
            workdays_until(given.now, _instant(when, "availability date"))
            if when
            else 0
        )
        return (counted, _delivery(row, given, wait)) if when else (0, None)
    if not told:
        raise Bad("availability", "is missing")
    known = ", ".join(sorted(HERE | LATER | GONE))
    raise Bad("availability", f"is none of {known}", told)


def _count(row: Row, report: Report) -> int | None:
    column = next((x for x in COUNTS if row.text(x)), None)
    return pieces_of(column, row.text(column), row.line, report) if column else None


def _delivery(row: Row, given: Given, wait: int) -> int | None:
    handling, transit = _days(row.text("max handling time")), None
    for told in row.cells.get("shipping", ()):
        parts = told.split(":")
        times = [_days(x) for x in parts[4:8]] if len(parts) >= 6 else []
        if len(times) == 4 and times[3] is not None:
            handling, transit = times[1] if times[1] is not None else handling, times[3]
            break
    if transit is None and not wait:
        return None
    usual = given.delivery_days if transit is None else transit + (handling or 0)
    return usual + wait


def _days(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 4 else None


def _used_up(row: Row, report: Report) -> float | None:
    text = row.text("uses up days")
    try:
        days = float(text) if text else None
    except ValueError:
        days = -1.0
    if days is None or days > 0:
        return days
    report.drop(row.line, Bad("uses up days", "is no number above 0", text))
    return None


def _highlights(row: Row) -> tuple[str, ...]:
    return tuple(f"{x.rstrip('.')}." for x in row.cells.get("product highlight", ()))


def _details(row: Row) -> dict[str, Detail]:
    """Return all typed attributes: those of the specification and the shop's own."""
    found: dict[str, Detail] = {}
    for name, texts in row.cells.items():
        if name in TYPED:
            found[TYPED[name]] = several(texts[0]) if name in SPLIT else tidy(texts[0])
        elif name not in NOT_SHOWN:
            found[name] = several(texts[0]) if len(texts) == 1 else texts
    if row.text("multipack").isdigit() and int(row.text("multipack")) > 1:
        found["pieces"] = f"{int(row.text('multipack'))} pieces"
    for name, value in _product_details(row):
        found.setdefault(name, value)
    return found


def _product_details(row: Row) -> Iterator[tuple[str, str]]:
    """Yield `section:name:value`; a delimited feed joins several by commas."""
    for told in row.cells.get("product detail", ()):
        parts: list[str] = []
        for piece in next(
            csv.reader([told.replace("\n", " ")], skipinitialspace=True), []
        ):
            if piece.count(":") >= 2 or not parts:
                parts.append(piece)
            else:
                parts[-1] += f", {piece}"
        for part in parts:
            _, _, rest = part.partition(":")
            name, colon, value = rest.partition(":")
            if colon and tidy(name) and tidy(value):
                yield tidy(name).casefold(), tidy(value)
