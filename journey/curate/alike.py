"""How alike two products are."""

from journey.curate.fit import as_list
from journey.store.tables import Product

Traits = set[tuple[str, str]]


def alike(one: Product, other: Product) -> float:
    """Return the share (0 to 1) of traits that two products have in common."""
    return shared(traits_of(one), traits_of(other))


def shared(mine: Traits, yours: Traits) -> float:
    """Return the share of traits in common."""
    both = len(mine & yours)
    return both / max(len(mine) + len(yours) - both, 1)


def traits_of(product: Product) -> Traits:
    """Return what a product has, its kind and its brand included."""
    traits = {
        (name, str(one))
        for name, value in product.attributes.items()
        for one in as_list(value)
    }
    return traits | {("category", product.category), ("brand", product.brand)}
