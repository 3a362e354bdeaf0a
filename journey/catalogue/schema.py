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
    """A typed attribute of products.

    `better` says which end customers usually want; `more` and `less` are the
    comparatives in words.
    """

    type: Literal["number", "choice", "boolean", "text"]
    name: Name
    unit: str | None = None
    more: str | None = None
    less: str | None = None
    better: Literal["more", "less"] | None = None
    says: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _typed(self) -> "Attribute":
        if self.type == "number" and not self.unit:
            raise ValueError("a number needs its unit")
        if self.type == "choice" and not self.values:
            raise ValueError("a choice needs its values")
        return self

    def accepts(self, value: Any) -> bool:
        """Tell whether a product may carry this value."""
        if self.type == "boolean":
            return isinstance(value, bool)
        if self.type == "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        if self.type == "choice":
            return value in self.values
        return isinstance(value, str)


class Attributes(Entry):
    """The file attributes.yml: the currency and every attribute by id."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    attributes: dict[str, Attribute]


class Category(Entry):
    """A kind of product; `cares` lists what is compared first."""

    category: ProductId
    name: Name
    names: tuple[str, ...] = ()
    cares: tuple[str, ...] = ()


class ProductEntry(Entry):
    """One product as the owner wrote it; `price` in the catalogue's currency."""

    product: ProductId
    name: Name
    names: tuple[str, ...] = ()
    brand: Name
    category: str
    price: Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
    unit: Name
    stock: Annotated[int, Field(ge=0)]
    delivery_days: Annotated[int, Field(ge=0, le=365)]
    uses_up_days: Annotated[float, Field(gt=0)] | None = None
    image: str | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)
    drawback: Name
    about: Annotated[str, Field(min_length=1, max_length=2000)]
