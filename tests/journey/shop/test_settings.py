import pytest

from journey.shop.embedded import EmbeddedShop
from journey.shop.remote import RemoteShop
from journey.shop.settings import Misconfigured, open_shop

WOO = {
    "COACH_SHOP_SYSTEM": "woocommerce",
    "COACH_WOO_URL": "https://shop.example/",
    "COACH_WOO_KEY": "ck_1",
    "COACH_WOO_SECRET": "cs_1",
}


def test_without_a_system_the_embedded_shop_serves() -> None:
    shop = open_shop({"COACH_PAY_URL": "https://pay.example/{number}?sum={total}"})
    assert isinstance(shop, EmbeddedShop)
    assert shop.pay_url


def test_woocommerce_by_its_settings() -> None:
    shop = open_shop(WOO)
    assert isinstance(shop, RemoteShop)
    assert (shop.name, shop.at_once) == ("woocommerce", False)


SHOPIFY = {
    "COACH_SHOP_SYSTEM": "shopify",
    "COACH_SHOPIFY_URL": "https://lamps.myshopify.com",
    "COACH_SHOPIFY_ID": "id",
    "COACH_SHOPIFY_SECRET": "secret",
}


@pytest.mark.parametrize("token", ["", "shpat_1"])
def test_shopify_by_its_settings(token: str) -> None:
    shop = open_shop({**SHOPIFY, "COACH_SHOPIFY_TOKEN": token})
    assert isinstance(shop, RemoteShop)
    assert (shop.name, shop.platform.hears) == ("shopify", True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"COACH_SHOPIFY_ID": ""}, "COACH_SHOPIFY_ID is not set"),
        ({"COACH_SHOPIFY_SECRET": ""}, "COACH_SHOPIFY_SECRET is not set"),
        ({"COACH_SHOPIFY_TOKEN": "x"}, "must begin with shpat_"),
        ({"COACH_SHOPIFY_URL": "lamps.myshopify.com"}, "must be the shop's address"),
    ],
)
def test_shopify_that_cannot_work_is_said(changed: dict[str, str], said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        open_shop({**SHOPIFY, **changed})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"COACH_SHOP_SYSTEM": "magento"}, "embedded, woocommerce or shopify"),
        ({"COACH_WOO_KEY": ""}, "COACH_WOO_KEY is not set"),
        ({"COACH_WOO_KEY": "topsecret"}, "COACH_WOO_KEY must begin with ck_"),
        ({"COACH_WOO_URL": "http://shop.example"}, "must begin with https"),
        ({"COACH_WOO_URL": "shop.example"}, "must be the shop's address"),
        (
            {"COACH_SHOP_SYSTEM": "", "COACH_PAY_URL": "https://x/{card}"},
            "nothing else in braces",
        ),
        ({"COACH_SHOP_SYSTEM": "", "COACH_PAY_URL": "http://x/"}, "begin with https"),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence(
    changed: dict[str, str], said: str
) -> None:
    with pytest.raises(Misconfigured, match=said) as refused:
        open_shop({**WOO, **changed})
    assert "topsecret" not in str(refused.value)
