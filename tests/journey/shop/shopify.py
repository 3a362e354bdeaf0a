"""A Shopify shop as its Admin API is published: queries are checked by its schema.

Its budget of points, its slow cancellations and its demand of a key for refunds are
there as well; a mutation answers with errors that name the field.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

from graphql import GraphQLSchema, build_schema, graphql_sync
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from journey.shop.shopify.graph import VERSION
from tests.journey.shop.serving import Faults
from tests.journey.shop.shopify_schema import SCHEMA

ID, SECRET, TOKEN = "app-id", "app-secret", "shpat_test"
SCOPES = ["read_products", "read_inventory", "write_draft_orders", "write_orders"]
COST, BUDGET, RATE = 100, 1000.0, 100.0
Json = dict[str, Any]


def published() -> GraphQLSchema:
    """Return the schema; a node is of the kind that its id names."""
    schema = build_schema(SCHEMA)
    kind = schema.get_type("Node")
    kind.resolve_type = lambda node, _info, _kind: node["id"].split("/")[3]  # type: ignore[union-attr]
    return schema


PUBLISHED = published()


@dataclass
class Store:
    """The shop's state; `gateway` is off when money came by hand."""

    drafts: dict[str, Json] = field(default_factory=dict)
    orders: dict[str, Json] = field(default_factory=dict)
    variants: dict[str, Json] = field(default_factory=dict)
    webhooks: list[Json] = field(default_factory=list)
    refunds: list[Json] = field(default_factory=list)
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    keys: dict[str, Json] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=lambda: [TOKEN])
    gateway: bool = True
    tax: Decimal = Decimal(0)
    cancels_at_once: bool = True
    points: float = BUDGET
    ids: int = 700

    def __post_init__(self) -> None:
        """Make the app that serves it."""
        where = f"/admin/api/{VERSION}/graphql.json"
        routes = [
            Route(where, self.answer, methods=["POST"]),
            Route("/admin/oauth/access_token", self.grant, methods=["POST"]),
        ]
        self.faults = Faults(Starlette(routes=routes))

    def gid(self, kind: str) -> str:
        self.ids += 1
        return f"gid://shopify/{kind}/{self.ids}"

    def rest(self, seconds: float) -> None:
        """Let time pass in which points come back."""
        self.points = min(BUDGET, self.points + seconds * RATE)

    def add_variant(self, product: Json | None = None, **fields: Any) -> Json:
        """Sell something; `product` has what differs from a plain product."""
        variant = {
            "id": self.gid("ProductVariant"),
            "sku": None,
            "title": "Default Title",
            "price": "20.00",
            "inventoryQuantity": 10,
            "inventoryPolicy": "DENY",
            "inventoryItem": {"tracked": True, "requiresShipping": True},
            "selectedOptions": [{"name": "Title", "value": "Default Title"}],
            "media": {"nodes": []},
            "product": {**_product(self.gid("Product")), **(product or {})},
            **fields,
        }
        self.variants[variant["id"]] = variant
        return variant

    def pay(self, draft_id: str) -> Json:
        """Let the customer pay an invoice: its draft becomes an order."""
        draft = self.drafts[draft_id]
        order = {
            "id": self.gid("Order"),
            "name": f"#{self.ids}",
            "cancelledAt": None,
            "displayFinancialStatus": "PAID",
            "displayFulfillmentStatus": "UNFULFILLED",
            "customAttributes": draft["customAttributes"],
            "lines": [
                {**x, "id": self.gid("LineItem"), "currentQuantity": x["quantity"]}
                for x in draft["lines"]
            ],
            "fee": draft["fee"],
            "shippingAddress": draft["shippingAddress"],
            "fulfillments": [],
            "transactions": [
                {
                    "id": self.gid("OrderTransaction"),
                    "manualPaymentGateway": not self.gateway,
                }
            ],
            "refunds": [],
            "updatedAt": _now(),
        }
        order["suggestedRefund"] = lambda _info, **given: self._suggest(order, **given)
        self.orders[order["id"]] = order
        draft["order"] = self._shown(order)
        return order

    def finish_cancelling(self) -> None:
        """Let the jobs run that cancel orders."""
        for order in self.orders.values():
            if order.get("cancelling"):
                order["cancelledAt"] = _now()
                self._refund_all(order)

    async def grant(self, request: Request) -> JSONResponse:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        wanted = {
            "grant_type": "client_credentials",
            "client_id": ID,
            "client_secret": SECRET,
        }
        if form != wanted:
            return JSONResponse({"error": "application_cannot_be_found"}, 400)
        self.tokens.append(f"shpat_{len(self.tokens)}")
        content = {"access_token": self.tokens[-1], "scope": "", "expires_in": 86399}
        return JSONResponse(content)

    async def answer(self, request: Request) -> JSONResponse:
        if request.headers.get("x-shopify-access-token") not in self.tokens:
            said = "[API] Invalid API key or access token"
            return JSONResponse({"errors": said}, 401)
        body = await request.json()
        if self.points < COST:
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return JSONResponse({"errors": [error], **self._cost()})
        self.points -= COST
        result = graphql_sync(
            PUBLISHED,
            body["query"],
            root_value=self._root(body["variables"]),
            variable_values=body["variables"],
        )
        if result.errors:
            for error in result.errors:
                if error.original_error is not None:
                    raise error.original_error
            errors = [{"message": x.message} for x in result.errors]
            return JSONResponse({"errors": errors, **self._cost()})
        return JSONResponse({"data": result.data, **self._cost()})

    def _cost(self) -> Json:
        status = {
            "maximumAvailable": BUDGET,
            "currentlyAvailable": self.points,
            "restoreRate": RATE,
        }
        cost = {"requestedQueryCost": COST, "throttleStatus": status}
        return {"extensions": {"cost": cost}}

    def _root(self, variables: Json) -> Json:
        return {
            "shop": {"name": "Lamps", "currencyCode": "EUR"},
            "currentAppInstallation": {
                "accessScopes": [{"handle": x} for x in self.scopes]
            },
            "node": lambda _info, id: self._node(id),
            "nodes": lambda _info, ids: [self._node(x) for x in ids],
            "order": lambda _info, id: self._node(id),
            "draftOrders": self._list_drafts,
            "productVariants": lambda _info, first, after, **_sorted: _page(
                list(self.variants.values()), first, after
            ),
            "webhookSubscriptions": lambda _info, first, after: _page(
                self.webhooks, first, after
            ),
            "draftOrderCreate": self._create,
            "draftOrderUpdate": self._update,
            "draftOrderDelete": self._delete,
            "orderUpdate": self._readdress,
            "orderCancel": self._cancel,
            "refundCreate": lambda info, **given: self._once(info, variables, **given),
            "webhookSubscriptionCreate": self._subscribe,
        }

    def _node(self, gid: str) -> Json | None:
        if gid in self.orders:
            return self._shown(self.orders[gid])
        return self.drafts.get(gid) or self.variants.get(gid)

    def _shown(self, order: Json) -> Json:
        goods = sum(
            (x["price"] * x["currentQuantity"] for x in order["lines"]), Decimal(0)
        )
        order["currentTotalPriceSet"] = _bag(goods + order["fee"])
        order["lineItems"] = {"nodes": order["lines"]}
        return order

    def _list_drafts(
        self, _info: Any, first: int, after: str | None, sortKey: str, reverse: bool
    ) -> Json:
        assert (sortKey, reverse) == ("ID", True)
        return _page(list(reversed(self.drafts.values())), first, after)

    def _create(self, _info: Any, input: Json) -> Json:
        errors = self._wrong(input)
        if errors:
            return {"draftOrder": None, "userErrors": errors}
        gid = self.gid("DraftOrder")
        draft = {"id": gid, "name": f"#D{self.ids}", "createdAt": _now(), "order": None}
        draft["invoiceUrl"] = f"https://lamps.example/invoices/{self.ids}"
        self.drafts[gid] = draft
        self._write(draft, input)
        return {"draftOrder": draft, "userErrors": []}

    def _wrong(self, given: Json) -> list[Json]:
        lines = given.get("lineItems") or []
        for place, line in enumerate(lines):
            if line["variantId"] not in self.variants:
                where = ["input", "lineItems", str(place), "variantId"]
                return [{"field": where, "message": "Product is not there"}]
        if not lines:
            return [{"field": ["input", "lineItems"], "message": "Add a line"}]
        return []

    def _write(self, draft: Json, given: Json) -> None:
        draft["customAttributes"] = given["customAttributes"]
        draft["lines"] = [
            {
                "id": self.gid("DraftOrderLineItem"),
                "variant": x["variantId"],
                "quantity": x["quantity"],
                "price": Decimal(x["priceOverride"]["amount"]),
                "customAttributes": x["customAttributes"],
            }
            for x in given["lineItems"]
        ]
        draft["fee"] = Decimal(given["shippingLine"]["priceWithCurrency"]["amount"])
        draft["shippingAddress"] = given["shippingAddress"]
        draft["lineItems"] = {"nodes": draft["lines"]}
        goods = sum((x["price"] * x["quantity"] for x in draft["lines"]), Decimal(0))
        draft["totalPriceSet"] = _bag(goods + draft["fee"])
        draft["updatedAt"] = _now()

    def _update(self, _info: Any, id: str, input: Json) -> Json:
        draft, errors = self.drafts[id], self._wrong(input)
        if draft["order"]:
            errors = [{"field": None, "message": "This order has been paid"}]
        if errors:
            return {"draftOrder": None, "userErrors": errors}
        self._write(draft, input)
        return {"draftOrder": draft, "userErrors": []}

    def _delete(self, _info: Any, input: Json) -> Json:
        if input["id"] not in self.drafts:
            error = {"field": ["id"], "message": "Draft order does not exist"}
            return {"deletedId": None, "userErrors": [error]}
        if self.drafts[input["id"]]["order"]:
            error = {"field": None, "message": "This order has been paid"}
            return {"deletedId": None, "userErrors": [error]}
        del self.drafts[input["id"]]
        return {"deletedId": input["id"], "userErrors": []}

    def _readdress(self, _info: Any, input: Json) -> Json:
        order = self.orders[input["id"]]
        order["shippingAddress"] = input["shippingAddress"]
        return {"order": self._shown(order), "userErrors": []}

    def _cancel(self, _info: Any, orderId: str, **how: Any) -> Json:
        order = self.orders[orderId]
        if order["cancelledAt"] or order.get("cancelling"):
            error = {"code": "INVALID", "field": [], "message": "Being cancelled"}
            return {"job": None, "orderCancelUserErrors": [error]}
        order["cancelling"] = how
        if self.cancels_at_once:
            self.finish_cancelling()
        job = {"id": self.gid("Job"), "done": False}
        return {"job": job, "orderCancelUserErrors": []}

    def _refund_all(self, order: Json) -> None:
        order.pop("cancelling")
        for line in order["lines"]:
            line["currentQuantity"] = 0
        if order["displayFinancialStatus"] == "PAID":
            order["displayFinancialStatus"] = "REFUNDED"

    def _suggest(self, order: Json, refundLineItems: list[Json]) -> Json:
        lines = {x["id"]: x for x in order["lines"]}
        wanted = [(lines[x["lineItemId"]], x["quantity"]) for x in refundLineItems]
        subtotal = sum((x["price"] * n for x, n in wanted), Decimal(0))
        amount = subtotal + subtotal * self.tax
        shelf = {"id": "gid://shopify/Location/1"}
        paid = {
            "amountSet": _bag(amount),
            "gateway": "shopify_payments",
            "parentTransaction": order["transactions"][0],
        }
        return {
            "amountSet": _bag(amount),
            "subtotalSet": _bag(subtotal),
            "refundLineItems": [{"lineItem": x, "location": shelf} for x, _ in wanted],
            "suggestedTransactions": [paid],
        }

    def _once(self, info: Any, variables: Json, input: Json) -> Json:
        directives = info.field_nodes[0].directives
        if [x.name.value for x in directives] != ["idempotent"]:
            error = {"field": None, "message": "A key is needed"}
            return {"refund": None, "userErrors": [error]}
        key = variables[directives[0].arguments[0].value.name.value]
        if key not in self.keys:
            self.keys[key] = self._refund(input)
        return self.keys[key]

    def _refund(self, given: Json) -> Json:
        order = self.orders[given["orderId"]]
        lines = {x["id"]: x for x in order["lines"]}
        for back in given["refundLineItems"]:
            line = lines[back["lineItemId"]]
            if back["quantity"] > line["currentQuantity"]:
                error = {"field": None, "message": "Cannot refund more items"}
                return {"refund": None, "userErrors": [error]}
            line["currentQuantity"] -= back["quantity"]
        refund = {"id": self.gid("Refund"), **given}
        self.refunds.append(refund)
        order["refunds"].append(refund)
        order["displayFinancialStatus"] = "PARTIALLY_REFUNDED"
        return {"refund": refund, "userErrors": []}

    def _subscribe(self, _info: Any, topic: str, webhookSubscription: Json) -> Json:
        hook = {"id": self.gid("WebhookSubscription"), "topic": topic}
        self.webhooks.append(hook | {"uri": webhookSubscription["uri"]})
        return {"webhookSubscription": self.webhooks[-1], "userErrors": []}


def _page(found: list[Json], first: int, after: str | None) -> Json:
    start = int(after or 0)
    end = start + first
    more = {"hasNextPage": end < len(found), "endCursor": str(end)}
    return {"nodes": found[start:end], "pageInfo": more}


def _bag(amount: Decimal) -> Json:
    return {"shopMoney": {"amount": f"{amount:.2f}", "currencyCode": "EUR"}}


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _product(gid: str) -> Json:
    return {
        "id": gid,
        "title": "Lamp",
        "descriptionHtml": "<p>Good &amp; plain.</p>",
        "vendor": "Lind",
        "productType": "Lamps",
        "tags": ["warm"],
        "status": "ACTIVE",
        "onlineStoreUrl": "https://lamps.example/products/lamp",
        "isGiftCard": False,
        "requiresSellingPlan": False,
        "hasOnlyDefaultVariant": True,
        "category": {"fullName": "Home & Garden > Lamps"},
        "featuredMedia": {"preview": {"image": {"url": "https://x.example/l.jpg"}}},
    }
