"""What the engine listens for: the catalogue's own words."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from journey.catalogue.load import Catalogue
from journey.catalogue.schema import Attribute

Term = dict[str, Any]
OWN_KIND = {"colour", "material", "size"}


def list_terms(catalogue: Catalogue) -> list[Term]:
    """Return every term: `entity`, `value` (its id) and `names` (how it is said)."""
    terms = [*_product_terms(catalogue)]
    terms += [_term("brand", brand, (brand,)) for brand in catalogue.brands]
    terms += _category_terms(catalogue)
    for name, attribute in catalogue.attributes.items():
        terms += _attribute_terms(name, attribute)
    return terms


def write_terms(catalogue: Catalogue, path: Path) -> str:
    """Write the terms where the engine reads them; return their version.

    The file appears whole: the engine never reads half of one.
    """
    terms = list_terms(catalogue)
    version = hashlib.sha256(json.dumps(terms).encode()).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"version": version, "terms": terms}), "utf-8")
    os.replace(draft, path)
    return version


def _product_terms(catalogue: Catalogue) -> Iterator[Term]:
    """Yield the products; a name that variants share stands for the first of them."""
    taken: set[str] = set()
    for item in catalogue.products.values():
        names = tuple(x for x in (item.name, *item.names) if x not in taken)
        if item.variant_of:
            taken.update(names)
        if names:
            yield _term("product", item.product, names)


def _category_terms(catalogue: Catalogue) -> Iterator[Term]:
    """Yield the categories, and the broader kinds that hold several of them."""
    taken: set[str] = set()
    for category in catalogue.categories.values():
        names = (category.name, *category.names)
        taken.update(names)
        yield _term("category", category.category, names)
    for name in catalogue.broader:
        if name not in taken and name not in catalogue.categories:
            yield _term("category", name, (name,))


def _term(entity: str, value: str, names: tuple[str, ...]) -> Term:
    return {"entity": entity, "value": value, "names": list(dict.fromkeys(names))}


def _attribute_terms(name: str, attribute: Attribute) -> Iterator[Term]:
    yield _term("attribute", name, (attribute.name, *attribute.says))
    kind = name if name in OWN_KIND else "attribute"
    for value, names in attribute.values.items():
        term = _term(kind, value, names or (value,))
        yield {**term, "attribute": name}
