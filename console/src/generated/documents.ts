// Written by `npm run console:types` from schema.graphql: change that, not this.
import type { Document } from "../graphql/document.ts";
import boardColumnText from "../board/board-column.graphql?raw";
import boardCountsText from "../board/board-counts.graphql?raw";
import boardFeedText from "../board/board-feed.graphql?raw";
import chartText from "../chart/chart.graphql?raw";
import findOrderText from "../layout/find-order.graphql?raw";
import orderDiffText from "../order/order-diff.graphql?raw";
import oneOrderFeedText from "../order/order-feed.graphql?raw";
import orderHistoryText from "../order/order-history.graphql?raw";
import orderPairText from "../order/order-pair.graphql?raw";
import orderText from "../order/order.graphql?raw";
import foundOrdersText from "../orders/found-orders.graphql?raw";
import ordersFeedText from "../orders/orders-feed.graphql?raw";
import ordersText from "../orders/orders.graphql?raw";
import productDiffText from "../product/product-diff.graphql?raw";
import oneProductFeedText from "../product/product-feed.graphql?raw";
import productHistoryText from "../product/product-history.graphql?raw";
import productText from "../product/product.graphql?raw";
import categoriesText from "../products/categories.graphql?raw";
import foundProductsText from "../products/found-products.graphql?raw";
import productsFeedText from "../products/products-feed.graphql?raw";
import productsText from "../products/products.graphql?raw";
import figuresFeedText from "../reports/figures-feed.graphql?raw";
import orderStatisticsText from "../reports/order-statistics.graphql?raw";
import revenueText from "../reports/revenue.graphql?raw";
import deadLettersText from "../system/dead-letters.graphql?raw";
import retryDeadLetterText from "../system/retry-dead-letter.graphql?raw";
import skipDeadLetterText from "../system/skip-dead-letter.graphql?raw";
import systemFeedText from "../system/system-feed.graphql?raw";
import systemText from "../system/system.graphql?raw";

export type CancelReason =
  | "CUSTOMER"
  | "FRAUD"
  | "INVENTORY"
  | "OTHER"
  | "PAYMENT"
  | "STAFF";

export type ChartName =
  | "ORDER"
  | "PRODUCT";

export interface DeadLetterInput {
  readonly entityId: string;
  readonly projection: string;
}

export type LineStock =
  | "COMMITTED"
  | "COMMITTING"
  | "DECLINED"
  | "REFUSED"
  | "REQUESTED"
  | "RESERVED"
  | "WAITING";

export interface OrderOrder {
  readonly direction: SortDirection;
  readonly field: OrderOrderField;
}

export type OrderOrderField =
  | "CREATED_AT"
  | "TOTAL"
  | "UPDATED_AT";

export type OrderStatus =
  | "CANCELLED"
  | "CANCELLING"
  | "CONFIRMED"
  | "DELIVERED"
  | "EXPIRED"
  | "ON_HOLD"
  | "PARTIALLY_DELIVERED"
  | "PARTIALLY_RETURNED"
  | "PARTIALLY_SHIPPED"
  | "PENDING"
  | "PROCESSING"
  | "REFUNDED"
  | "REJECTED"
  | "RETURNED"
  | "SHIPPED";

export interface OrderWhere {
  readonly createdBefore?: string | null | undefined;
  readonly createdFrom?: string | null | undefined;
  readonly customerId?: string | null | undefined;
  readonly status?: readonly (OrderStatus)[] | null | undefined;
}

export type PaymentMethodKind =
  | "BANK_TRANSFER"
  | "CARD"
  | "INVOICE"
  | "WALLET";

export type PersonalReading =
  | "ERASED"
  | "OPEN"
  | "UNREADABLE";

export interface PriceRange {
  readonly currency: string;
  readonly max?: number | null | undefined;
  readonly min?: number | null | undefined;
}

export interface ProductOrder {
  readonly direction: SortDirection;
  readonly field: ProductOrderField;
}

export type ProductOrderField =
  | "CREATED_AT"
  | "NAME"
  | "PRICE"
  | "UPDATED_AT";

export type ProductStatus =
  | "ACTIVE"
  | "ARCHIVED"
  | "DISCONTINUED"
  | "DRAFT"
  | "UNLISTED";

export interface ProductWhere {
  readonly category?: string | null | undefined;
  readonly isAvailable?: boolean | null | undefined;
  readonly price?: PriceRange | null | undefined;
  readonly skus?: readonly (string)[] | null | undefined;
  readonly status?: readonly (ProductStatus)[] | null | undefined;
}

export type RefundStatus =
  | "FAILED"
  | "REFUNDED"
  | "REQUESTED"
  | "RETRIED"
  | "UNKNOWN";

export type ResetReason =
  | "CURSOR_EXPIRED"
  | "CURSOR_INVALID"
  | "STREAM_CHANGED";

export type ReturnStatus =
  | "APPROVED"
  | "DECLINED"
  | "RECEIVED"
  | "REQUESTED";

export type RevenueGranularity =
  | "DAY"
  | "MONTH"
  | "WEEK";

export type SortDirection =
  | "ASC"
  | "DESC";

export type StockPolicyKind =
  | "BACKORDER"
  | "DENY";

export type BoardColumnResult = { readonly orders: { readonly nodes: readonly ({ readonly id: string; readonly number: string; readonly version: number; readonly status: OrderStatus; readonly updatedAt: string; readonly holdReason: string | null; readonly total: { readonly decimal: string; readonly currency: string; }; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; }; }; };

export type BoardColumnVariables = { readonly status?: readonly (OrderStatus)[] | null | undefined; readonly direction: SortDirection; readonly after?: string | null | undefined; };

export const boardColumnDocument =
  boardColumnText as Document<BoardColumnResult, BoardColumnVariables>;

export type BoardCountsResult = { readonly statisticsFeed: { readonly count: number; readonly byStatus: readonly ({ readonly status: OrderStatus; readonly count: number; })[]; }; };

export type BoardCountsVariables = {  };

export const boardCountsDocument =
  boardCountsText as Document<BoardCountsResult, BoardCountsVariables>;

export type BoardFeedResult = { readonly orderFeed: { readonly __typename: "CaughtUp"; readonly cursor: string; } | { readonly __typename: "OrderEvent"; readonly cursor: string; readonly event: { readonly at: string; readonly type: string; }; readonly order: { readonly id: string; readonly number: string; readonly version: number; readonly status: OrderStatus; readonly updatedAt: string; readonly holdReason: string | null; readonly total: { readonly decimal: string; readonly currency: string; }; }; } | { readonly __typename: "Reset"; readonly cursor: string; readonly reason: ResetReason; }; };

export type BoardFeedVariables = { readonly after?: string | null | undefined; };

export const boardFeedDocument =
  boardFeedText as Document<BoardFeedResult, BoardFeedVariables>;

export type ChartResult = { readonly chart: string; };

export type ChartVariables = { readonly of: ChartName; };

export const chartDocument =
  chartText as Document<ChartResult, ChartVariables>;

export type FindOrderResult = { readonly orderByNumber: { readonly id: string; } | null; };

export type FindOrderVariables = { readonly number: string; };

export const findOrderDocument =
  findOrderText as Document<FindOrderResult, FindOrderVariables>;

export type OrderDiffResult = { readonly orderDiff: readonly ({ readonly path: string; readonly before: unknown | null; readonly after: unknown | null; })[] | null; };

export type OrderDiffVariables = { readonly id: string; readonly from: number; readonly to: number; };

export const orderDiffDocument =
  orderDiffText as Document<OrderDiffResult, OrderDiffVariables>;

export type OneOrderFeedResult = { readonly orderFeed: { readonly __typename: "CaughtUp"; readonly cursor: string; } | { readonly __typename: "OrderEvent"; readonly cursor: string; readonly event: { readonly at: string; readonly version: number; }; readonly order: { readonly id: string; }; } | { readonly __typename: "Reset"; readonly cursor: string; readonly reason: ResetReason; }; };

export type OneOrderFeedVariables = { readonly after?: string | null | undefined; readonly filter?: OrderWhere | null | undefined; };

export const oneOrderFeedDocument =
  oneOrderFeedText as Document<OneOrderFeedResult, OneOrderFeedVariables>;

export type OrderHistoryResult = { readonly orderHistory: { readonly nodes: readonly ({ readonly version: number; readonly at: string; readonly command: string; readonly commandId: string; readonly correlationId: string; readonly causationId: string | null; readonly by: { readonly subject: string; readonly scope: string; } | null; readonly event: { readonly id: string; readonly type: string; readonly data: unknown; } | null; readonly refusal: { readonly code: string; readonly message: string; } | null; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null; }; } | null; };

export type OrderHistoryVariables = { readonly id: string; readonly last?: number | null | undefined; readonly first?: number | null | undefined; readonly before?: string | null | undefined; readonly after?: string | null | undefined; readonly afterVersion?: number | null | undefined; };

export const orderHistoryDocument =
  orderHistoryText as Document<OrderHistoryResult, OrderHistoryVariables>;

export type OrderPairResult = { readonly before: { readonly status: OrderStatus; readonly updatedAt: string; readonly total: { readonly decimal: string; readonly currency: string; }; readonly money: { readonly due: { readonly decimal: string; readonly currency: string; }; readonly captured: { readonly decimal: string; readonly currency: string; }; readonly refunded: { readonly decimal: string; readonly currency: string; }; }; } | null; readonly after: { readonly status: OrderStatus; readonly updatedAt: string; readonly total: { readonly decimal: string; readonly currency: string; }; readonly money: { readonly due: { readonly decimal: string; readonly currency: string; }; readonly captured: { readonly decimal: string; readonly currency: string; }; readonly refunded: { readonly decimal: string; readonly currency: string; }; }; } | null; };

export type OrderPairVariables = { readonly id: string; readonly from: number; readonly to: number; };

export const orderPairDocument =
  orderPairText as Document<OrderPairResult, OrderPairVariables>;

export type OrderResult = { readonly order: { readonly id: string; readonly number: string; readonly version: number; readonly status: OrderStatus; readonly customerId: string; readonly currency: string; readonly createdAt: string; readonly updatedAt: string; readonly expiresAt: string | null; readonly holdReason: string | null; readonly isSettled: boolean; readonly state: unknown; readonly total: { readonly decimal: string; readonly currency: string; readonly fractionDigits: number; }; readonly costs: { readonly subtotal: { readonly decimal: string; readonly currency: string; }; readonly discount: { readonly decimal: string; readonly currency: string; }; readonly taxes: readonly ({ readonly name: string; readonly isInclusive: boolean; readonly amount: { readonly decimal: string; readonly currency: string; }; })[]; }; readonly money: { readonly authorised: { readonly decimal: string; readonly currency: string; }; readonly voided: { readonly decimal: string; readonly currency: string; }; readonly captured: { readonly decimal: string; readonly currency: string; }; readonly due: { readonly decimal: string; readonly currency: string; }; readonly refundPending: { readonly decimal: string; readonly currency: string; }; readonly refunded: { readonly decimal: string; readonly currency: string; }; readonly owed: { readonly decimal: string; readonly currency: string; }; readonly refundable: { readonly decimal: string; readonly currency: string; }; readonly cancelled: { readonly decimal: string; readonly currency: string; }; }; readonly contact: { readonly name: string; readonly email: string; readonly reading: PersonalReading; } | null; readonly shippingAddress: { readonly line1: string; readonly line2: string | null; readonly city: string; readonly postalCode: string | null; readonly country: string; readonly reading: PersonalReading; } | null; readonly rejection: { readonly code: string; readonly sku: string | null; readonly requested: number | null; readonly available: number | null; } | null; readonly cancellation: { readonly reason: CancelReason; readonly note: string | null; } | null; readonly payment: { readonly attemptCount: number; readonly attemptsMax: number; readonly attempt: { readonly isAuthorised: boolean; readonly failure: string | null; readonly method: { readonly kind: PaymentMethodKind; readonly label: string | null; }; } | null; }; readonly lines: readonly ({ readonly id: string; readonly productId: string; readonly sku: string; readonly name: string; readonly ordered: number; readonly reserved: number; readonly shipped: number; readonly delivered: number; readonly cancelled: number; readonly returned: number; readonly stock: LineStock; readonly unitPrice: { readonly decimal: string; readonly currency: string; }; readonly total: { readonly decimal: string; readonly currency: string; }; })[]; readonly shipments: readonly ({ readonly id: string; readonly shippedAt: string; readonly tracking: { readonly carrier: string; readonly number: string | null; } | null; readonly lines: readonly ({ readonly lineId: string; readonly quantity: number; })[]; })[]; readonly returns: readonly ({ readonly id: string; readonly status: ReturnStatus; readonly reason: string; readonly lines: readonly ({ readonly lineId: string; readonly quantity: number; readonly received: number; })[]; })[]; readonly refunds: readonly ({ readonly id: string; readonly status: RefundStatus; readonly reason: string; readonly amount: { readonly decimal: string; readonly currency: string; }; })[]; readonly allowedCommands: readonly ({ readonly command: string; readonly allowed: boolean; readonly reason: { readonly code: string; readonly message: string; } | null; })[]; } | null; };

export type OrderVariables = { readonly id: string; readonly atVersion?: number | null | undefined; readonly atLeastVersion?: number | null | undefined; };

export const orderDocument =
  orderText as Document<OrderResult, OrderVariables>;

export type FoundOrdersResult = { readonly searchOrders: { readonly totalCount: number; readonly nodes: readonly ({ readonly id: string; readonly number: string; readonly status: OrderStatus; readonly customerId: string; readonly createdAt: string; readonly updatedAt: string; readonly holdReason: string | null; readonly total: { readonly decimal: string; readonly currency: string; }; readonly lines: readonly ({ readonly sku: string; readonly name: string; readonly ordered: number; })[]; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null; }; }; };

export type FoundOrdersVariables = { readonly text: string; readonly where?: OrderWhere | null | undefined; readonly first?: number | null | undefined; readonly last?: number | null | undefined; readonly after?: string | null | undefined; readonly before?: string | null | undefined; };

export const foundOrdersDocument =
  foundOrdersText as Document<FoundOrdersResult, FoundOrdersVariables>;

export type OrdersFeedResult = { readonly orderFeed: { readonly __typename: "CaughtUp"; readonly cursor: string; } | { readonly __typename: "OrderEvent"; readonly cursor: string; readonly event: { readonly at: string; }; } | { readonly __typename: "Reset"; readonly cursor: string; readonly reason: ResetReason; }; };

export type OrdersFeedVariables = { readonly after?: string | null | undefined; readonly filter?: OrderWhere | null | undefined; };

export const ordersFeedDocument =
  ordersFeedText as Document<OrdersFeedResult, OrdersFeedVariables>;

export type OrdersResult = { readonly orders: { readonly totalCount: number; readonly nodes: readonly ({ readonly id: string; readonly number: string; readonly status: OrderStatus; readonly customerId: string; readonly createdAt: string; readonly updatedAt: string; readonly holdReason: string | null; readonly total: { readonly decimal: string; readonly currency: string; }; readonly lines: readonly ({ readonly sku: string; readonly name: string; readonly ordered: number; })[]; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null; }; }; };

export type OrdersVariables = { readonly where?: OrderWhere | null | undefined; readonly orderBy?: OrderOrder | null | undefined; readonly first?: number | null | undefined; readonly last?: number | null | undefined; readonly after?: string | null | undefined; readonly before?: string | null | undefined; };

export const ordersDocument =
  ordersText as Document<OrdersResult, OrdersVariables>;

export type ProductDiffResult = { readonly productDiff: readonly ({ readonly path: string; readonly before: unknown | null; readonly after: unknown | null; })[] | null; };

export type ProductDiffVariables = { readonly id: string; readonly from: number; readonly to: number; };

export const productDiffDocument =
  productDiffText as Document<ProductDiffResult, ProductDiffVariables>;

export type OneProductFeedResult = { readonly productFeed: { readonly __typename: "CaughtUp"; readonly cursor: string; } | { readonly __typename: "ProductEvent"; readonly cursor: string; readonly event: { readonly at: string; readonly version: number; }; readonly productId: string; } | { readonly __typename: "Reset"; readonly cursor: string; readonly reason: ResetReason; }; };

export type OneProductFeedVariables = { readonly after?: string | null | undefined; readonly filter?: ProductWhere | null | undefined; };

export const oneProductFeedDocument =
  oneProductFeedText as Document<OneProductFeedResult, OneProductFeedVariables>;

export type ProductHistoryResult = { readonly productHistory: { readonly nodes: readonly ({ readonly version: number; readonly at: string; readonly command: string; readonly commandId: string; readonly correlationId: string; readonly causationId: string | null; readonly by: { readonly subject: string; readonly scope: string; } | null; readonly event: { readonly id: string; readonly type: string; readonly data: unknown; } | null; readonly refusal: { readonly code: string; readonly message: string; } | null; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null; }; } | null; };

export type ProductHistoryVariables = { readonly id: string; readonly last?: number | null | undefined; readonly first?: number | null | undefined; readonly before?: string | null | undefined; readonly after?: string | null | undefined; readonly afterVersion?: number | null | undefined; };

export const productHistoryDocument =
  productHistoryText as Document<ProductHistoryResult, ProductHistoryVariables>;

export type ProductResult = { readonly product: { readonly id: string; readonly sku: string; readonly name: string; readonly description: string; readonly category: string; readonly version: number; readonly status: ProductStatus; readonly createdAt: string; readonly updatedAt: string; readonly state: unknown; readonly price: { readonly decimal: string; readonly currency: string; readonly fractionDigits: number; }; readonly scheduledPrice: { readonly effectiveAt: string; readonly price: { readonly decimal: string; readonly currency: string; }; } | null; readonly stock: { readonly onHand: number; readonly reserved: number; readonly committed: number; readonly damaged: number; readonly safety: number; readonly available: number; readonly sellable: number; readonly policy: StockPolicyKind; readonly backorderLimit: number; readonly reservationCount: number; readonly reservations: readonly ({ readonly orderId: string; readonly lineId: string; readonly quantity: number; readonly isCommitted: boolean; })[] | null; }; readonly allowedCommands: readonly ({ readonly command: string; readonly allowed: boolean; readonly reason: { readonly code: string; readonly message: string; } | null; })[]; } | null; };

export type ProductVariables = { readonly id: string; readonly atVersion?: number | null | undefined; readonly atLeastVersion?: number | null | undefined; };

export const productDocument =
  productText as Document<ProductResult, ProductVariables>;

export type CategoriesResult = { readonly categories: readonly ({ readonly name: string; readonly productCount: number; })[]; };

export type CategoriesVariables = {  };

export const categoriesDocument =
  categoriesText as Document<CategoriesResult, CategoriesVariables>;

export type FoundProductsResult = { readonly searchProducts: { readonly totalCount: number; readonly nodes: readonly ({ readonly id: string; readonly sku: string; readonly name: string; readonly category: string; readonly status: ProductStatus; readonly updatedAt: string; readonly price: { readonly decimal: string; readonly currency: string; }; readonly stock: { readonly onHand: number; readonly available: number; readonly reserved: number; readonly committed: number; }; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null; }; }; };

export type FoundProductsVariables = { readonly text: string; readonly where?: ProductWhere | null | undefined; readonly first?: number | null | undefined; readonly last?: number | null | undefined; readonly after?: string | null | undefined; readonly before?: string | null | undefined; };

export const foundProductsDocument =
  foundProductsText as Document<FoundProductsResult, FoundProductsVariables>;

export type ProductsFeedResult = { readonly productFeed: { readonly __typename: "CaughtUp"; readonly cursor: string; } | { readonly __typename: "ProductEvent"; readonly cursor: string; readonly event: { readonly at: string; }; } | { readonly __typename: "Reset"; readonly cursor: string; readonly reason: ResetReason; }; };

export type ProductsFeedVariables = { readonly after?: string | null | undefined; readonly filter?: ProductWhere | null | undefined; };

export const productsFeedDocument =
  productsFeedText as Document<ProductsFeedResult, ProductsFeedVariables>;

export type ProductsResult = { readonly products: { readonly totalCount: number; readonly nodes: readonly ({ readonly id: string; readonly sku: string; readonly name: string; readonly category: string; readonly status: ProductStatus; readonly updatedAt: string; readonly price: { readonly decimal: string; readonly currency: string; }; readonly stock: { readonly onHand: number; readonly available: number; readonly reserved: number; readonly committed: number; }; })[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null; }; }; };

export type ProductsVariables = { readonly where?: ProductWhere | null | undefined; readonly orderBy?: ProductOrder | null | undefined; readonly first?: number | null | undefined; readonly last?: number | null | undefined; readonly after?: string | null | undefined; readonly before?: string | null | undefined; };

export const productsDocument =
  productsText as Document<ProductsResult, ProductsVariables>;

export type FiguresFeedResult = { readonly statisticsFeed: { readonly count: number; readonly byStatus: readonly ({ readonly sums: readonly ({ readonly total: { readonly currency: string; }; })[]; })[]; }; };

export type FiguresFeedVariables = {  };

export const figuresFeedDocument =
  figuresFeedText as Document<FiguresFeedResult, FiguresFeedVariables>;

export type OrderStatisticsResult = { readonly orderStatistics: { readonly count: number; readonly sums: readonly ({ readonly count: number; readonly total: { readonly decimal: string; readonly currency: string; }; readonly average: { readonly decimal: string; readonly currency: string; }; })[]; readonly byStatus: readonly ({ readonly status: OrderStatus; readonly count: number; readonly sums: readonly ({ readonly total: { readonly decimal: string; readonly currency: string; }; })[]; })[]; readonly byDay: readonly ({ readonly day: string; readonly count: number; readonly sums: readonly ({ readonly total: { readonly decimal: string; readonly currency: string; }; })[]; })[]; readonly timeInStatus: readonly ({ readonly status: OrderStatus; readonly count: number; readonly averageMs: number; })[]; }; };

export type OrderStatisticsVariables = { readonly from: string; readonly through: string; };

export const orderStatisticsDocument =
  orderStatisticsText as Document<OrderStatisticsResult, OrderStatisticsVariables>;

export type RevenueResult = { readonly revenueReport: { readonly currency: string; readonly total: { readonly gross: { readonly minor: number; readonly decimal: string; readonly currency: string; }; readonly refunds: { readonly minor: number; readonly decimal: string; readonly currency: string; }; readonly net: { readonly minor: number; readonly decimal: string; readonly currency: string; }; }; readonly periods: readonly ({ readonly start: string; readonly gross: { readonly minor: number; readonly decimal: string; readonly currency: string; }; readonly refunds: { readonly minor: number; readonly decimal: string; readonly currency: string; }; readonly net: { readonly minor: number; readonly decimal: string; readonly currency: string; }; })[]; readonly byProduct: readonly ({ readonly sku: string; readonly gross: { readonly minor: number; readonly decimal: string; readonly currency: string; }; readonly refunds: { readonly minor: number; readonly decimal: string; readonly currency: string; }; readonly net: { readonly minor: number; readonly decimal: string; readonly currency: string; }; })[]; readonly byCategory: readonly ({ readonly category: string; readonly gross: { readonly minor: number; readonly decimal: string; readonly currency: string; }; readonly refunds: { readonly minor: number; readonly decimal: string; readonly currency: string; }; readonly net: { readonly minor: number; readonly decimal: string; readonly currency: string; }; })[]; }; };

export type RevenueVariables = { readonly currency: string; readonly from: string; readonly before: string; readonly granularity: RevenueGranularity; readonly timeZone: string; };

export const revenueDocument =
  revenueText as Document<RevenueResult, RevenueVariables>;

export type DeadLettersResult = { readonly deadLetters: readonly ({ readonly projection: string; readonly entityId: string; readonly version: number; readonly code: string; readonly message: string; readonly parkedAt: string; })[]; };

export type DeadLettersVariables = {  };

export const deadLettersDocument =
  deadLettersText as Document<DeadLettersResult, DeadLettersVariables>;

export type RetryDeadLetterResult = { readonly retryDeadLetter: { readonly flows: boolean; readonly deadLetter: { readonly version: number; readonly code: string; readonly message: string; } | null; }; };

export type RetryDeadLetterVariables = { readonly input: DeadLetterInput; };

export const retryDeadLetterDocument =
  retryDeadLetterText as Document<RetryDeadLetterResult, RetryDeadLetterVariables>;

export type SkipDeadLetterResult = { readonly skipDeadLetter: { readonly flows: boolean; readonly deadLetter: { readonly version: number; readonly code: string; readonly message: string; } | null; }; };

export type SkipDeadLetterVariables = { readonly input: DeadLetterInput; };

export const skipDeadLetterDocument =
  skipDeadLetterText as Document<SkipDeadLetterResult, SkipDeadLetterVariables>;

export type SystemFeedResult = { readonly systemFeed: { readonly at: string; readonly isReady: boolean; readonly mongodb: boolean; readonly jetstream: boolean; readonly deadLetterCount: number; readonly eventsPerSecond: number; readonly commandsPerSecond: number; readonly sockets: number; readonly subscriptions: number; readonly projectors: readonly ({ readonly name: string; readonly lagMs: number; readonly isCaughtUp: boolean; readonly parkedEntities: number; readonly failure: string | null; })[]; readonly relay: { readonly state: string; readonly lagMs: number | null; readonly published: number; readonly lastSequence: number; }; readonly reactor: { readonly isActive: boolean; readonly isCaughtUp: boolean; readonly open: number; readonly bugs: number; }; readonly timers: { readonly isActive: boolean; readonly fired: number; }; readonly versions: { readonly statecart: string; readonly node: string; readonly mongodb: string | null; readonly nats: string | null; readonly machines: string; }; }; };

export type SystemFeedVariables = {  };

export const systemFeedDocument =
  systemFeedText as Document<SystemFeedResult, SystemFeedVariables>;

export type SystemResult = { readonly system: { readonly at: string; readonly isReady: boolean; readonly mongodb: boolean; readonly jetstream: boolean; readonly deadLetterCount: number; readonly eventsPerSecond: number; readonly commandsPerSecond: number; readonly sockets: number; readonly subscriptions: number; readonly projectors: readonly ({ readonly name: string; readonly lagMs: number; readonly isCaughtUp: boolean; readonly parkedEntities: number; readonly failure: string | null; })[]; readonly relay: { readonly state: string; readonly lagMs: number | null; readonly published: number; readonly lastSequence: number; }; readonly reactor: { readonly isActive: boolean; readonly isCaughtUp: boolean; readonly open: number; readonly bugs: number; }; readonly timers: { readonly isActive: boolean; readonly fired: number; }; readonly versions: { readonly statecart: string; readonly node: string; readonly mongodb: string | null; readonly nats: string | null; readonly machines: string; }; }; };

export type SystemVariables = {  };

export const systemDocument =
  systemText as Document<SystemResult, SystemVariables>;
