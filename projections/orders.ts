import type { Document } from "mongodb";
import {
  orderStatus,
  orderTotal,
  type EntityState,
  type OrderContext,
  type OrderStatus,
} from "../machines/index.ts";
import type { Projection } from "./document.ts";
import { ORDER_DAYS } from "./day-marks.ts";
import { revenueFacts, stayFacts } from "./order-facts.ts";
import type { SortField } from "./keyset.ts";
import type { PersonalSearch } from "./personal-search.ts";
import { searchTokens } from "./search-words.ts";
import type { EntityView } from "./view.ts";

/** Which orders: every condition that is given must hold. Times are ISO 8601. */
export interface OrderWhere {
  readonly status?: readonly OrderStatus[];
  readonly customerId?: string;
  readonly createdFrom?: string;
  /** Exclusive. */
  readonly createdBefore?: string;
}

/** What lists of orders are ordered by. Totals compare as minor units, whatever the currency. */
export const orderSorts = {
  CREATED_AT: { path: "createdAt", kind: "date" },
  UPDATED_AT: { path: "updatedAt", kind: "date" },
  TOTAL: { path: "index.totalMinor", kind: "number" },
} as const satisfies Record<string, SortField>;

/** Keeps what is personal apart from plain words. */
export const PERSONAL_PREFIX = "~";

/** The read collection of orders, and the facts and days of which the reports are made. */
export const ordersProjection: Projection = {
  name: "orders",
  codeVersion: 2,
  aggregate: "order",
  indexFields(view) {
    const state = view.state as EntityState<OrderContext>;
    const total = orderTotal(state.context);
    return {
      orderNumber: state.context.orderNumber,
      customerId: state.context.customerId,
      status: orderStatus(state),
      currency: total.currency,
      totalMinor: total.minor,
      tokens: plainTokens(state.context),
    };
  },
  facts: [revenueFacts, stayFacts],
  days: ORDER_DAYS,
  // What follows `_id` is there to be looked at without the row: by the figures of a day, and by
  // lists of a period that are ordered by something else.
  indexes: [
    { createdAt: 1, _id: 1, "index.status": 1, "index.currency": 1, "index.totalMinor": 1 },
    { updatedAt: 1, _id: 1, createdAt: 1 },
    { "index.totalMinor": 1, _id: 1, createdAt: 1 },
    { "index.customerId": 1, createdAt: 1, _id: 1, "index.status": 1 },
    { "index.customerId": 1, updatedAt: 1, _id: 1, createdAt: 1, "index.status": 1 },
    { "index.customerId": 1, "index.totalMinor": 1, _id: 1, createdAt: 1, "index.status": 1 },
    { "index.status": 1, createdAt: 1, _id: 1 },
    { "index.status": 1, updatedAt: 1, _id: 1, createdAt: 1 },
    { "index.status": 1, "index.totalMinor": 1, _id: 1, createdAt: 1 },
    { "index.tokens": 1, createdAt: 1, _id: 1 },
  ],
};

function plainTokens({ orderNumber, lines, leaving, shipments }: OrderContext): readonly string[] {
  const goods = [...lines, ...leaving].flatMap(({ sku, name }) => [sku, name]);
  const parcels = shipments.flatMap(({ tracking }) => tracking?.number ?? []);
  return searchTokens([orderNumber, ...parcels, ...goods]);
}

/** The same with orders found by what is personal as well. */
export function ordersFoundBy(personal: PersonalSearch): Projection {
  return {
    ...ordersProjection,
    async openedFields(view) {
      const { context } = view.state as EntityState<OrderContext>;
      const tokens = (await personal.tokensOf(context)).map((token) => PERSONAL_PREFIX + token);
      return { tokens: [...plainTokens(context), ...tokens].sort() };
    },
  };
}

/** The index that gives a list its order. */
export function orderIndex(where: OrderWhere, { path }: SortField): Document | undefined {
  const status = where.status === undefined ? path : "index.status";
  const first = where.customerId === undefined ? status : "index.customerId";
  return ordersProjection.indexes.find((index) => {
    const [start, next] = Object.keys(index);
    return start === first && (first === path || next === path);
  });
}

/** The condition as a filter of MongoDB. */
export function orderFilter(where: OrderWhere): Document {
  const filter: Document = {};
  if (where.status !== undefined) filter["index.status"] = { $in: [...where.status] };
  if (where.customerId !== undefined) filter["index.customerId"] = { $eq: where.customerId };
  const created: Document = {};
  if (where.createdFrom !== undefined) created["$gte"] = new Date(where.createdFrom);
  if (where.createdBefore !== undefined) created["$lt"] = new Date(where.createdBefore);
  if (Object.keys(created).length > 0) filter["createdAt"] = created;
  return filter;
}

/** The same condition as a predicate, for feeds: equal to the filter on every view. */
export function orderMatches(where: OrderWhere): (view: EntityView) => boolean {
  const from = where.createdFrom === undefined ? -Infinity : Date.parse(where.createdFrom);
  const before = where.createdBefore === undefined ? Infinity : Date.parse(where.createdBefore);
  return (view) => {
    const state = view.state as EntityState<OrderContext>;
    const createdAt = Date.parse(view.createdAt);
    return (
      (where.status?.includes(orderStatus(state)) ?? true) &&
      (where.customerId ?? state.context.customerId) === state.context.customerId &&
      createdAt >= from &&
      createdAt < before
    );
  };
}
