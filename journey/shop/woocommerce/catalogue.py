"""WooCommerce's products as items of a catalogue."""

from collections.abc import Iterator
from decimal import Decimal

from journey.catalogue.feeds.item import (
    Detail,
    Given,
    Item,
    about_of,
    link_of,
    name_of,
    picture_of,
)
from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.values import tidy
from journey.shop.calling import Caller
from journey.shop.platform import Pulled
from journey.shop.woocommerce.models import PRODUCTS, Product, read

PAGE = 100
SKIPPED = {"grouped": "grouped", "external": "sold elsewhere"}


def pull(caller: Caller, given: Given, report: Report) -> Iterator[Pulled]:
    """Yield every product that is sold; a variable one through its variations."""
    for product in _pages(caller, "/products", status="publish"):
        why = _skipped(product)
        if why:
            report.skip(why)
        elif product.type == "variable":
            path = f"/products/{product.id}/variations"
            for variation in _pages(caller, path, status="publish"):
                yield from _pulled(variation, product, given, report)
        else:
            yield from _pulled(product, None, given, report)


def _pages(caller: Caller, path: str, **query: str) -> Iterator[Product]:
    page, pages = 1, 1
    while page <= pages:
        answer = caller.read(
            path, per_page=PAGE, page=page, orderby="id", order="asc", **query
        )
        yield from read(answer, PRODUCTS)
        pages, page = int(answer.headers.get("x-wp-totalpages", 1)), page + 1


def _skipped(product: Product) -> str | None:
    if product.type in SKIPPED:
        return SKIPPED[product.type]
    return "hidden" if product.catalog_visibility == "hidden" else None


def _pulled(
    product: Product, parent: Product | None, given: Given, report: Report
) -> Iterator[Pulled]:
    try:
        item = _item(product, parent, given)
    except Bad as bad:
        report.lose(product.id, bad)
        return
    external = f"{parent.id}:{product.id}" if parent else str(product.id)
    yield Pulled(item, external)


def _item(product: Product, parent: Product | None, given: Given) -> Item:
    above = parent or product
    own = _details(product)
    brands = product.brands or above.brands
    pictures = [*([product.image] if product.image else []), *above.images]
    return Item(
        line=product.id,
        raw_id=product.sku or f"id-{product.id}",
        name=name_of("name", _called(product, parent, own)),
        price=_price(product),
        path=tuple(tidy(x.name) for x in above.categories[:1]),
        said=(tidy(above.name),) if parent else (),
        brand=tidy(brands[0].name) if brands else given.brand,
        about=about_of(product.description, above.description, above.short_description),
        stock=product.left(),
        delivery_days=0 if product.virtual else None,
        group=f"id:{parent.id}" if parent else None,
        sku=product.sku or None,
        image=next(filter(None, (picture_of(x.src) for x in pictures)), None),
        link=link_of(product.permalink or above.permalink),
        tags=[tidy(tag.name) for tag in above.tags],
        details={**_details(above), **own},
    )


def _called(product: Product, parent: Product | None, own: dict[str, Detail]) -> str:
    if parent is None:
        return product.name
    values = [x for x in own.values() if isinstance(x, str)]
    return f"{parent.name} ({', '.join(values)})" if values else parent.name


def _price(product: Product) -> Decimal:
    if product.price is None or product.price <= 0:
        raise Bad("price", "is missing")
    return product.price.quantize(Decimal("0.01"))


def _details(product: Product) -> dict[str, Detail]:
    found: dict[str, Detail] = {}
    for detail in product.attributes:
        options = tuple(map(tidy, detail.options))
        value = tidy(detail.option) if detail.option else options
        if value:
            single = value[0] if isinstance(value, tuple) and len(value) == 1 else value
            found[tidy(detail.name).casefold()] = single
    return found
