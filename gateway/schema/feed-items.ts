import { productAggregate } from "../../machines/index.ts";
import type { FeedEvent, FeedItem } from "../../projections/index.ts";
import { callerOf } from "../context.ts";
import { builder } from "./builder.ts";
import { orderType } from "./order.ts";
import type { OrderView } from "./order.ts";
import { productType } from "./product.ts";
import type { ProductView } from "./product.ts";

export type OfKind<Kind extends FeedItem["kind"]> = Extract<FeedItem, { readonly kind: Kind }>;

const changeType = builder.enumType("FeedChange", {
  description: "How an event moved the entity relative to the filter.",
  values: ["ENTERED", "CHANGED", "LEFT"] as const,
});

const resetReasonType = builder.enumType("ResetReason", {
  values: ["CURSOR_EXPIRED", "STREAM_CHANGED", "CURSOR_INVALID"] as const,
});

export const eventType = builder.objectRef<FeedEvent>("EventInfo").implement({
  description: "What happened.",
  fields: (t) => ({
    id: t.exposeString("id"),
    type: t.exposeString("type"),
    version: t.exposeInt("version"),
    at: t.field({ type: "DateTime", resolve: ({ at }) => at }),
    commandId: t.field({ type: "UUID", resolve: ({ commandId }) => commandId }),
    correlationId: t.exposeString("correlationId"),
  }),
});

export const caughtUpType = builder.objectRef<OfKind<"caughtUp">>("CaughtUp").implement({
  description: "Nothing is missing up to this cursor; also sent now and then while all is quiet.",
  fields: (t) => ({ cursor: t.field({ type: "Cursor", resolve: ({ cursor }) => cursor }) }),
});

export const resetType = builder.objectRef<OfKind<"reset">>("Reset").implement({
  description: "The feed cannot go on from where it was: query again, then go on from this cursor.",
  fields: (t) => ({
    cursor: t.field({ type: "Cursor", resolve: ({ cursor }) => cursor }),
    reason: t.field({ type: resetReasonType, resolve: ({ reason }) => reason }),
  }),
});

const orderEventType = builder.objectRef<OfKind<"event">>("OrderEvent").implement({
  description: "Something happened to an order.",
  fields: (t) => ({
    cursor: t.field({ type: "Cursor", resolve: ({ cursor }) => cursor }),
    change: t.field({ type: changeType, resolve: ({ change }) => change }),
    event: t.field({ type: eventType, resolve: ({ event }) => event }),
    order: t.field({
      type: orderType,
      description: "The order right after exactly this event.",
      resolve: ({ view }) => view as OrderView,
    }),
  }),
});

const productEventType = builder.objectRef<OfKind<"event">>("ProductEvent").implement({
  description: "Something happened to a product.",
  fields: (t) => ({
    cursor: t.field({ type: "Cursor", resolve: ({ cursor }) => cursor }),
    change: t.field({ type: changeType, resolve: ({ change }) => change }),
    event: t.field({ type: eventType, resolve: ({ event }) => event }),
    productId: t.field({ type: "UUID", resolve: ({ view }) => view.id }),
    product: t.field({
      type: productType,
      nullable: true,
      description: "The product right after exactly this event; null once you may not see it.",
      resolve: ({ view }, _args, { viewer }) => {
        const product = view as ProductView;
        return productAggregate.isVisibleTo(product.state, callerOf(viewer)) ? product : null;
      },
    }),
  }),
});

export const orderFeedType = builder.unionType("OrderFeedItem", {
  types: [orderEventType, caughtUpType, resetType],
  resolveType: (item) => typeNameOf(item, "OrderEvent"),
});

export const productFeedType = builder.unionType("ProductFeedItem", {
  types: [productEventType, caughtUpType, resetType],
  resolveType: (item) => typeNameOf(item, "ProductEvent"),
});

/** The member of a feed's union that an item is. */
export function typeNameOf({ kind }: FeedItem, eventName: string): string {
  if (kind === "event") return eventName;
  return kind === "caughtUp" ? "CaughtUp" : "Reset";
}
