import json
from pathlib import Path

import pytest
from sqlalchemy import select

from journey.store.tables import CatalogueHead, Product
from tests.journey.catalogue.feeds.files import FEED, write
from tests.journey.cli.conftest import Coach


@pytest.fixture(autouse=True)
def _own_terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the terms of the shop that really serves out of these tests."""
    monkeypatch.setattr(
        "journey.cli.settings.Settings.var", property(lambda _: tmp_path / "var")
    )


def test_import_puts_products_terms_and_faults_where_they_belong(
    coach: Coach, tmp_path: Path
) -> None:
    bad = "X1\tX\tX\t\tin_stock\ton request\tStoves\t\t\n"
    result = coach.run("import", "catalogue", str(write(tmp_path, FEED + bad)))
    assert result.exit_code == 0, result.output
    assert "line 6: price: is no amount of money ('on request')" in result.output
    assert "3 products in 3 categories serve now" in result.output
    assert "needs in data/needs name no category" in result.output
    faults = (tmp_path / "var/imports/feed.faults.csv").read_text()
    assert "6,lost,price,is no amount of money,on request" in faults
    terms = json.loads((tmp_path / "var/terms.json").read_text())["terms"]
    assert {"entity": "product", "value": "s1", "names": ["Small Stove"]} in terms


def test_import_of_nothing_good_leaves_the_shop_as_it_was(
    coach: Coach, tmp_path: Path
) -> None:
    coach.run("load")
    path = write(tmp_path, FEED.replace("EUR", "USD"))
    result = coach.run("import", "catalogue", str(path))
    assert result.exit_code == 1
    assert "the catalogue stays as it was" in result.output
    with coach.session() as session:
        assert session.scalars(select(CatalogueHead.source)).all() == ["data"]
        assert session.get_one(Product, "chair-lind-high").active


def test_import_check_changes_nothing(coach: Coach, tmp_path: Path) -> None:
    path = write(tmp_path, FEED)
    result = coach.run("import", "catalogue", str(path), "--check")
    assert "3 products could be imported" in result.output
    with coach.session() as session:
        assert session.scalars(select(Product.id)).all() == []


def test_import_of_a_folder_of_our_own(coach: Coach) -> None:
    result = coach.run("import", "catalogue", "data/catalogue")
    assert result.exit_code == 0, result.output
    assert "catalogue folder" in result.output


def test_start_leaves_an_imported_catalogue_alone(coach: Coach, tmp_path: Path) -> None:
    coach.run("import", "catalogue", str(write(tmp_path, FEED)))
    result = coach.run("load", "--unless-imported")
    assert "3 products" in result.output
    with coach.session() as session:
        assert not session.scalars(
            select(Product.id).where(Product.category == "desk-chair")
        ).all()


def test_import_of_something_else_says_what_it_is(coach: Coach, tmp_path: Path) -> None:
    result = coach.run("import", "catalogue", str(write(tmp_path, "a;b\n1;2\n")))
    assert result.exit_code == 1
    assert "is no Google Merchant feed, Shopify or WooCommerce" in result.output


def test_import_prices_leaves_all_else_as_it_was(coach: Coach, tmp_path: Path) -> None:
    coach.run("import", "catalogue", str(write(tmp_path, FEED)))
    path = write(tmp_path, "id,price,stock\nS1,35.50,7\nGhost,1,1\n", name="new.csv")
    result = coach.run("import", "prices", str(path))
    assert result.exit_code == 0, result.output
    assert "1 prices and 1 stocks are new" in result.output
    assert "line 3: id: no product has it ('Ghost')" in result.output
    with coach.session() as session:
        stove = session.get_one(Product, "s1")
        assert (float(stove.price), stove.stock, stove.active) == (35.5, 7, True)
        first, renewed = session.scalars(select(CatalogueHead))
        assert first.attributes == renewed.attributes


def test_import_orders_twice(coach: Coach, tmp_path: Path) -> None:
    text = "customer,product,at\nanna,tea,2026-01-01\nanna,tea,2026-01-15\nbert,,x\n"
    path = write(tmp_path, text, name="past.csv")
    result = coach.run("import", "orders", str(path))
    assert result.exit_code == 0, result.output
    assert "2 orders are new" in result.output
    assert "line 4: at: is no ISO 8601 date ('x')" in result.output
    assert "0 orders are new" in coach.run("import", "orders", str(path)).output
