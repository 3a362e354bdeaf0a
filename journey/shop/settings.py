"""Which shop is behind the coach, from the environment; its secrets stay there."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from journey.shop.embedded import EmbeddedShop
from journey.shop.platform import Platform
from journey.shop.port import Shop
from journey.shop.remote import RemoteShop
from journey.shop.shopify.client import Shopify
from journey.shop.shopify.graph import Given, Granted
from journey.shop.woocommerce.client import WooCommerce
from journey.wires import is_safe

SYSTEM = "COACH_SHOP_SYSTEM"
EMBEDDED, WOOCOMMERCE, SHOPIFY = "embedded", "woocommerce", "shopify"
Environ = Mapping[str, str]


class Misconfigured(ValueError):
    """A setting of the shop that cannot work; the message says which and why."""


def open_shop(environ: Environ) -> Shop:
    """Return the shop that the coach orders from.

    Raises:
        Misconfigured: a setting is missing or cannot be right.
    """
    platform = open_platform(environ)
    if platform is not None:
        return RemoteShop(platform)
    pay_url = environ.get("COACH_PAY_URL") or None
    if pay_url:
        _check_pay_url(pay_url)
    return EmbeddedShop(pay_url)


def open_platform(environ: Environ) -> Platform | None:
    """Return the shop's own system; None when the embedded shop is all there is.

    Raises:
        Misconfigured: a setting is missing or cannot be right.
    """
    system = environ.get(SYSTEM) or EMBEDDED
    match system:
        case "embedded":
            return None
        case "woocommerce":
            return _woocommerce(environ)
        case "shopify":
            return _shopify(environ)
    names = f"{EMBEDDED}, {WOOCOMMERCE} or {SHOPIFY}"
    raise Misconfigured(f"{SYSTEM} must be {names}, not {system!r}")


def _woocommerce(environ: Environ) -> WooCommerce:
    return WooCommerce(
        _address(environ, "COACH_WOO_URL"),
        _needed(environ, "COACH_WOO_KEY", "ck_"),
        _needed(environ, "COACH_WOO_SECRET", "cs_"),
        environ.get("COACH_WOO_WEBHOOK_SECRET", ""),
    )


def _shopify(environ: Environ) -> Shopify:
    """The app's id and secret are exchanged for a token, unless one was given once."""
    url, token = _address(environ, "COACH_SHOPIFY_URL"), "COACH_SHOPIFY_TOKEN"
    secret = _needed(environ, "COACH_SHOPIFY_SECRET")
    if environ.get(token):
        auth: Given | Granted = Given(_needed(environ, token, "shpat_"))
    else:
        auth = Granted(url, _needed(environ, "COACH_SHOPIFY_ID"), secret)
    return Shopify(url, auth, secret)


def _needed(environ: Environ, name: str, begins: str = "") -> str:
    """Return a setting; what is wrong with a secret is said without showing it."""
    value = environ.get(name, "").strip()
    if not value:
        raise Misconfigured(f"{name} is not set")
    if not value.startswith(begins):
        raise Misconfigured(f"{name} must begin with {begins}")
    return value


def _address(environ: Environ, name: str) -> str:
    value = _needed(environ, name).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise Misconfigured(f"{name} must be the shop's address, such as https://…")
    if not is_safe(value):
        raise Misconfigured(f"{name} must begin with https: the key would be readable")
    return value


def _check_pay_url(template: str) -> None:
    try:
        page = template.format(number=1, total=1)
    except (KeyError, IndexError, ValueError) as error:
        text = "COACH_PAY_URL may hold {number} and {total}, nothing else in braces"
        raise Misconfigured(text) from error
    if not page.startswith("https://"):
        raise Misconfigured("COACH_PAY_URL must begin with https")
