from pathlib import Path

from sqlalchemy.orm import Session

from journey.catalogue.load import load_catalogue
from journey.catalogue.products import find_products, store_products
from journey.store.tables import Product
from tests.factories import make_product
from tests.journey.catalogue.test_load import PRODUCT, make_folder


def test_store_products_puts_them_in(session: Session, tmp_path: Path) -> None:
    catalogue = load_catalogue(make_folder(tmp_path))
    assert store_products(session, catalogue) == 1
    assert session.get_one(Product, "lamp-one").stock == 3


def test_store_products_again_keeps_stock_and_takes_price(
    session: Session, tmp_path: Path
) -> None:
    make_product(session, id="lamp-one", stock=1)
    folder = make_folder(tmp_path, PRODUCT.replace("20.00", "25.00"))
    store_products(session, load_catalogue(folder))
    product = session.get_one(Product, "lamp-one")
    assert (product.stock, float(product.price)) == (1, 25.0)


def test_store_products_hides_what_is_gone(session: Session, tmp_path: Path) -> None:
    old = make_product(session, id="old")
    store_products(session, load_catalogue(make_folder(tmp_path)))
    session.refresh(old)
    assert old.active is False


def test_find_products_leaves_out_unknown_ids(session: Session) -> None:
    product = make_product(session)
    assert find_products(session, [product.id, "ghost"]) == {product.id: product}
