"""Reading a catalogue folder, with every fault in one report."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import TypeAdapter

from journey.catalogue.schema import Attribute, Attributes, Category, ProductEntry
from journey.datafile import DataError, line_of, read

ATTRIBUTES = TypeAdapter(Attributes)
CATEGORIES = TypeAdapter(list[Category])
PRODUCTS = TypeAdapter(list[ProductEntry])


@dataclass(frozen=True)
class Catalogue:
    """A whole catalogue: nothing in it refers to something that is not there."""

    currency: str
    attributes: Mapping[str, Attribute]
    categories: Mapping[str, Category]
    products: Mapping[str, ProductEntry]

    @cached_property
    def brands(self) -> tuple[str, ...]:
        """Every brand, sorted."""
        brands = {product.brand for product in self.products.values()}
        return tuple(sorted(brands - {""}))

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many products each category has."""
        return Counter(product.category for product in self.products.values())

    @cached_property
    def numbers(self) -> Mapping[tuple[str, str], tuple[float, float]]:
        """The least and the greatest number by category and attribute."""
        found: dict[tuple[str, str], tuple[float, float]] = {}
        for product in self.products.values():
            for name, value in product.attributes.items():
                if isinstance(value, int | float) and not isinstance(value, bool):
                    low, high = found.get((product.category, name), (value, value))
                    span = (min(low, value), max(high, value))
                    found[product.category, name] = span
        return found

    @cached_property
    def stated(self) -> Mapping[str, frozenset[str]]:
        """By category, the attributes that any product of it states."""
        found = defaultdict[str, set[str]](set)
        for product in self.products.values():
            found[product.category].update(product.attributes)
        return {kind: frozenset(names) for kind, names in found.items()}

    @cached_property
    def kinds_with(self) -> Mapping[str, frozenset[str]]:
        """By value of any choice, the categories of products that have it."""
        found = defaultdict[str, set[str]](set)
        for product in self.products.values():
            for value in product.attributes.values():
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, str):
                        found[one].add(product.category)
        return {value: frozenset(kinds) for value, kinds in found.items()}

    def kinds_in(self, name: str) -> list[str]:
        """Return the category of this id, or those within a broader kind."""
        return [name] if name in self.categories else self.broader.get(name, [name])

    @cached_property
    def broader(self) -> Mapping[str, list[str]]:
        """By name of a broader kind, the categories that are some of it."""
        found = defaultdict[str, list[str]](list)
        for kind, category in self.categories.items():
            for name in category.within:
                found[name].append(kind)
        return dict(found)


def load_catalogue(folder: Path) -> Catalogue:
    """Read attributes.yml, categories.yml and products/ of a folder.

    Raises:
        DataError: anything does not fit; it names each file, line and field.
    """
    head = read(folder / "attributes.yml", ATTRIBUTES)
    categories = read(folder / "categories.yml", CATEGORIES)
    files = sorted((folder / "products").glob("*.yml"))
    entries = [(path, read(path, PRODUCTS)) for path in files]
    catalogue = Catalogue(
        currency=head.currency,
        attributes=head.attributes,
        categories={category.category: category for category in categories},
        products={item.product: item for _, items in entries for item in items},
    )
    faults = [*_category_faults(folder, catalogue, categories)]
    for path, items in entries:
        faults += _product_faults(path, items, catalogue)
    faults += _doubles(entries)
    if faults:
        raise DataError(faults)
    return catalogue


def _category_faults(
    folder: Path, catalogue: Catalogue, categories: list[Category]
) -> Iterator[str]:
    path = folder / "categories.yml"
    for number, category in enumerate(categories):
        for name in category.cares:
            if name not in catalogue.attributes:
                line = line_of(path, number, "cares")
                yield f"{path}:{line}: cares: no attribute is called {name!r}"


def _product_faults(
    path: Path, items: list[ProductEntry], catalogue: Catalogue
) -> Iterator[str]:
    for number, item in enumerate(items):
        if item.category not in catalogue.categories:
            line = line_of(path, number, "category")
            yield f"{path}:{line}: category: none is called {item.category!r}"
        for name, value in item.attributes.items():
            reason = _misfit(catalogue.attributes.get(name), value)
            if reason:
                line = line_of(path, number, "attributes", name)
                yield f"{path}:{line}: attributes.{name}: {reason}"


def _misfit(attribute: Attribute | None, value: object) -> str | None:
    if attribute is None:
        return "no attribute is called so"
    if not attribute.accepts(value):
        return f"{value!r} is not a {attribute.type} that attributes.yml knows"
    return None


def _doubles(entries: list[tuple[Path, list[ProductEntry]]]) -> Iterator[str]:
    seen: dict[str, Path] = {}
    for path, items in entries:
        for number, item in enumerate(items):
            if item.product in seen:
                line = line_of(path, number, "product")
                yield (
                    f"{path}:{line}: product: {item.product!r} stands already"
                    f" in {seen[item.product]}"
                )
            seen[item.product] = path
