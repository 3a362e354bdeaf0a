"""Shopify's variants as items of a catalogue."""

from collections.abc import Iterator
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
)
from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.values import tidy
from journey.shop.platform import Pulled
from journey.shop.shopify import queries
from journey.shop.shopify.graph import Graph, read
from journey.shop.shopify.models import VARIANTS, Product, Variant
from journey.shop.shopify.orders import external_of


def pull(graph: Graph, given: Given, report: Report) -> Iterator[Pulled]:
    """Yield every variant that is sold in the online store."""
    after: str | None = None
    while True:
        page = graph.ask(queries.CATALOGUE, after=after)["productVariants"]
        for variant in read(VARIANTS, page["nodes"]):
            why = _skipped(variant.product)
            if why:
                report.skip(why)
            else:
                yield from _pulled(variant, given, report)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _skipped(product: Product) -> str | None:
    if product.status != "ACTIVE":
        return product.status.lower()
    if product.online_store_url is None:
        return "not in the online store"
    if product.is_gift_card:
        return "gift card"
    return "sold by subscription only" if product.requires_selling_plan else None


def _pulled(variant: Variant, given: Given, report: Report) -> Iterator[Pulled]:
    external = external_of(variant.product.id, variant.id)
    try:
        item = _item(variant, external, given)
    except Bad as bad:
        report.lose(int(external.partition(":")[2]), bad)
        return
    yield Pulled(item, external)


def _item(variant: Variant, external: str, given: Given) -> Item:
    product, several = variant.product, not variant.product.has_only_default_variant
    pictures = [*variant.media, *filter(None, [product.featured_media])]
    own = _options(variant) if several else {}
    number, _, variant_number = external.partition(":")
    return Item(
        line=int(variant_number),
        raw_id=variant.sku or f"id-{variant_number}",
        name=name_of("title", _called(variant, several)),
        price=_price(variant),
        path=path_of(product.category or product.product_type),
        said=(tidy(product.title),) if several else (),
        brand=tidy(product.vendor) or given.brand,
        about=about_of(product.description_html),
        stock=variant.left(),
        delivery_days=None if variant.inventory_item.requires_shipping else 0,
        group=f"id:{number}" if several else None,
        sku=variant.sku or None,
        image=next((y for x in pictures if x.url and (y := picture_of(x.url))), None),
        link=link_of(product.online_store_url or ""),
        tags=[tidy(tag) for tag in product.tags],
        details=own,
    )


def _called(variant: Variant, several: bool) -> str:
    title = variant.product.title
    return f"{title} ({variant.title.replace(' / ', ', ')})" if several else title


def _price(variant: Variant) -> Decimal:
    if variant.price <= 0:
        raise Bad("price", "is missing")
    return variant.price.quantize(Decimal("0.01"))


def _options(variant: Variant) -> dict[str, Detail]:
    return {tidy(x.name).casefold(): tidy(x.value) for x in variant.selected_options}
