"""What Shopify answers, as far as we read it."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
)
from pydantic.alias_generators import to_camel


def _nodes(value: Any) -> Any:
    """A list that could go on comes with its pages around it."""
    return value["nodes"] if isinstance(value, dict) else value


def _amount(value: Any) -> Any:
    return value["shopMoney"]["amount"] if isinstance(value, dict) else value


Money = Annotated[Decimal, BeforeValidator(_amount)]


class Part(BaseModel):
    """A part of an answer; there may be more in it than we read."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class Attribute(Part):
    """A further field of an order or of one of its lines."""

    key: str
    value: str | None = None


class Line(Part):
    """A line of an order; `current_quantity` is without what was taken out of it."""

    id: str
    quantity: int
    current_quantity: int | None = None
    custom_attributes: tuple[Attribute, ...] = ()


Lines = Annotated[tuple[Line, ...], BeforeValidator(_nodes)]


class Parcel(Part):
    """Pieces that were sent."""

    display_status: str | None = None


class Payment(Part):
    """Money that came in; by hand when no gateway can give it back."""

    manual_payment_gateway: bool = False


class RefundMade(Part):
    """A refund of an order."""

    id: str
    note: str | None = None


class Order(Part):
    """An order that was checked out."""

    id: str
    name: str
    cancelled_at: datetime | None = None
    updated_at: datetime
    display_financial_status: str | None = None
    display_fulfillment_status: str
    total: Money = Field(validation_alias="currentTotalPriceSet")
    custom_attributes: tuple[Attribute, ...] = ()
    line_items: Lines = ()
    fulfillments: tuple[Parcel, ...] = ()
    transactions: tuple[Payment, ...] = ()
    refunds: tuple[RefundMade, ...] = ()


class Draft(Part):
    """An order that waits to be paid; once it is, it has become `order`."""

    id: str
    name: str
    updated_at: datetime
    invoice_url: str | None = None
    total: Money = Field(validation_alias="totalPriceSet")
    custom_attributes: tuple[Attribute, ...] = ()
    line_items: Lines = ()
    order: Order | None = None


class DraftHead(Part):
    """So much of a draft as it takes to find one."""

    id: str
    created_at: datetime
    custom_attributes: tuple[Attribute, ...] = ()


class Option(Part):
    """An option that a variant has."""

    name: str
    value: str


class Picture(Part):
    """A picture, or a film by its picture."""

    url: str | None = Field(
        default=None, validation_alias=AliasPath("preview", "image", "url")
    )


class Product(Part):
    """A product, as its variants share it."""

    id: str = ""
    title: str = ""
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()
    status: str
    online_store_url: str | None = None
    is_gift_card: bool = False
    requires_selling_plan: bool = False
    has_only_default_variant: bool = False
    category: str | None = Field(
        default=None, validation_alias=AliasPath("category", "fullName")
    )
    featured_media: Picture | None = None


class InventoryItem(Part):
    """How pieces of a variant are counted and sent."""

    tracked: bool
    requires_shipping: bool = True


class Variant(Part):
    """What is sold: a product in one of its sizes and colours."""

    id: str
    sku: str | None = None
    title: str = ""
    price: Decimal
    inventory_quantity: int | None = None
    inventory_policy: str
    inventory_item: InventoryItem
    selected_options: tuple[Option, ...] = ()
    media: Annotated[tuple[Picture, ...], BeforeValidator(_nodes)] = ()
    product: Product

    def left(self) -> int | None:
        """Return how many pieces there are; None when they are not counted."""
        if self.product.status != "ACTIVE":
            return 0
        if not self.inventory_item.tracked or self.inventory_policy == "CONTINUE":
            return None
        return max(0, self.inventory_quantity or 0)


class Suggested(Part):
    """How the shop would give money back: to which payments, from which shelf."""

    class Back(Part):
        """A line, and where its pieces would be put."""

        line: str = Field(validation_alias=AliasPath("lineItem", "id"))
        location: str | None = Field(
            default=None, validation_alias=AliasPath("location", "id")
        )

    class Paid(Part):
        """A payment of which some goes back."""

        amount: Money = Field(validation_alias="amountSet")
        gateway: str | None = None
        parent: str | None = Field(
            default=None, validation_alias=AliasPath("parentTransaction", "id")
        )
        by_hand: bool = Field(
            default=False,
            validation_alias=AliasPath("parentTransaction", "manualPaymentGateway"),
        )

    amount: Money = Field(validation_alias="amountSet")
    subtotal: Money = Field(validation_alias="subtotalSet")
    lines: tuple[Back, ...] = Field(default=(), validation_alias="refundLineItems")
    payments: tuple[Paid, ...] = Field(
        default=(), validation_alias="suggestedTransactions"
    )


DRAFT, ORDER = TypeAdapter(Draft), TypeAdapter(Order)
HEADS = TypeAdapter(tuple[DraftHead, ...])
VARIANTS = TypeAdapter(tuple[Variant, ...])
SUGGESTION = TypeAdapter(Suggested)
