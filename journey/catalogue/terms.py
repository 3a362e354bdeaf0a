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
    terms = [
        _term("product", item.product, (item.name, *item.names))
        for item in catalogue.products.values()
    ]
    terms += [_term("brand", brand, (brand,)) for brand in catalogue.brands]
    terms += [
        _term("category", category.category, (category.name, *category.names))
        for category in catalogue.categories.values()
    ]
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


def _term(entity: str, value: str, names: tuple[str, ...]) -> Term:
    return {"entity": entity, "value": value, "names": list(dict.fromkeys(names))}


def _attribute_terms(name: str, attribute: Attribute) -> Iterator[Term]:
    yield _term("attribute", name, (attribute.name, *attribute.says))
    kind = name if name in OWN_KIND else "attribute"
    for value, names in attribute.values.items():
        term = _term(kind, value, names or (value,))
        yield {**term, "attribute": name}
