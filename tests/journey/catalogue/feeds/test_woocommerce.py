from pathlib import Path

import pytest

from tests.journey.catalogue.feeds.files import comma, items, write

COLUMNS = [
    *("ID", "Type", "SKU", "Name", "Published", "Visibility in catalog"),
    *("Description", "In stock?", "Stock", "Backorders allowed?", "Weight (kg)"),
    *("Sale price", "Regular price", "Date sale price ends", "Categories", "Images"),
    *("Parent", "Attribute 1 name", "Attribute 1 value(s)"),
]
BLANK = dict.fromkeys(COLUMNS, "")
POT = {
    **BLANK,
    "ID": "7",
    "Type": "simple",
    "SKU": "POT",
    "Name": "Iron Pot",
    "Published": "1",
    "Visibility in catalog": "visible",
    "Description": "<b>Heavy</b>\\nand good.",
    "In stock?": "1",
    "Stock": "4",
    "Weight (kg)": "2,5",
    "Regular price": "60,00",
    "Categories": "Sale, Kitchen > Pots, Kitchen",
    "Images": "https://x.example/a.jpg, https://x.example/b.jpg",
}
PARENT = {
    **POT,
    "Type": "variable",
    "Regular price": "",
    "Attribute 1 name": "Colour",
    "Attribute 1 value(s)": "Red, Dark\\, blue",
}
CHILD = {
    **BLANK,
    "ID": "8",
    "Type": "variation",
    "SKU": "POT-R",
    "Name": "Iron Pot",
    "Published": "1",
    "In stock?": "1",
    "Stock": "parent",
    "Regular price": "65",
    "Parent": "POT",
    "Attribute 1 name": "Colour",
    "Attribute 1 value(s)": "Dark\\, blue",
}


def export(folder: Path, *rows: dict[str, str]) -> Path:
    return write(
        folder, comma(COLUMNS, *([row[name] for name in COLUMNS] for row in rows))
    )


def test_simple_product(tmp_path: Path) -> None:
    found, report = items(export(tmp_path, POT))
    pot = found[0]
    assert report.faults == []
    assert (pot.raw_id, str(pot.price), pot.stock) == ("POT", "60.00", 4)
    assert (pot.path, pot.details) == (("Kitchen", "Pots"), {"weight": "2,5 kg"})
    assert (pot.about, pot.image) == ("Heavy and good.", "https://x.example/a.jpg")


@pytest.mark.parametrize("rows", [[PARENT, CHILD], [CHILD, PARENT]])
@pytest.mark.parametrize("parent", ["POT", "id:7"])
def test_variation_takes_from_its_parent(
    tmp_path: Path, rows: list[dict[str, str]], parent: str
) -> None:
    told = [{**row, "Parent": parent if row["Parent"] else ""} for row in rows]
    found, report = items(export(tmp_path, *told))
    assert report.faults == []
    assert [x.name for x in found] == ["Iron Pot (Dark, blue)"]
    assert (found[0].stock, found[0].path) == (4, ("Kitchen", "Pots"))
    assert found[0].details == {"weight": "2,5 kg", "colour": "Dark, blue"}


@pytest.mark.parametrize(
    ("change", "price"),
    [
        ({"Sale price": "50"}, "50.00"),
        ({"Sale price": "50", "Date sale price ends": "2026-03-02"}, "50.00"),
        ({"Sale price": "50", "Date sale price ends": "2026-03-01"}, "60.00"),
    ],
)
def test_price_is_that_of_today(
    tmp_path: Path, change: dict[str, str], price: str
) -> None:
    found, _ = items(export(tmp_path, {**POT, **change}))
    assert str(found[0].price) == price


@pytest.mark.parametrize(
    ("change", "stock"),
    [
        ({"In stock?": "0"}, 0),
        ({"Stock": ""}, None),
        ({"Stock": "0", "Backorders allowed?": "notify"}, None),
        ({"In stock?": "backorder", "Stock": "0"}, None),
        ({"Stock": "-3"}, 0),
    ],
)
def test_stock(tmp_path: Path, change: dict[str, str], stock: int | None) -> None:
    found, _ = items(export(tmp_path, {**POT, **change}))
    assert found[0].stock == stock


@pytest.mark.parametrize(
    "change",
    [
        {"Published": "-1"},
        {"Visibility in catalog": "hidden"},
        {"Type": "grouped"},
        {"Type": "external"},
    ],
)
def test_what_is_not_for_sale_is_skipped(
    tmp_path: Path, change: dict[str, str]
) -> None:
    found, report = items(export(tmp_path, {**POT, **change}))
    assert (found, report.lost, sum(report.skipped.values())) == ([], 0, 1)


def test_download_needs_no_parcel(tmp_path: Path) -> None:
    found, _ = items(export(tmp_path, {**POT, "Type": "simple, virtual"}))
    assert found[0].delivery_days == 0


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([{**POT, "SKU": "", "ID": ""}], "sku: is missing, and so is the ID"),
        ([{**POT, "Regular price": ""}], "regular price: is missing"),
        ([{**POT, "Stock": "few"}], "stock: is no whole number"),
        ([CHILD], "parent: is not in the file"),
    ],
)
def test_bad_rows_are_reported(
    tmp_path: Path, rows: list[dict[str, str]], fault: str
) -> None:
    found, report = items(export(tmp_path, *rows))
    assert found == []
    assert f"line 2: {fault}" in str(report.faults[0])
