from pathlib import Path

import pytest

from tests.journey.catalogue.feeds.files import catalogue, google, item, items, write
from tests.journey.catalogue.feeds.test_markup import RSS


def test_item_of_a_plain_row(tmp_path: Path) -> None:
    found = item(google(tmp_path, brand="Norvik", item_group_id="G1"))
    assert (found.raw_id, found.name, str(found.price)) == (
        "S1",
        "Small Stove",
        "40.00",
    )
    assert (found.path, found.brand, found.group) == (("Stoves",), "Norvik", "G1")
    assert (found.stock, found.link) == (None, "https://x.example/1")


@pytest.mark.parametrize(
    ("columns", "price"),
    [
        ({"sale_price": "30.00 EUR"}, "30.00"),
        ({"sale_price": "50.00 EUR"}, "40.00"),
        (
            {
                "sale_price": "30 EUR",
                "sale_price_effective_date": "2026-03-01T00:00Z/2026-03-09T00:00Z",
            },
            "30.00",
        ),
        (
            {
                "sale_price": "30 EUR",
                "sale_price_effective_date": "2026-04-01T00+0100/2026-04-09T00+0100",
            },
            "40.00",
        ),
    ],
)
def test_price_is_that_of_today(
    tmp_path: Path, columns: dict[str, str], price: str
) -> None:
    assert str(item(google(tmp_path, **columns)).price) == price


@pytest.mark.parametrize(
    ("columns", "stock", "days"),
    [
        ({"availability": "in stock"}, None, None),
        ({"availability": "out_of_stock"}, 0, None),
        ({"availability": "in_stock", "quantity": "7"}, 7, None),
        ({"availability": "in_stock", "quantity": "0"}, 0, None),
        ({"availability": "in_stock", "quantity": "1,000"}, 1000, None),
        ({"availability": "in_stock", "quantity": "7.0"}, 7, None),
        ({"availability": "preorder"}, 0, None),
        ({"availability": "backorder", "availability_date": "2026-03-16"}, None, 15),
        ({"shipping": "DE::Std:4.90 EUR:0:1:1:3"}, None, 4),
        ({"shipping": "DE::Std:4.90 EUR:::1:3", "max_handling_time": "2"}, None, 5),
    ],
)
def test_stock_and_days(
    tmp_path: Path, columns: dict[str, str], stock: int | None, days: int | None
) -> None:
    found = item(google(tmp_path, **columns))
    assert (found.stock, found.delivery_days) == (stock, days)


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"id": ""}, "line 2: id: is missing"),
        ({"id": "x" * 51}, "line 2: id: has more than 50 characters"),
        ({"title": ""}, "line 2: title: is missing"),
        ({"price": "15.00 USD"}, "line 2: price: is in USD, the catalogue in EUR"),
        ({"price": "0 EUR"}, "line 2: price: must be above 0"),
        ({"price": ""}, "line 2: price: is missing"),
        ({"availability": "maybe"}, "line 2: availability: is none of"),
        ({"availability": ""}, "line 2: availability: is missing"),
        ({"expiration_date": "soon"}, "line 2: expiration date: is no ISO 8601 date"),
        ({"quantity": "many"}, "line 2: quantity: is no whole number"),
        ({"quantity": "1.5"}, "line 2: quantity: is no whole number"),
        ({"quantity": "9" * 12}, "line 2: quantity: is no whole number"),
    ],
)
def test_bad_row_is_reported_with_line_field_and_reason(
    tmp_path: Path, columns: dict[str, str], fault: str
) -> None:
    found, report = items(google(tmp_path, **columns))
    assert found == []
    assert str(report.faults[0]).startswith(fault)


def test_bad_picture_is_dropped_and_its_row_kept(tmp_path: Path) -> None:
    found, report = items(google(tmp_path, image_link="javascript:alert(1)"))
    assert found[0].image is None
    assert (report.lost, report.faults[0].field) == (0, "image link")


@pytest.mark.parametrize(
    ("columns", "why"),
    [({"expiration_date": "2026-01-01"}, "expired"), ({"pause": "ads"}, "paused")],
)
def test_rows_that_the_shop_does_not_sell(
    tmp_path: Path, columns: dict[str, str], why: str
) -> None:
    found, report = items(google(tmp_path, **columns))
    assert (found, report.skipped, report.lost) == ([], {why: 1}, 0)


def test_details_of_the_specification_and_own_columns(tmp_path: Path) -> None:
    found = item(
        google(
            tmp_path,
            color="Red/Black",
            material="steel",
            multipack="3",
            product_weight="800 g",
            product_detail='"General:Fuel:gas, propane",Size:Burners:2',
            custom_label_0="margin high",
            shoe_width="wide",
        )
    )
    assert found.details == {
        "colour": ("Red", "Black"),
        "material": "steel",
        "pieces": "3 pieces",
        "weight": "800 g",
        "fuel": "gas, propane",
        "burners": "2",
        "shoe width": "wide",
    }


def test_category_of_a_google_number_says_nothing(tmp_path: Path) -> None:
    path = google(tmp_path, product_type="", google_product_category="2271")
    assert item(path).path == ()


def test_xml_feed_is_the_same_shop(tmp_path: Path) -> None:
    more = "<g:price>15.00 EUR</g:price><g:availability>in_stock</g:availability>"
    path = write(tmp_path, RSS.replace("</item>", f"{more}</item>"))
    found, report = catalogue(path)
    assert report.faults == []
    assert found.products["s1"].name == "Stove & <b>pot</b>"
    assert found.products["s1"].delivery_days == 3


def test_fewer_pieces_than_none_are_reported_and_count_as_none(tmp_path: Path) -> None:
    found, report = items(google(tmp_path, quantity="-3"))
    assert [x.stock for x in found] == [0]
    assert [str(x) for x in report.faults] == [
        "line 2: quantity: is below 0, which is taken for none ('-3')"
    ]
    assert report.lost == 0
