"""What we ask Shopify: every query and mutation, in one place."""

_LINES = (
    "lineItems(first: 100) { nodes { id quantity customAttributes { key value } } }"
)
_MONEY = "{ shopMoney { amount } }"

_ORDER = f"""
fragment Placed on Order {{
  id name cancelledAt updatedAt displayFinancialStatus displayFulfillmentStatus
  currentTotalPriceSet {_MONEY}
  customAttributes {{ key value }}
  lineItems(first: 100) {{
    nodes {{ id quantity currentQuantity customAttributes {{ key value }} }}
  }}
  fulfillments(first: 10) {{ displayStatus }}
  transactions(first: 10) {{ manualPaymentGateway }}
  refunds(first: 20) {{ id note }}
}}
"""

_DRAFT = f"""
fragment Drafted on DraftOrder {{
  id name updatedAt invoiceUrl
  totalPriceSet {_MONEY}
  customAttributes {{ key value }}
  lineItems(first: 100) {{ nodes {{ id quantity customAttributes {{ key value }} }} }}
  order {{ ...Placed }}
}}
"""

SHOP = """
query {
  shop { name currencyCode }
  currentAppInstallation { accessScopes { handle } }
}
"""

FOUND = f"""
query ($id: ID!) {{
  node(id: $id) {{
    __typename
    ... on DraftOrder {{ ...Drafted }}
    ... on Order {{ ...Placed }}
  }}
}}
{_DRAFT}{_ORDER}"""

# By id and without words to look for: what is found by words may lag behind.
NEWEST_DRAFTS = """
query ($after: String) {
  draftOrders(first: 50, after: $after, sortKey: ID, reverse: true) {
    nodes { id createdAt customAttributes { key value } }
    pageInfo { hasNextPage endCursor }
  }
}
"""

_VARIANT = """
fragment Variant on ProductVariant {
  id price inventoryQuantity inventoryPolicy
  inventoryItem { tracked }
  product { status }
}
"""

VARIANTS = f"""
query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ...Variant }} }}
{_VARIANT}"""

CATALOGUE = """
query ($after: String) {
  productVariants(first: 100, after: $after, sortKey: ID) {
    nodes {
      id sku title price inventoryQuantity inventoryPolicy
      inventoryItem { tracked requiresShipping }
      selectedOptions { name value }
      media(first: 1) { nodes { preview { image { url } } } }
      product {
        id title descriptionHtml vendor productType tags status onlineStoreUrl
        isGiftCard requiresSellingPlan hasOnlyDefaultVariant
        category { fullName }
        featuredMedia { preview { image { url } } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""

CREATE = f"""
mutation ($input: DraftOrderInput!) {{
  draftOrderCreate(input: $input) {{
    draftOrder {{ ...Drafted }}
    userErrors {{ field message }}
  }}
}}
{_DRAFT}{_ORDER}"""

UPDATE = f"""
mutation ($id: ID!, $input: DraftOrderInput!) {{
  draftOrderUpdate(id: $id, input: $input) {{
    draftOrder {{ ...Drafted }}
    userErrors {{ field message }}
  }}
}}
{_DRAFT}{_ORDER}"""

DELETE = """
mutation ($input: DraftOrderDeleteInput!) {
  draftOrderDelete(input: $input) { deletedId userErrors { field message } }
}
"""

READDRESS = f"""
mutation ($input: OrderInput!) {{
  orderUpdate(input: $input) {{
    order {{ ...Placed }}
    userErrors {{ field message }}
  }}
}}
{_ORDER}"""

CANCEL = """
mutation ($id: ID!, $refund: OrderCancelRefundMethodInput!) {
  orderCancel(
    orderId: $id, refundMethod: $refund, restock: true,
    reason: CUSTOMER, notifyCustomer: false
  ) {
    job { id done }
    orderCancelUserErrors { code field message }
  }
}
"""

SUGGESTED = f"""
query ($id: ID!, $lines: [RefundLineItemInput!]) {{
  order(id: $id) {{
    suggestedRefund(refundLineItems: $lines) {{
      amountSet {_MONEY}
      subtotalSet {_MONEY}
      refundLineItems {{ lineItem {{ id }} location {{ id }} }}
      suggestedTransactions {{
        amountSet {_MONEY}
        gateway
        parentTransaction {{ id manualPaymentGateway }}
      }}
    }}
  }}
}}
"""

# The key is part of the request: the shop demands it for what moves money.
REFUND = """
mutation ($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id }
    userErrors { field message }
  }
}
"""

WEBHOOKS = """
query ($after: String) {
  webhookSubscriptions(first: 100, after: $after) {
    nodes { topic uri }
    pageInfo { hasNextPage endCursor }
  }
}
"""

SUBSCRIBE = """
mutation ($topic: WebhookSubscriptionTopic!, $to: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $to) {
    webhookSubscription { id }
    userErrors { field message }
  }
}
"""
