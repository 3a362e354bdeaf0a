"""What WooCommerce answers, as far as we read it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import httpx
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    TypeAdapter,
    ValidationError,
)

from journey.shop.calling import json_of
from journey.shop.platform import Down

T = TypeVar("T")


def _money(value: Any) -> Any:
    """A price that the shop never set is an empty string."""
    return None if value == "" else value


def _gmt(value: Any) -> Any:
    """Times in GMT come without a zone."""
    if isinstance(value, str) and value:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value or None


Money = Annotated[Decimal, BeforeValidator(_money)]
Price = Annotated[Decimal | None, BeforeValidator(_money)]
Instant = Annotated[datetime | None, BeforeValidator(_gmt)]


class Part(BaseModel):
    """A part of an answer; there is always more in it than we read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Meta(Part):
    """A further field of an order."""

    key: str
    value: Any = None


class LineItem(Part):
    """A line of an order; its amounts are for all pieces, without tax."""

    id: int
    product_id: int
    variation_id: int = 0
    quantity: int
    subtotal: Money = Decimal(0)
    total: Money = Decimal(0)
    meta_data: tuple[Meta, ...] = ()


class Order(Part):
    """An order."""

    id: int
    number: str
    status: str
    order_key: str = ""
    payment_url: str | None = None
    total: Money
    date_paid_gmt: Instant = None
    date_modified_gmt: Instant = None
    line_items: tuple[LineItem, ...] = ()
    meta_data: tuple[Meta, ...] = ()


class RefundMade(Part):
    """A refund of an order; the pieces of its lines count below zero."""

    id: int
    amount: Money = Decimal(0)
    line_items: tuple[LineItem, ...] = ()
    meta_data: tuple[Meta, ...] = ()


class Image(Part):
    """A picture of a product."""

    src: str = ""


class Named(Part):
    """A category, a brand or a tag."""

    name: str = ""


class Detail(Part):
    """An attribute: a product has options, a variation one of them."""

    name: str = ""
    options: tuple[str, ...] = ()
    option: str | None = None


class Product(Part):
    """A product or a variation; `manage_stock` of one may be that of its parent."""

    id: int
    parent_id: int = 0
    name: str = ""
    sku: str = ""
    type: str = "simple"
    status: str = "publish"
    catalog_visibility: str = "visible"
    description: str = ""
    short_description: str = ""
    permalink: str = ""
    price: Price = None
    purchasable: bool = True
    virtual: bool = False
    manage_stock: bool | str = False
    stock_quantity: int | None = None
    stock_status: str = "instock"
    backorders_allowed: bool = False
    date_modified_gmt: Instant = None
    categories: tuple[Named, ...] = ()
    brands: tuple[Named, ...] = ()
    tags: tuple[Named, ...] = ()
    images: tuple[Image, ...] = ()
    image: Image | None = None
    attributes: tuple[Detail, ...] = ()
    variations: tuple[int, ...] = ()

    def left(self) -> int | None:
        """Return how many pieces there are; None when they are not counted."""
        if self.stock_status == "outofstock" or not self.purchasable:
            return 0
        if self.backorders_allowed or not self.manage_stock:
            return None
        return max(0, self.stock_quantity or 0)


ORDERS = TypeAdapter(list[Order])
PRODUCTS = TypeAdapter(list[Product])
REFUNDS = TypeAdapter(list[RefundMade])


def read(response: httpx.Response, kind: TypeAdapter[T]) -> T:
    """Return an answer as what it should be.

    Raises:
        Down: it is something else.
    """
    try:
        return kind.validate_python(json_of(response))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        path = response.request.url.path
        raise Down(f"{path}: answered with {field}: {first['msg']}") from None
