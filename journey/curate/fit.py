"""Whether a product keeps a constraint, exactly."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from journey.orders.workdays import Arrivals

PRICE = "price"
CATEGORY = "category"
BRAND = "brand"
PRODUCT = "product"
DELIVERY = "delivery"
OWN = frozenset({PRICE, CATEGORY, BRAND, PRODUCT, DELIVERY})
"""What a product has besides the attributes that a catalogue defines."""
ABOUT = 0.25
"""How far from its number an `~` may be, as a share of it."""


class Limit(Protocol):
    """A hard wish: `value` holds `value`, and `upto` for a range."""

    @property
    def attribute(self) -> str:
        """What it is about."""

    @property
    def op(self) -> str:
        """How it bounds: one of TESTS."""

    @property
    def value(self) -> Mapping[str, Any]:
        """Where it bounds."""


class Described(Protocol):
    """A product as far as its traits go."""

    @property
    def category(self) -> str:
        """Its kind."""

    @property
    def brand(self) -> str:
        """Who makes it."""

    @property
    def attributes(self) -> Mapping[str, Any]:
        """What is stated about it."""


class Sold(Described, Protocol):
    """A product as choosing looks at it: a row of the database, or a candidate."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def price(self) -> Decimal:
        """What it costs."""

    @property
    def delivery_days(self) -> int:
        """How many working days it takes."""

    @property
    def uses_up_days(self) -> float | None:
        """How long it lasts."""

    @property
    def variant_of(self) -> str | None:
        """Of which thing it is a variant."""

    @property
    def drawback(self) -> str:
        """What the owner says against it."""

    @property
    def about(self) -> str:
        """What the owner says about it."""


Test = Callable[[Any, Mapping[str, Any]], bool]


def keeps(product: Sold, limit: Limit, arrivals: Arrivals) -> bool:
    """Tell whether a product keeps one constraint.

    An attribute that the product does not state breaks every constraint on it
    but `!=` and `== False`.
    """
    has = value_of(product, limit.attribute, arrivals)
    if has is None:
        wants_absence = limit.op == "==" and limit.value.get("value") is False
        return limit.op == "!=" or wants_absence
    return TESTS[limit.op](has, limit.value)


def value_of(product: Sold, attribute: str, arrivals: Arrivals) -> Any:
    """Return what a product has: a column's value or a typed attribute, or None."""
    if attribute == PRICE:
        return float(product.price)
    if attribute == CATEGORY:
        return product.category
    if attribute == BRAND:
        return product.brand
    if attribute == PRODUCT:
        return product.id
    if attribute == DELIVERY:
        return arrivals.after(product.delivery_days)
    return product.attributes.get(attribute)


def values_of(
    products: Sequence[Sold], attribute: str, arrivals: Arrivals
) -> list[Any]:
    """Return what each of some products has, or None."""
    if attribute in OWN:
        return [value_of(product, attribute, arrivals) for product in products]
    return [product.attributes.get(attribute) for product in products]


def _equal(has: Any, wanted: Mapping[str, Any]) -> bool:
    """Tell whether any of the values that a product has is one that is wanted."""
    values = wanted["value"]
    wanted_ones = values if isinstance(values, list) else [_same(has, values)]
    return any(one in wanted_ones for one in as_list(has))


def as_list(value: Any) -> list[Any]:
    """Return the values of a choice, of which a product may have several."""
    return value if isinstance(value, list) else [value]


def _near(has: Any, wanted: Mapping[str, Any]) -> bool:
    middle = wanted["value"]
    return bool(abs(has - middle) <= ABOUT * abs(middle))


def _between(has: Any, wanted: Mapping[str, Any]) -> bool:
    low, high = _same(has, wanted["value"]), _same(has, wanted["upto"])
    return bool(low <= has <= high)


def _same(has: Any, value: Any) -> Any:
    """Read a stored day as a day; other values are stored as they are."""
    return date.fromisoformat(value) if isinstance(has, date) else value


TESTS: Mapping[str, Test] = {
    "==": _equal,
    "!=": lambda has, wanted: not _equal(has, wanted),
    "<=": lambda has, wanted: bool(has <= _same(has, wanted["value"])),
    ">=": lambda has, wanted: bool(has >= _same(has, wanted["value"])),
    "<": lambda has, wanted: bool(has < _same(has, wanted["value"])),
    ">": lambda has, wanted: bool(has > _same(has, wanted["value"])),
    "~": _near,
    "between": _between,
}
