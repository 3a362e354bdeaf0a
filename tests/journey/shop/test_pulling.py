from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Report
from journey.catalogue.serving import serving_head
from journey.knowledge import Knowledge
from journey.orders.stock import Line, release, reserve
from journey.shop.pulling import pull_catalogue, store_pulled
from journey.shop.woocommerce.client import WooCommerce
from journey.store.tables import Product
from tests.factories import make_customer
from tests.journey.shop.serving import serving
from tests.journey.shop.woo import HOOK, KEY, SECRET, Woo

NOW = datetime.now(UTC)


def pull(session: Session, knowledge: Knowledge, woo: Woo) -> Report:
    report = Report()
    with serving(woo.faults) as url:
        client = WooCommerce(url, KEY, SECRET, HOOK)
        given = Given(client.currency(), 3, "House", NOW)
        catalogue, ids = pull_catalogue(client, knowledge.catalogue, given, report)
        client.caller.close()
    store_pulled(session, catalogue, ids, "woocommerce", NOW)
    return report


def test_pulled_catalogue_serves_with_its_ids(
    session: Session, knowledge: Knowledge
) -> None:
    woo = Woo()
    lamp = woo.add_product(sku="LAMP-1", price="21.00", stock_quantity=4)
    pull(session, knowledge, woo)
    product = session.get_one(Product, "lamp-1")
    assert (product.external_id, product.price, product.stock) == (
        str(lamp["id"]),
        Decimal("21.00"),
        4,
    )
    head = serving_head(session)
    assert head and (head.source, head.currency) == ("woocommerce", "EUR")


def test_what_is_kept_for_customers_outlives_a_pull(
    session: Session, knowledge: Knowledge
) -> None:
    woo = Woo()
    woo.add_product(sku="LAMP-1")
    pull(session, knowledge, woo)
    customer = make_customer(session).id
    reserve(session, customer, [Line("lamp-1", 3)], NOW)
    pull(session, knowledge, woo)
    assert session.get_one(Product, "lamp-1").reserved == 3
    release(session, customer, NOW)
    assert session.get_one(Product, "lamp-1").reserved == 0


def test_product_whose_id_changed_gives_its_place_up(
    session: Session, knowledge: Knowledge
) -> None:
    woo = Woo()
    lamp = woo.add_product(sku="LAMP-1")
    pull(session, knowledge, woo)
    lamp["sku"] = "LAMP-2"
    pull(session, knowledge, woo)
    old, new = (session.get_one(Product, x) for x in ("lamp-1", "lamp-2"))
    assert (old.active, old.external_id) == (False, None)
    assert new.external_id == str(lamp["id"])
