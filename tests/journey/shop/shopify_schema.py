"""What we use of Shopify's Admin API, version 2026-10, as it is published."""

SCHEMA = """
directive @idempotent(key: String!) on FIELD
scalar DateTime
scalar Decimal
scalar Money
scalar URL
scalar HTML
enum CurrencyCode { EUR USD GBP HUF }
enum CountryCode { AT DE HU GB US }
enum DraftOrderSortKeys { CUSTOMER_NAME ID NUMBER RELEVANCE STATUS UPDATED_AT }
enum ProductVariantSortKeys { FULL_TITLE ID INVENTORY_QUANTITY NAME POSITION SKU TITLE }
enum ProductStatus { ACTIVE ARCHIVED DRAFT UNLISTED }
enum ProductVariantInventoryPolicy { CONTINUE DENY }
enum OrderDisplayFinancialStatus {
  AUTHORIZED EXPIRED PAID PARTIALLY_PAID PARTIALLY_REFUNDED PENDING REFUNDED VOIDED
}
enum OrderDisplayFulfillmentStatus {
  FULFILLED IN_PROGRESS ON_HOLD OPEN PARTIALLY_FULFILLED PENDING_FULFILLMENT
  REQUEST_DECLINED RESTOCKED SCHEDULED UNFULFILLED
}
enum FulfillmentDisplayStatus { CONFIRMED DELIVERED FULFILLED IN_TRANSIT SUBMITTED }
enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
enum OrderTransactionKind { AUTHORIZATION CAPTURE CHANGE REFUND SALE VOID }
enum RefundLineItemRestockType { CANCEL NO_RESTOCK RETURN }
enum WebhookSubscriptionFormat { JSON XML }
enum WebhookSubscriptionTopic {
  ORDERS_CREATE ORDERS_UPDATED ORDERS_CANCELLED ORDERS_PAID DRAFT_ORDERS_DELETE
  PRODUCTS_UPDATE PRODUCTS_DELETE
}

interface Node { id: ID! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type UserError { field: [String!] message: String! }
type OrderCancelUserError { code: String field: [String!] message: String! }
type MoneyV2 { amount: Decimal! currencyCode: CurrencyCode! }
type MoneyBag { shopMoney: MoneyV2! presentmentMoney: MoneyV2! }
type Attribute { key: String! value: String }
type Image { url: URL! }
type MediaPreviewImage { image: Image }
type Media { preview: MediaPreviewImage }
type MediaConnection { nodes: [Media!]! }
type TaxonomyCategory { fullName: String! }
type InventoryItem { tracked: Boolean! requiresShipping: Boolean! }
type SelectedOption { name: String! value: String! }
type Location implements Node { id: ID! }
type Job { id: ID! done: Boolean! }

type Product implements Node {
  id: ID!
  title: String!
  descriptionHtml: HTML!
  vendor: String!
  productType: String!
  tags: [String!]!
  status: ProductStatus!
  onlineStoreUrl: URL
  isGiftCard: Boolean!
  requiresSellingPlan: Boolean!
  hasOnlyDefaultVariant: Boolean!
  category: TaxonomyCategory
  featuredMedia: Media
}
type ProductVariant implements Node {
  id: ID!
  sku: String
  title: String!
  price: Money!
  inventoryQuantity: Int
  inventoryPolicy: ProductVariantInventoryPolicy!
  inventoryItem: InventoryItem!
  selectedOptions: [SelectedOption!]!
  media(first: Int): MediaConnection!
  product: Product!
}
type ProductVariantConnection { nodes: [ProductVariant!]! pageInfo: PageInfo! }

type DraftOrderLineItem implements Node {
  id: ID!
  quantity: Int!
  customAttributes: [Attribute!]!
}
type DraftOrderLineItemConnection { nodes: [DraftOrderLineItem!]! }
type DraftOrder implements Node {
  id: ID!
  name: String!
  createdAt: DateTime!
  updatedAt: DateTime!
  invoiceUrl: URL
  totalPriceSet: MoneyBag!
  customAttributes: [Attribute!]!
  lineItems(first: Int): DraftOrderLineItemConnection!
  order: Order
}
type DraftOrderConnection { nodes: [DraftOrder!]! pageInfo: PageInfo! }

type LineItem implements Node {
  id: ID!
  quantity: Int!
  currentQuantity: Int!
  customAttributes: [Attribute!]!
}
type LineItemConnection { nodes: [LineItem!]! }
type Fulfillment implements Node { id: ID! displayStatus: FulfillmentDisplayStatus }
type OrderTransaction implements Node { id: ID! manualPaymentGateway: Boolean! }
type Refund implements Node { id: ID! note: String }
type RefundLineItem { lineItem: LineItem! location: Location }
type SuggestedOrderTransaction {
  amountSet: MoneyBag!
  gateway: String
  parentTransaction: OrderTransaction
}
type SuggestedRefund {
  amountSet: MoneyBag!
  subtotalSet: MoneyBag!
  refundLineItems: [RefundLineItem!]!
  suggestedTransactions: [SuggestedOrderTransaction!]!
}
type Order implements Node {
  id: ID!
  name: String!
  cancelledAt: DateTime
  updatedAt: DateTime!
  displayFinancialStatus: OrderDisplayFinancialStatus
  displayFulfillmentStatus: OrderDisplayFulfillmentStatus!
  currentTotalPriceSet: MoneyBag!
  customAttributes: [Attribute!]!
  lineItems(first: Int): LineItemConnection!
  fulfillments(first: Int): [Fulfillment!]!
  transactions(first: Int): [OrderTransaction!]!
  refunds(first: Int): [Refund!]!
  suggestedRefund(refundLineItems: [RefundLineItemInput!]): SuggestedRefund
}

type Shop { name: String! currencyCode: CurrencyCode! }
type AccessScope { handle: String! }
type AppInstallation { accessScopes: [AccessScope!]! }
type WebhookSubscription implements Node {
  id: ID!
  topic: WebhookSubscriptionTopic!
  uri: String!
}
type WebhookSubscriptionConnection {
  nodes: [WebhookSubscription!]!
  pageInfo: PageInfo!
}

input AttributeInput { key: String! value: String! }
input MoneyInput { amount: Decimal! currencyCode: CurrencyCode! }
input MailingAddressInput {
  address1: String
  city: String
  countryCode: CountryCode
  firstName: String
  lastName: String
  zip: String
}
input ShippingLineInput { title: String priceWithCurrency: MoneyInput }
input DraftOrderLineItemInput {
  variantId: ID
  quantity: Int!
  priceOverride: MoneyInput
  customAttributes: [AttributeInput!]
}
input DraftOrderInput {
  acceptAutomaticDiscounts: Boolean
  allowDiscountCodesInCheckout: Boolean
  billingAddress: MailingAddressInput
  customAttributes: [AttributeInput!]
  email: String
  lineItems: [DraftOrderLineItemInput!]
  reserveInventoryUntil: DateTime
  shippingAddress: MailingAddressInput
  shippingLine: ShippingLineInput
}
input DraftOrderDeleteInput { id: ID! }
input OrderInput { id: ID! shippingAddress: MailingAddressInput }
input OrderCancelRefundMethodInput { originalPaymentMethodsRefund: Boolean }
input RefundLineItemInput {
  lineItemId: ID!
  quantity: Int!
  restockType: RefundLineItemRestockType
  locationId: ID
}
input OrderTransactionInput {
  amount: Money!
  gateway: String!
  kind: OrderTransactionKind!
  orderId: ID!
  parentId: ID
}
input RefundInput {
  orderId: ID!
  note: String
  notify: Boolean
  refundLineItems: [RefundLineItemInput!]
  transactions: [OrderTransactionInput!]
}
input WebhookSubscriptionInput { uri: String format: WebhookSubscriptionFormat }

type DraftOrderCreatePayload { draftOrder: DraftOrder userErrors: [UserError!]! }
type DraftOrderUpdatePayload { draftOrder: DraftOrder userErrors: [UserError!]! }
type DraftOrderDeletePayload { deletedId: ID userErrors: [UserError!]! }
type OrderUpdatePayload { order: Order userErrors: [UserError!]! }
type OrderCancelPayload { job: Job orderCancelUserErrors: [OrderCancelUserError!]! }
type RefundCreatePayload { refund: Refund userErrors: [UserError!]! }
type WebhookSubscriptionCreatePayload {
  webhookSubscription: WebhookSubscription
  userErrors: [UserError!]!
}

type Query {
  shop: Shop!
  currentAppInstallation: AppInstallation!
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  order(id: ID!): Order
  draftOrders(
    first: Int, after: String, sortKey: DraftOrderSortKeys, reverse: Boolean
  ): DraftOrderConnection!
  productVariants(
    first: Int, after: String, sortKey: ProductVariantSortKeys
  ): ProductVariantConnection!
  webhookSubscriptions(first: Int, after: String): WebhookSubscriptionConnection!
}
type Mutation {
  draftOrderCreate(input: DraftOrderInput!): DraftOrderCreatePayload
  draftOrderUpdate(id: ID!, input: DraftOrderInput!): DraftOrderUpdatePayload
  draftOrderDelete(input: DraftOrderDeleteInput!): DraftOrderDeletePayload
  orderUpdate(input: OrderInput!): OrderUpdatePayload
  orderCancel(
    orderId: ID!, refundMethod: OrderCancelRefundMethodInput, restock: Boolean!,
    reason: OrderCancelReason!, notifyCustomer: Boolean, staffNote: String
  ): OrderCancelPayload
  refundCreate(input: RefundInput!): RefundCreatePayload
  webhookSubscriptionCreate(
    topic: WebhookSubscriptionTopic!, webhookSubscription: WebhookSubscriptionInput!
  ): WebhookSubscriptionCreatePayload
}
"""
