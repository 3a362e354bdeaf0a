"""The shape of an owner's catalogue files."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(min_length=1, max_length=200)]
ProductId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)]


class Entry(BaseModel):
    """A frozen record of a data file; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Attribute(Entry):
    """A typed attribute of products; a product may have several values of a choice.

    `better` says which end customers usually want; `more` and `less` are the
    comparatives in words. What `fits` takes the place only of what has the same value,
    as does what has a size.
    """

    type: Literal["number", "money", "choice", "colour", "size", "boolean", "text"]
    name: Name
    unit: str | None = None
    more: str | None = None
    less: str | None = None
    better: Literal["more", "less"] | None = None
    fits: bool = False
    says: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _typed(self) -> "Attribute":
        if self.measured and not self.unit:
            what = "its currency" if self.type == "money" else "its unit"
            raise ValueError(f"a {self.type} needs {what} as `unit`")
        if self.chosen and not self.values:
            raise ValueError("a choice needs its values")
        return self

    @property
    def measured(self) -> bool:
        """Whether its values have an order: numbers with a unit, and money."""
        return self.type in ("number", "money")

    @property
    def chosen(self) -> bool:
        """Whether its values are some of a list: choices, colours and sizes."""
        return self.type in ("choice", "colour", "size")

    def accepts(self, value: Any) -> bool:
        """Tell whether a product may carry this value."""
        if self.type == "boolean":
            return isinstance(value, bool)
        if self.measured:
            return isinstance(value, int | float) and not isinstance(value, bool)
        if self.chosen:
            told = value if isinstance(value, list | tuple) else [value]
            return bool(told) and all(one in self.values for one in told)
        return isinstance(value, str)


class Attributes(Entry):
    """The file attributes.yml: the currency and every attribute by id."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    attributes: dict[str, Attribute]


class Category(Entry):
    """A kind of product; `cares` lists what is compared first.

    `within` names the broader kinds of which it is one: shoes, clothing.
    """

    category: ProductId
    name: Name
    names: tuple[str, ...] = ()
    cares: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


class ProductEntry(Entry):
    """One product as the owner wrote it; `price` in the catalogue's currency.

    Variants of one thing share a `variant_of`. `stock` is None where the shop says that
    there is some and not how much.
    """

    product: ProductId
    name: Name
    names: tuple[str, ...] = ()
    brand: Annotated[str, Field(max_length=200)]
    category: str
    price: Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
    unit: Name
    stock: Annotated[int, Field(ge=0)] | None
    delivery_days: Annotated[int, Field(ge=0, le=365)]
    uses_up_days: Annotated[float, Field(gt=0)] | None = None
    image: str | None = None
    variant_of: Annotated[str, Field(max_length=200)] | None = None
    sku: Annotated[str, Field(max_length=200)] | None = None
    link: Annotated[str, Field(max_length=2000)] | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)
    drawback: Annotated[str, Field(max_length=200)]
    about: Annotated[str, Field(min_length=1, max_length=2000)]
