import json
from pathlib import Path

import pytest

from journey.catalogue.load import Catalogue, load_catalogue
from journey.catalogue.terms import list_terms, write_terms
from tests.journey.catalogue.test_load import make_folder


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return load_catalogue(make_folder(tmp_path))


def test_list_terms_of_every_kind(catalogue: Catalogue) -> None:
    terms = list_terms(catalogue)
    assert {"entity": "product", "value": "lamp-one", "names": ["Lamp One"]} in terms
    assert {"entity": "brand", "value": "Lumo", "names": ["Lumo"]} in terms
    assert {
        "entity": "colour",
        "value": "black",
        "names": ["black"],
        "attribute": "colour",
    } in terms
    assert {
        "entity": "attribute",
        "value": "noise",
        "names": ["noise", "quiet"],
    } in terms


def test_write_terms_leaves_a_whole_file(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "var" / "terms.json"
    version = write_terms(catalogue, path)
    written = json.loads(path.read_text())
    assert written["version"] == version
    assert written["terms"] == list_terms(catalogue)
    assert list(path.parent.iterdir()) == [path]
