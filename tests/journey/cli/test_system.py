from collections.abc import Iterator

import pytest

from journey.shop import errands
from journey.shop.errands import Kind
from journey.store.tables import Errand
from tests.factories import NOW, make_order, make_product
from tests.journey.cli.conftest import Coach
from tests.journey.shop.serving import serving
from tests.journey.shop.woo import HOOK, KEY, SECRET, Woo


@pytest.fixture
def woo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Woo]:
    woo = Woo()
    with serving(woo.faults) as url:
        settings = {
            "COACH_SHOP_SYSTEM": "woocommerce",
            "COACH_WOO_URL": url,
            "COACH_WOO_KEY": KEY,
            "COACH_WOO_SECRET": SECRET,
            "COACH_WOO_WEBHOOK_SECRET": HOOK,
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield woo


def test_check_says_that_the_embedded_shop_serves(coach: Coach) -> None:
    assert "embedded shop serves" in coach.run("shop", "check").output


def test_check_asks_for_the_catalogue(coach: Coach, woo: Woo) -> None:
    result = coach.run("shop", "check")
    assert "woocommerce is reached" in result.output
    assert "run `coach shop pull`" in result.output
    assert result.exit_code == 1
    assert woo.faults.count("GET", "/orders") == 1


def test_check_says_what_is_wrong_and_no_secret(
    coach: Coach, woo: Woo, monkeypatch: pytest.MonkeyPatch
) -> None:
    del woo
    monkeypatch.setenv("COACH_WOO_SECRET", "cs_other")
    output = coach.run("shop", "check").output
    assert "Consumer key is invalid" in output
    assert "cs_other" not in output


def test_pull_can_be_tried(coach: Coach, woo: Woo) -> None:
    woo.add_product()
    woo.add_product(price="")
    output = coach.run("shop", "pull", "--check").output
    assert "1 products could be taken" in output
    assert "price: is missing" in output


def test_webhooks_are_made_once(coach: Coach, woo: Woo) -> None:
    address = "https://coach.example"
    assert "5 webhooks are new" in coach.run("shop", "webhooks", address).output
    assert "there already" in coach.run("shop", "webhooks", address).output
    assert {hook["delivery_url"] for hook in woo.webhooks} == {
        f"{address}/shop/woocommerce"
    }


def test_errands_are_listed_and_tried_again(coach: Coach) -> None:
    with coach.session() as session:
        make_product(session)
        order = make_order(session)
        errand = errands.send(session, order, Kind.REPAY, once="r", now=NOW)
        errand.state, errand.failure = "failed", "500 no gateway"
        session.commit()
        number = errand.number
    assert "500 no gateway" in coach.run("shop", "errands").output
    assert coach.run("shop", "errands", "--retry", str(number)).exit_code == 0
    with coach.session() as session:
        assert session.get_one(Errand, number).state == "new"
    again = coach.run("shop", "errands", "--retry", str(number))
    assert "did not fail" in again.output
