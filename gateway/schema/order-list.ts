import type { OrderWhere } from "../../projections/index.ts";
import type { Viewer } from "../context.ts";
import { builder } from "./builder.ts";
import { pageInfoType, sortDirection } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { given } from "./given.ts";
import { orderStatusType } from "./order-enums.ts";
import { orderType } from "./order.ts";
import type { OrderView } from "./order.ts";

type Edge = Connection<OrderView>["rows"][number];

const edgeType = builder.objectRef<Edge>("OrderEdge").implement({
  fields: (t) => ({
    cursor: t.field({ type: "Cursor", resolve: ({ cursor }) => cursor }),
    node: t.field({ type: orderType, resolve: ({ view }) => view }),
  }),
});

export const orderConnectionType = builder
  .objectRef<Connection<OrderView>>("OrderConnection")
  .implement({
    description: "A page of orders.",
    fields: (t) => ({
      edges: t.field({ type: [edgeType], resolve: ({ rows }) => rows }),
      nodes: t.field({ type: [orderType], resolve: ({ rows }) => rows.map(({ view }) => view) }),
      pageInfo: t.field({ type: pageInfoType, resolve: (connection) => connection }),
      totalCount: t.int({
        description: "How many there are on all pages; costs a query of its own.",
        resolve: (connection) => connection.count(),
      }),
    }),
  });

export const orderWhereType = builder.inputType("OrderWhere", {
  description: "Every condition that is given must hold.",
  fields: (t) => ({
    status: t.field({ type: [orderStatusType] }),
    customerId: t.string(),
    createdFrom: t.field({ type: "DateTime" }),
    createdBefore: t.field({ type: "DateTime", description: "Exclusive." }),
  }),
});

export const orderOrderType = builder.inputType("OrderOrder", {
  fields: (t) => ({
    field: t.field({
      type: builder.enumType("OrderOrderField", {
        values: ["CREATED_AT", "UPDATED_AT", "TOTAL"] as const,
      }),
      required: true,
    }),
    direction: t.field({ type: sortDirection, required: true }),
  }),
});

/** What was asked for, within what the viewer may see: a customer's own orders. */
export function visibleOrders(
  where: typeof orderWhereType.$inferInput | null | undefined,
  { customerId }: Viewer,
): OrderWhere {
  const asked = given(where ?? {});
  if (customerId === null) return asked;
  const isForeign = (asked.customerId ?? customerId) !== customerId;
  return { ...asked, customerId, ...(isForeign ? { status: [] } : {}) };
}
