from pathlib import Path

import pytest

from tests.journey.catalogue.feeds.files import comma, items, write

HEADER = [
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value"),
    *("Variant SKU", "Variant Grams", "Variant Inventory Tracker"),
    *("Variant Inventory Qty", "Variant Inventory Policy", "Variant Price"),
    *("Image Src", "Variant Image", "Fabric (product.metafields.shopify.fabric)"),
    "Status",
]
SHIRT = {
    "Handle": "shirt",
    "Title": "Linen Shirt",
    "Body (HTML)": "<p>Airy,\nfor summer.</p>",
    "Vendor": "Tindra",
    "Type": "Shirts",
    "Tags": "vegan, new",
    "Published": "true",
    "Option1 Name": "Color",
    "Option1 Value": "Navy",
    "Option2 Name": "Size",
    "Option2 Value": "M",
    "Variant SKU": "LS-1",
    "Variant Grams": "210",
    "Variant Inventory Tracker": "shopify",
    "Variant Inventory Qty": "3",
    "Variant Inventory Policy": "deny",
    "Variant Price": "49.00",
    "Image Src": "https://cdn.example/1.jpg",
    "Variant Image": "",
    "Fabric (product.metafields.shopify.fabric)": "linen; cotton",
    "Status": "active",
}
SECOND = {
    **dict.fromkeys(SHIRT, ""),
    "Handle": "shirt",
    "Option1 Value": "Sand",
    "Option2 Value": "L",
    "Variant Price": "55.00",
    "Variant Image": "https://cdn.example/2.jpg",
}
PICTURE = {
    **dict.fromkeys(SHIRT, ""),
    "Handle": "shirt",
    "Image Src": "https://cdn.example/3.jpg",
}


def export(folder: Path, *rows: dict[str, str]) -> Path:
    return write(
        folder, comma(HEADER, *([row[name] for name in HEADER] for row in rows))
    )


def test_rows_of_one_handle_are_variants(tmp_path: Path) -> None:
    found, report = items(export(tmp_path, SHIRT, SECOND, PICTURE))
    assert report.faults == []
    assert [x.raw_id for x in found] == ["shirt-Navy-M", "shirt-Sand-L"]
    assert [x.name for x in found] == ["Linen Shirt (Navy, M)", "Linen Shirt (Sand, L)"]
    assert {x.group for x in found} == {"shirt"}
    assert found[1].brand == "Tindra"
    assert (found[0].stock, found[1].stock) == (3, None)
    assert found[1].image == "https://cdn.example/2.jpg"


def test_details_come_from_options_metafields_and_weight(tmp_path: Path) -> None:
    found, _ = items(export(tmp_path, SHIRT))
    assert found[0].details == {
        "color": "Navy",
        "size": "M",
        "fabric": ("linen", "cotton"),
        "weight": "210 g",
    }
    assert found[0].tags == ["vegan", "new"]
    assert found[0].about == "Airy, for summer."


def test_product_without_options_is_itself(tmp_path: Path) -> None:
    plain = {
        **SHIRT,
        "Option1 Name": "Title",
        "Option1 Value": "Default Title",
        "Option2 Name": "",
        "Option2 Value": "",
    }
    found, _ = items(export(tmp_path, plain))
    assert (found[0].raw_id, found[0].name, found[0].group) == (
        "shirt",
        "Linen Shirt",
        None,
    )


@pytest.mark.parametrize(
    ("change", "stock"),
    [
        ({"Variant Inventory Qty": "-2"}, 0),
        ({"Variant Inventory Policy": "continue", "Variant Inventory Qty": "0"}, None),
        ({"Variant Inventory Tracker": "", "Variant Inventory Qty": "0"}, None),
    ],
)
def test_stock(tmp_path: Path, change: dict[str, str], stock: int | None) -> None:
    found, _ = items(export(tmp_path, {**SHIRT, **change}))
    assert found[0].stock == stock


@pytest.mark.parametrize(
    "change", [{"Status": "draft"}, {"Status": "archived"}, {"Published": "FALSE"}]
)
def test_what_is_not_for_sale_is_skipped_with_its_variants(
    tmp_path: Path, change: dict[str, str]
) -> None:
    found, report = items(export(tmp_path, {**SHIRT, **change}, SECOND))
    assert (found, report.lost, sum(report.skipped.values())) == ([], 0, 2)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([{**SHIRT, "Handle": ""}], "handle: is missing"),
        ([{**SHIRT, "Variant Price": "free"}], "variant price: is no amount"),
        ([SECOND], "title: is missing on the first row of its handle"),
        ([SHIRT, SHIRT], "option1 value: this variant stands already above"),
    ],
)
def test_bad_rows_are_reported(
    tmp_path: Path, rows: list[dict[str, str]], fault: str
) -> None:
    _, report = items(export(tmp_path, *rows))
    assert fault in str(report.faults[-1])
    assert report.lost == 1


def test_newer_column_names_are_known(tmp_path: Path) -> None:
    header = ["URL handle", "Title", "Price", "Inventory tracker", "Inventory quantity"]
    path = write(tmp_path, comma(header, ["mug", "Mug", "9.00", "shopify", "4"]))
    found, report = items(path)
    assert (found[0].raw_id, found[0].stock, report.faults) == ("mug", 4, [])
