import { sku as skuSchema } from "../../machines/index.ts";
import type { ProductWhere } from "../../projections/index.ts";
import type { Viewer } from "../context.ts";
import { GatewayError } from "../errors.ts";
import { builder } from "./builder.ts";
import { pageInfoType, sortDirection } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { given } from "./given.ts";
import { productStatusType, productType } from "./product.ts";
import type { ProductView } from "./product.ts";

const SKUS_MAX = 100;

type Edge = Connection<ProductView>["rows"][number];

const edgeType = builder.objectRef<Edge>("ProductEdge").implement({
  fields: (t) => ({
    cursor: t.field({ type: "Cursor", resolve: ({ cursor }) => cursor }),
    node: t.field({ type: productType, resolve: ({ view }) => view }),
  }),
});

export const productConnectionType = builder
  .objectRef<Connection<ProductView>>("ProductConnection")
  .implement({
    description: "A page of products.",
    fields: (t) => ({
      edges: t.field({ type: [edgeType], resolve: ({ rows }) => rows }),
      nodes: t.field({ type: [productType], resolve: ({ rows }) => rows.map(({ view }) => view) }),
      pageInfo: t.field({ type: pageInfoType, resolve: (connection) => connection }),
      totalCount: t.int({
        description: "How many there are on all pages; costs a query of its own.",
        resolve: (connection) => connection.count(),
      }),
    }),
  });

const priceRangeType = builder.inputType("PriceRange", {
  description: "Inclusive bounds in minor units of one currency.",
  fields: (t) => ({
    currency: t.string({ required: true }),
    min: t.field({ type: "SafeInt" }),
    max: t.field({ type: "SafeInt" }),
  }),
});

export const productWhereType = builder.inputType("ProductWhere", {
  description: "Every condition that is given must hold.",
  fields: (t) => ({
    status: t.field({ type: [productStatusType] }),
    category: t.string(),
    skus: t.stringList(),
    price: t.field({ type: priceRangeType }),
    isAvailable: t.boolean({ description: "Whether at least one unit may still be sold." }),
  }),
});

export const productOrderType = builder.inputType("ProductOrder", {
  fields: (t) => ({
    field: t.field({
      type: builder.enumType("ProductOrderField", {
        values: ["CREATED_AT", "UPDATED_AT", "NAME", "PRICE"] as const,
      }),
      required: true,
    }),
    direction: t.field({ type: sortDirection, required: true }),
  }),
});

/** What was asked for, within what the viewer may see: for a customer, what is on sale. */
export function visibleProducts(
  where: typeof productWhereType.$inferInput | null | undefined,
  { scope }: Viewer,
): ProductWhere {
  const { skus, price, status, ...rest } = given(where ?? {});
  const onSale = (["ACTIVE"] as const).filter((active) => status?.includes(active) ?? true);
  const visible = scope === "customer" ? onSale : status;
  return {
    ...rest,
    ...given({ status: visible, skus: skus === undefined ? null : normalSkus(skus) }),
    ...(price === undefined ? {} : { price: { currency: price.currency, ...given(price) } }),
  };
}

/** A SKU as it is stored. Throws `BAD_USER_INPUT` for what can be no SKU. */
export function normalSku(typed: string): string {
  const parsed = skuSchema.safeParse(typed);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues[0]?.message ?? "is not valid";
  throw new GatewayError("BAD_USER_INPUT", `A SKU ${reason}.`);
}

function normalSkus(typed: readonly string[]): string[] {
  if (typed.length <= SKUS_MAX) return typed.map(normalSku);
  throw new GatewayError("BAD_USER_INPUT", `At most ${String(SKUS_MAX)} SKUs can be asked for.`);
}
