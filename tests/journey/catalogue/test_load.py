from pathlib import Path

import pytest

from journey.catalogue.load import load_catalogue
from journey.datafile import DataError

ATTRIBUTES = """
currency: EUR
attributes:
  noise: {type: number, unit: dB, name: noise, better: less, says: [quiet]}
  colour: {type: choice, name: colour, values: {black: [black]}}
"""
CATEGORIES = "- {category: lamp, name: lamp, cares: [noise]}\n"
PRODUCT = """
- product: lamp-one
  name: Lamp One
  brand: Lumo
  category: lamp
  price: 20.00
  unit: piece
  stock: 3
  delivery_days: 2
  drawback: "It has a short cable."
  about: "A lamp."
  attributes: {noise: 10, colour: black}
"""


def make_folder(
    path: Path,
    product: str = PRODUCT,
    attributes: str = ATTRIBUTES,
    categories: str = CATEGORIES,
) -> Path:
    (path / "products").mkdir()
    (path / "attributes.yml").write_text(attributes)
    (path / "categories.yml").write_text(categories)
    (path / "products" / "lamp.yml").write_text(product)
    return path


def test_load_whole_catalogue(tmp_path: Path) -> None:
    catalogue = load_catalogue(make_folder(tmp_path))
    assert catalogue.products["lamp-one"].attributes == {"noise": 10, "colour": "black"}
    assert catalogue.brands == ("Lumo",)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("category: lamp\n", "category: lmap\n", ":5: category: none is called 'lmap'"),
        ("noise: 10", "nose: 10", ":12: attributes.nose: no attribute is called so"),
        ("noise: 10", "noise: quiet", ":12: attributes.noise: 'quiet' is not a number"),
        ("black", "purple", ":12: attributes.colour: 'purple' is not a choice"),
        ("20.00", "0", ":6: 0.price: Input should be greater than 0"),
        ("20.00", "cheap", ":6: 0.price: Input should be a valid decimal"),
        ("stock: 3", "stock: -1", ":8: 0.stock: Input should be greater than or equal"),
        ("lamp-one", "Lamp One!", ":2: 0.product: String should match"),
    ],
)
def test_load_fault_names_file_line_field(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    folder = make_folder(tmp_path, PRODUCT.replace(old, new))
    with pytest.raises(DataError) as refused:
        load_catalogue(folder)
    assert f"products/lamp.yml{fault}" in refused.value.faults[0]


def test_load_product_twice_names_both_places(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, PRODUCT + PRODUCT)
    with pytest.raises(DataError, match=r"'lamp-one' stands already in .*lamp\.yml"):
        load_catalogue(folder)


def test_load_category_that_cares_for_nothing_known(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, categories=CATEGORIES.replace("noise", "nose"))
    with pytest.raises(DataError, match=r"categories\.yml:1: cares: no attribute"):
        load_catalogue(folder)


def test_load_number_without_unit_is_refused(tmp_path: Path) -> None:
    attributes = ATTRIBUTES.replace("unit: dB, ", "")
    with pytest.raises(
        DataError, match=r"attributes\.yml:4: .*a number needs its unit"
    ):
        load_catalogue(make_folder(tmp_path, attributes=attributes))


def test_load_sample_shop() -> None:
    catalogue = load_catalogue(Path("data/catalogue"))
    assert len(catalogue.products) >= 120
    assert len(catalogue.categories) >= 10
