import type { OrderContext, OrderLine } from "../../machines/index.ts";
import { builder } from "./builder.ts";
import { moneyType } from "./money.ts";
import { costsType, lineCosts } from "./order-costs.ts";

/** A line with the order it is on, which says how discounts and taxes fall on it. */
export interface LineOf {
  readonly line: OrderLine;
  readonly order: OrderContext;
}

const lineStocks = [
  "waiting",
  "requested",
  "reserved",
  "refused",
  "committing",
  "committed",
  "declined",
] as const satisfies readonly OrderLine["stock"][];

const lineStockType = builder.enumType("LineStock", {
  description: "How far the stock of a line is, as its product has told.",
  values: Object.fromEntries(lineStocks.map((value) => [value.toUpperCase(), { value }])) as Record<
    Uppercase<OrderLine["stock"]>,
    { readonly value: OrderLine["stock"] }
  >,
});

const refusalType = builder.objectRef<NonNullable<OrderLine["refusal"]>>("LineRefusal").implement({
  description: "Why the product did not take the line.",
  fields: (t) => ({
    code: t.exposeString("code"),
    requested: t.exposeInt("requested"),
    available: t.exposeInt("available"),
  }),
});

export const lineType = builder.objectRef<LineOf>("OrderLine").implement({
  description: "One product on an order, frozen as it was when it was ordered. Counters are units.",
  fields: (t) => {
    const counter = (key: Counter, description: string) =>
      t.int({ description, resolve: ({ line }) => line[key] });
    return {
      id: t.field({ type: "UUID", resolve: ({ line }) => line.lineId }),
      productId: t.field({ type: "UUID", resolve: ({ line }) => line.productId }),
      sku: t.string({ resolve: ({ line }) => line.sku }),
      name: t.string({ resolve: ({ line }) => line.name }),
      category: t.string({ resolve: ({ line }) => line.category }),
      unitPrice: t.field({ type: moneyType, resolve: ({ line }) => line.unitPrice }),
      costs: t.field({
        type: costsType,
        resolve: ({ line, order }) => lineCosts(order, line.lineId),
      }),
      total: t.field({
        type: moneyType,
        description: "What is paid for it, taxes included.",
        resolve: ({ line, order }) => lineCosts(order, line.lineId).total,
      }),
      stock: t.field({ type: lineStockType, resolve: ({ line }) => line.stock }),
      refusal: t.field({
        type: refusalType,
        nullable: true,
        resolve: ({ line }) => line.refusal,
      }),
      ordered: counter("ordered", "What the customer asked for."),
      reserved: counter("reserved", "Held by the product, those being given back included."),
      backordered: counter("backordered", "Of those, how many were not there yet."),
      releasing: counter("releasing", "Being given back to the product."),
      shipped: counter("shipped", "On their way, or there."),
      delivered: counter("delivered", "Arrived."),
      cancelled: counter("cancelled", "Taken off the order after it was confirmed."),
      returnRequested: counter("returnRequested", "Asked or approved to come back, not here yet."),
      returned: counter("returned", "Come back."),
      refunded: counter("refunded", "Paid back by line."),
    };
  },
});

type Counter =
  | "ordered"
  | "reserved"
  | "backordered"
  | "releasing"
  | "shipped"
  | "delivered"
  | "cancelled"
  | "returnRequested"
  | "returned"
  | "refunded";
