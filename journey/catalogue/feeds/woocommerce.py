"""WooCommerce's product CSV: variations name their parent, which is no product."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from decimal import Decimal

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
)
from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.rows import Row
from journey.catalogue.feeds.values import NotThat, read_instant, tidy

MEASURE = re.compile(r"(weight|length|width|height) \((.+)\)\Z")
ATTRIBUTE = re.compile(r"attribute (\d+) name\Z")
COMMA = re.compile(r"(?<!\\),")
SKIPPED = {"grouped": "grouped", "external": "sold elsewhere"}
NO_PARCEL = frozenset({"virtual", "downloadable"})


def fits(columns: Iterable[str]) -> bool:
    """Tell whether a header is that of WooCommerce's export."""
    found = set(columns)
    return found >= {"type", "name"} and bool(found & {"regular price", "sku"})


def read_items(rows: Iterable[Row], report: Report, given: Given) -> Iterator[Item]:
    """Yield simple products, and variations once their parent is known."""
    parents: dict[str, Row] = {}
    waiting: dict[str, list[Row]] = {}
    for row in rows:
        kinds = set(_list(row.text("type").casefold()))
        if "variable" in kinds:
            for key in _keys(row):
                parents[key] = row
                for child in waiting.pop(key, []):
                    yield from _taken(child, row, report, given)
        elif "variation" in kinds:
            key = row.text("parent").casefold()
            if key in parents:
                yield from _taken(row, parents[key], report, given)
            else:
                waiting.setdefault(key, []).append(row)
        else:
            yield from _taken(row, None, report, given)
    for key, children in waiting.items():
        for child in children:
            report.lose(child.line, Bad("parent", "is not in the file", key))


def _keys(row: Row) -> Iterator[str]:
    if row.text("sku"):
        yield row.text("sku").casefold()
    if row.text("id"):
        yield f"id:{row.text('id')}"


def _taken(
    row: Row, parent: Row | None, report: Report, given: Given
) -> Iterator[Item]:
    try:
        why = _hidden(row) or (_hidden(parent) if parent else None)
        if why:
            report.skip(why)
        else:
            yield _item(row, parent, report, given)
    except Bad as bad:
        report.lose(row.line, bad)


def _hidden(row: Row) -> str | None:
    kinds = _list(row.text("type").casefold())
    skipped = next((SKIPPED[x] for x in kinds if x in SKIPPED), None)
    if skipped:
        return skipped
    if row.text("published") in ("0", "-1"):
        return "not published"
    return "hidden" if row.text("visibility in catalog") == "hidden" else None


def _item(row: Row, parent: Row | None, report: Report, given: Given) -> Item:
    above = parent or row
    own = _attributes(row)
    values = [x for x in own.values() if isinstance(x, str)] if parent else []
    name = row.text("name") if parent is None else _called(row, above, values)
    kinds = set(_list(row.text("type").casefold()))
    brands = _list(row.text("brands") or above.text("brands"))
    return Item(
        line=row.line,
        raw_id=row.text("sku") or f"id-{_number(row)}",
        name=name_of("name", name),
        price=_price(row, given),
        path=_path(row) or _path(above),
        said=(tidy(above.text("name")),) if parent else (),
        brand=brands[0] if brands else given.brand,
        about=about_of(*_descriptions(row), *_descriptions(above)),
        stock=_stock(row, above, report),
        delivery_days=0 if kinds & NO_PARCEL else None,
        group=next(_keys(above), None) if parent else None,
        sku=row.text("sku") or None,
        image=_image(row) or _image(above),
        tags=_list(row.text("tags") or above.text("tags")),
        details={**_attributes(above), **_measures(above), **_measures(row), **own},
    )


def _called(row: Row, above: Row, values: list[str]) -> str:
    own, name = tidy(row.text("name")), tidy(above.text("name"))
    if own and own != name:
        return own
    return f"{name} ({', '.join(values)})" if values else name


def _number(row: Row) -> str:
    if not row.text("id"):
        raise Bad("sku", "is missing, and so is the ID")
    return row.text("id")


def _price(row: Row, given: Given) -> Decimal:
    texts = {name: row.text(name) for name in ("regular price", "sale price")}
    start = _day(row, "date sale price starts", time.min, given)
    end = _day(row, "date sale price ends", time.max, given)
    on_sale = (not start or start <= given.now) and (not end or given.now <= end)
    return price_of(texts, "regular price", "sale price", given, on_sale)


def _day(row: Row, field: str, at: time, given: Given) -> datetime | None:
    text = row.text(field)
    if not text:
        return None
    try:
        day = read_instant(text.replace("/", "-")).date()
    except NotThat as reason:
        raise Bad(field, str(reason), text) from None
    return datetime.combine(day, at, given.now.tzinfo)


def _stock(row: Row, above: Row, report: Report) -> int | None:
    """Return the pieces; a variation may count those of its parent."""
    told = row.text("in stock?").casefold()
    count = row.text("stock")
    count = above.text("stock") if count.casefold() == "parent" else count
    if told in ("0", "no", "outofstock"):
        return 0
    on = row.text("backorders allowed?").casefold() in ("1", "yes", "notify")
    if on or told in ("backorder", "onbackorder") or not count:
        return None
    return pieces_of("stock", count, row.line, report)


def _path(row: Row) -> tuple[str, ...]:
    """Return the deepest of the categories, the first of equals."""
    paths = [path_of(x) for x in _list(row.text("categories"))]
    return max(paths, key=len, default=())


def _descriptions(row: Row) -> tuple[str, str]:
    # The exporter writes line breaks as a backslash and an n.
    long, short = row.text("description"), row.text("short description")
    return long.replace("\\n", "\n"), short.replace("\\n", "\n")


def _image(row: Row) -> str | None:
    return next(filter(None, map(picture_of, _list(row.text("images")))), None)


def _measures(row: Row) -> dict[str, Detail]:
    """Return weight and sides with the unit that stands in the header."""
    found: dict[str, Detail] = {}
    for name, texts in row.cells.items():
        match = MEASURE.match(name)
        if match and texts[0].strip("0."):
            found[match[1]] = f"{texts[0]} {match[2]}"
    return found


def _attributes(row: Row) -> dict[str, Detail]:
    """Return the attributes of a row; of a parent's choices a variation has one."""
    found: dict[str, Detail] = {}
    for name, texts in row.cells.items():
        match = ATTRIBUTE.match(name)
        values = _list(row.text(f"attribute {match[1]} value(s)")) if match else []
        if values:
            several = values[0] if len(values) == 1 else tuple(values)
            found[tidy(texts[0]).casefold()] = several
    return found


def _list(text: str) -> list[str]:
    r"""Return the parts between commas; `\,` is a comma inside of one."""
    parts = (tidy(x.replace("\\,", ",")) for x in COMMA.split(text))
    return [x for x in parts if x]
