"""A WooCommerce shop as its REST API v3 is described: types checked, totals computed.

WordPress ignores fields that it does not know; here they are kept in `unknown`, so
that a test can demand that we send none.
"""

import base64
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.journey.shop.serving import Faults

KEY, SECRET, HOOK = "ck_test", "cs_test", "hook-secret"
API = "/wp-json/wc/v3"
Json = dict[str, Any]
STATUSES = (
    "auto-draft pending processing on-hold completed cancelled refunded failed"
    " checkout-draft"
).split()
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
STRINGS = ("first_name", "last_name", "company", "address_1", "address_2", "city")
ADDRESS: Json = dict.fromkeys((*STRINGS, "state", "postcode", "country"), "string")
META = [{"id": "integer", "key": "string", "value": "mixed"}]
LINE = {
    "id": "integer",
    "name": "mixed",
    "product_id": "mixed",
    "variation_id": "integer",
    "quantity": "integer",
    "tax_class": "string",
    "subtotal": "string",
    "total": "string",
    "meta_data": META,
}
ORDER: Json = {
    "parent_id": "integer",
    "status": STATUSES,
    "currency": ["EUR", "USD", "GBP", "HUF"],
    "customer_id": "integer",
    "customer_note": "string",
    "billing": {**ADDRESS, "email": "email", "phone": "string"},
    "shipping": ADDRESS,
    "payment_method": "string",
    "payment_method_title": "string",
    "transaction_id": "string",
    "meta_data": META,
    "line_items": [LINE],
    "shipping_lines": [
        {
            "id": "integer",
            "method_id": "mixed",
            "method_title": "mixed",
            "total": "string",
            "meta_data": META,
        }
    ],
    "set_paid": "boolean",
}
REFUND: Json = {
    "amount": "string",
    "reason": "string",
    "api_refund": "boolean",
    "api_restock": "boolean",
    "meta_data": META,
    "line_items": [
        {
            "id": "integer",
            "quantity": "integer",
            "refund_total": "number",
            "refund_tax": "mixed",
        }
    ],
}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
QUERIES = {
    "page": r"[1-9]\d*",
    "per_page": r"[1-9]\d?|100",
    "after": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "dates_are_gmt": "true|false",
    "order": "asc|desc",
    "orderby": "date|id|include|title|slug|modified",
    "status": "any|publish|draft|" + "|".join(STATUSES),
}


class WpError(Exception):
    def __init__(self, code: str, message: str, status: int, **data: Any) -> None:
        self.answer = {"code": code, "message": message}
        self.answer |= {"data": {"status": status, **data}}  # type: ignore[dict-item]
        self.status = status


@dataclass
class Woo:
    """The shop's state; `refunds_by_gateway` is off for a gateway that cannot."""

    orders: dict[int, Json] = field(default_factory=dict)
    refunds: dict[int, list[Json]] = field(default_factory=dict)
    products: dict[int, Json] = field(default_factory=dict)
    variations: dict[int, dict[int, Json]] = field(default_factory=dict)
    webhooks: list[Json] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refunds_by_gateway: bool = True
    names_payment_page: bool = True
    ids: int = 700

    def __post_init__(self) -> None:
        """Make the app that serves it."""
        routes = [
            Route("/orders", self.list_orders),
            Route("/orders", self.create_order, methods=["POST"]),
            Route("/orders/{id:int}", self.get_order),
            Route("/orders/{id:int}", self.update_order, methods=["PUT"]),
            Route("/orders/{id:int}/refunds", self.list_refunds),
            Route("/orders/{id:int}/refunds", self.create_refund, methods=["POST"]),
            Route("/products", self.list_products),
            Route("/products/{id:int}", self.get_product),
            Route("/products/{id:int}/variations", self.list_variations),
            Route("/products/{id:int}/variations/{v:int}", self.get_product),
            Route("/data/currencies/current", self.get_currency),
            Route("/webhooks", self.list_webhooks),
            Route("/webhooks", self.create_webhook, methods=["POST"]),
        ]
        for route in routes:
            route.__init__(  # type: ignore[misc]
                API + route.path, _safely(route.endpoint), methods=route.methods
            )
        self.faults = Faults(Starlette(routes=routes))

    def next_id(self) -> int:
        self.ids += 1
        return self.ids

    def add_product(self, **fields: Any) -> Json:
        """Sell something; `variations` are further products below it."""
        number, below = self.next_id(), fields.pop("variations", [])
        product = {**_product(number), **fields}
        self.products[number] = product
        self.variations[number] = {}
        for variation in below:
            child = {**_product(self.next_id()), "type": "variation", **variation}
            child["parent_id"] = number
            self.variations[number][child["id"]] = child
        product["variations"] = list(self.variations[number])
        return product

    def pay(self, number: int) -> Json:
        """Let the customer pay on the shop's page."""
        order = self.orders[number]
        order |= {"status": "processing", "date_paid_gmt": _now(), "needs": False}
        return order

    async def list_orders(self, request: Request) -> JSONResponse:
        found = sorted(self.orders.values(), key=lambda x: int(x["id"]))
        after = request.query_params.get("after")
        if after and request.query_params.get("dates_are_gmt") != "true":
            raise AssertionError("the shop's own zone would be taken")
        if after:
            found = [x for x in found if x["date_created_gmt"] > after]
        return _page(request, [self._shown(x) for x in found])

    async def create_order(self, request: Request) -> JSONResponse:
        body = await self._body(request, ORDER)
        number = self.next_id()
        order: Json = {
            "id": number,
            "number": str(number),
            "status": body.get("status", "pending"),
            "order_key": f"wc_order_{number}",
            "currency": body.get("currency", "EUR"),
            "date_created_gmt": _now(),
            "date_modified_gmt": _now(),
            "date_paid_gmt": None,
            "billing": body.get("billing", {}),
            "shipping": body.get("shipping", {}),
            "line_items": [self._new_line(x) for x in body.get("line_items", [])],
            "shipping_lines": [self._new_shipping(x) for x in body["shipping_lines"]],
            "meta_data": [{**x, "id": self.next_id()} for x in body["meta_data"]],
        }
        self.orders[number] = order
        return JSONResponse(self._shown(order), 201)

    def _new_line(self, given: Json) -> Json:
        if not given.get("product_id"):
            code = "woocommerce_rest_required_product_reference"
            raise WpError(code, "Product ID or SKU is required.", 400)
        product = self._sold(given["product_id"], given.get("variation_id", 0))
        total = Decimal(product["price"]) * given.get("quantity", 1)
        return {
            "id": self.next_id(),
            "product_id": given["product_id"],
            "variation_id": given.get("variation_id", 0),
            "quantity": given.get("quantity", 1),
            "subtotal": str(total),
            "total": str(total),
            "meta_data": given.get("meta_data", []),
        }

    def _new_shipping(self, given: Json) -> Json:
        if not given.get("method_id"):
            code = "woocommerce_rest_invalid_shipping_item"
            raise WpError(code, "Shipping method ID is required.", 400)
        return {"id": self.next_id(), **given}

    def _sold(self, number: int, variation: int = 0) -> Json:
        found = self.products.get(number)
        if variation:
            found = self.variations.get(number, {}).get(variation)
        if found is None:
            code = "woocommerce_rest_product_invalid_id"
            raise WpError(code, "Invalid ID.", 404)
        return found

    async def get_order(self, request: Request) -> JSONResponse:
        return JSONResponse(self._shown(self._order(request)))

    def _order(self, request: Request) -> Json:
        order = self.orders.get(request.path_params["id"])
        if order is None:
            raise WpError("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
        return order

    async def update_order(self, request: Request) -> JSONResponse:
        order, body = self._order(request), await self._body(request, ORDER)
        for key in ("billing", "shipping"):
            order[key] = {**order[key], **body.get(key, {})}
        for given in body.get("line_items", []):
            self._change_line(order, given)
        order["status"] = body.get("status", order["status"])
        order["date_modified_gmt"] = _now()
        return JSONResponse(self._shown(order))

    def _change_line(self, order: Json, given: Json) -> None:
        line = next((x for x in order["line_items"] if x["id"] == given["id"]), None)
        if line is None:
            code = "woocommerce_rest_invalid_item_id"
            text = "Order item ID provided is not associated with order."
            raise WpError(code, text, 400)
        if given.get("quantity") == 0:
            order["line_items"].remove(line)
        else:
            line |= given

    async def list_refunds(self, request: Request) -> JSONResponse:
        order = self._order(request)
        return _page(request, self.refunds.get(order["id"], []))

    async def create_refund(self, request: Request) -> JSONResponse:
        order, body = self._order(request), await self._body(request, REFUND)
        made = self.refunds.setdefault(order["id"], [])
        left = self._total(order) - sum((Decimal(x["amount"]) for x in made), Decimal())
        code = "woocommerce_rest_cannot_create_order_refund"
        if not 0 < Decimal(body["amount"]) <= left:
            raise WpError(code, "Invalid refund amount.", 500)
        if body.get("api_refund", True) and not self.refunds_by_gateway:
            text = "The payment gateway does not support automatic refunds."
            raise WpError(code, text, 500)
        refund: Json = {
            "id": self.next_id(),
            "amount": body["amount"],
            "meta_data": body.get("meta_data", []),
            "by_gateway": body.get("api_refund", True),
            "line_items": [self._given_back(order, x) for x in body["line_items"]],
        }
        made.append(refund)
        if Decimal(body["amount"]) == left:
            order["status"] = "refunded"
        return JSONResponse(refund, 201)

    def _given_back(self, order: Json, given: Json) -> Json:
        line = next(x for x in order["line_items"] if x["id"] == given["id"])
        return {
            "id": self.next_id(),
            "product_id": line["product_id"],
            "quantity": -given["quantity"],
            "meta_data": [{"key": "_refunded_item_id", "value": str(line["id"])}],
        }

    async def list_products(self, request: Request) -> JSONResponse:
        wanted = request.query_params.get("status", "any")
        found = [x for x in self.products.values() if wanted in ("any", x["status"])]
        return _page(request, found)

    async def list_variations(self, request: Request) -> JSONResponse:
        self._sold(request.path_params["id"])
        found = self.variations[request.path_params["id"]].values()
        return _page(request, list(found))

    async def get_product(self, request: Request) -> JSONResponse:
        params = request.path_params
        return JSONResponse(self._sold(params["id"], params.get("v", 0)))

    async def get_currency(self, _request: Request) -> JSONResponse:
        return JSONResponse({"code": "EUR", "name": "Euro", "symbol": "&euro;"})

    async def list_webhooks(self, request: Request) -> JSONResponse:
        return _page(request, self.webhooks)

    async def create_webhook(self, request: Request) -> JSONResponse:
        types = dict.fromkeys(("name", "topic", "delivery_url", "secret"), "string")
        body = await self._body(request, types)
        if not body.get("delivery_url", "").startswith("http"):
            code = "woocommerce_rest_cannot_create_webhook"
            raise WpError(code, "Webhook topic must be valid.", 400)
        hook = {"id": self.next_id(), "status": "active", **body}
        self.webhooks.append(hook)
        return JSONResponse(hook, 201)

    def _total(self, order: Json) -> Decimal:
        lines = [*order["line_items"], *order["shipping_lines"]]
        return sum((Decimal(x["total"]) for x in lines), Decimal(0))

    def _shown(self, order: Json) -> Json:
        shown = {**order, "total": str(self._total(order))}
        page = f"https://shop.example/checkout/order-pay/{order['id']}/?pay_for_order=t"
        return shown | ({"payment_url": page} if self.names_payment_page else {})

    def shown(self, number: int) -> Json:
        """Return an order as the API and a webhook show it."""
        return self._shown(self.orders[number])

    async def _body(self, request: Request, types: Json) -> Json:
        if request.headers.get("content-type") != "application/json":
            raise WpError("rest_no_route", "No JSON.", 400)
        body: Json = await request.json()
        for name, value in body.items():
            if name not in types:
                self.unknown.append(name)
            elif reason := self._misfit(name, types[name], value):
                params = {"params": {name: reason}}
                text = f"Invalid parameter(s): {name}"
                raise WpError("rest_invalid_param", text, 400, **params)
        return body

    def _misfit(self, name: str, kind: Any, value: Any) -> str | None:
        if isinstance(kind, dict):
            return self._misfit_object(name, kind, value)
        if isinstance(kind, list) and kind and isinstance(kind[0], dict):
            if not isinstance(value, list):
                return f"{name} is not of type array."
            found = (self._misfit_object(f"{name}[]", kind[0], x) for x in value)
            return next(filter(None, found), None)
        if isinstance(kind, list):
            return None if value in kind else f"{name} is not one of {kind}."
        if kind == "email":
            fits = value is None or (isinstance(value, str) and EMAIL.match(value))
            return None if fits else f"{name} is not a valid email address."
        return _mistyped(name, kind, value)

    def _misfit_object(self, name: str, kinds: Json, value: Any) -> str | None:
        if not isinstance(value, dict):
            return f"{name} is not of type object."
        for key, one in value.items():
            if key not in kinds:
                self.unknown.append(f"{name}.{key}")
            elif reason := self._misfit(f"{name}[{key}]", kinds[key], one):
                return reason
        return None


def _mistyped(name: str, kind: str, value: Any) -> str | None:
    if kind == "mixed":
        return None
    bad_bool = isinstance(value, bool) and kind != "boolean"
    if bad_bool or not isinstance(value, TYPES[kind]):
        return f"{name} is not of type {kind}."
    return None


def _safely(endpoint: Any) -> Any:
    async def answer(request: Request) -> JSONResponse:
        try:
            _check_key(request)
            _check_query(request)
            response: JSONResponse = await endpoint(request)
            return response
        except WpError as error:
            return JSONResponse(error.answer, error.status)

    return answer


def _check_key(request: Request) -> None:
    given = request.headers.get("authorization", "")
    if not given.startswith("Basic "):
        code = "woocommerce_rest_cannot_view"
        raise WpError(code, "Sorry, you cannot list resources.", 401)
    if base64.b64decode(given[6:]).decode() != f"{KEY}:{SECRET}":
        code = "woocommerce_rest_authentication_error"
        raise WpError(code, "Consumer key is invalid.", 401)


def _check_query(request: Request) -> None:
    for name, value in request.query_params.items():
        if name not in QUERIES or not re.fullmatch(QUERIES[name], value):
            text = f"Invalid parameter(s): {name}"
            raise WpError("rest_invalid_param", text, 400)


def _page(request: Request, found: list[Json]) -> JSONResponse:
    size = int(request.query_params.get("per_page", 10))
    page = int(request.query_params.get("page", 1))
    headers = {
        "X-WP-Total": str(len(found)),
        "X-WP-TotalPages": str(-(-len(found) // size)),
    }
    return JSONResponse(found[(page - 1) * size : page * size], headers=headers)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _product(number: int) -> Json:
    return {
        "id": number,
        "name": f"Product {number}",
        "sku": "",
        "type": "simple",
        "status": "publish",
        "catalog_visibility": "visible",
        "description": "<p>Good &amp; plain.</p>",
        "short_description": "",
        "permalink": f"https://shop.example/product/{number}/",
        "price": "20.00",
        "purchasable": True,
        "virtual": False,
        "manage_stock": True,
        "stock_quantity": 10,
        "stock_status": "instock",
        "backorders_allowed": False,
        "date_modified_gmt": _now(),
        "parent_id": 0,
        "categories": [{"id": 9, "name": "Lamps", "slug": "lamps"}],
        "brands": [{"id": 8, "name": "Lind", "slug": "lind"}],
        "tags": [],
        "images": [{"id": 1, "src": "https://shop.example/lamp.jpg"}],
        "attributes": [],
    }
