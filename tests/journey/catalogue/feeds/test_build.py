from pathlib import Path

import pytest

from journey.catalogue.feeds.kinds import name_kinds, singular
from journey.datafile import DataError
from tests.journey.catalogue.feeds.files import FEED, catalogue, items, write


def test_build_whole_catalogue(tmp_path: Path) -> None:
    found, report = catalogue(write(tmp_path, FEED))
    assert list(found.products) == ["s1", "s2", "t1"]
    assert found.products["s2"].variant_of == "G1"
    assert found.products["t1"].stock == 0
    assert found.products["s1"].delivery_days == 5
    assert str(report.faults[0]) == "line 5: id: stands already in line 2 ('S1')"


def test_build_categories_with_broader_kinds_and_cares(tmp_path: Path) -> None:
    found, _ = catalogue(
        write(tmp_path, FEED.replace("\tStoves", "\tCamping > Stoves"))
    )
    assert set(found.categories) == {"stove", "tent"}
    assert found.categories["stove"].name == "stove"
    assert found.categories["stove"].cares == ("capacity",)
    assert found.broader == {"camping": ["stove", "tent"]}


def test_name_kinds_tells_equal_ends_apart() -> None:
    found = name_kinds([("Tea", "Accessories"), ("Bike", "Accessories"), ("Tea",), ()])
    assert found == {
        ("Tea", "Accessories"): "tea-accessory",
        ("Bike", "Accessories"): "bike-accessory",
        ("Tea",): "tea",
        (): "thing",
    }


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("Batteries", "Battery"),
        ("Rain jackets", "Rain jacket"),
        ("Watches", "Watch"),
        ("Glass", "Glass"),
        ("Boxes", "Box"),
        ("Gas", "Gas"),
    ],
)
def test_singular(many: str, one: str) -> None:
    assert singular(many) == one


def test_unknown_columns_name_what_is_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="its columns: a, b"):
        items(write(tmp_path, "a,b\n1,2\n"))
