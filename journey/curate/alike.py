"""How alike two products are."""

from journey.curate.fit import as_list
from journey.store.tables import Product


def alike(one: Product, other: Product) -> float:
    """Return the share (0 to 1) of traits that two products have in common."""
    mine, yours = _traits(one), _traits(other)
    return len(mine & yours) / max(len(mine | yours), 1)


def _traits(product: Product) -> set[tuple[str, str]]:
    traits = {
        (name, str(one))
        for name, value in product.attributes.items()
        for one in as_list(value)
    }
    return traits | {("category", product.category), ("brand", product.brand)}
