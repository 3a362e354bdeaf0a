"""How alike two products are."""

from journey.store.tables import Product


def alike(one: Product, other: Product) -> float:
    """Return the share (0 to 1) of traits that two products have in common."""
    mine, yours = _traits(one), _traits(other)
    return len(mine & yours) / max(len(mine | yours), 1)


def _traits(product: Product) -> set[tuple[str, str]]:
    traits = {(name, str(value)) for name, value in product.attributes.items()}
    return traits | {("category", product.category), ("brand", product.brand)}
