import { UUID, type Document } from "mongodb";
import {
  productAvailable,
  productIdOf,
  productStatus,
  type EntityState,
  type ProductContext,
  type ProductStatus,
} from "../machines/index.ts";
import type { Projection } from "./document.ts";
import type { SortField } from "./keyset.ts";
import { searchTokens } from "./search-words.ts";
import type { EntityView } from "./view.ts";

/** Which products: every condition that is given must hold. */
export interface ProductWhere {
  readonly status?: readonly ProductStatus[];
  readonly category?: string;
  /** In their normal form. */
  readonly skus?: readonly string[];
  /** Bounds are inclusive, in minor units of the currency. */
  readonly price?: { readonly currency: string; readonly min?: number; readonly max?: number };
  /** True: at least one unit may be sold; false: none. */
  readonly isAvailable?: boolean;
}

/** What lists of products are ordered by. Prices compare as minor units, whatever the currency. */
export const productSorts = {
  CREATED_AT: { path: "createdAt", kind: "date" },
  UPDATED_AT: { path: "updatedAt", kind: "date" },
  NAME: { path: "index.name", kind: "text" },
  PRICE: { path: "index.priceMinor", kind: "number" },
} as const satisfies Record<string, SortField>;

/** The read collection of products. A SKU needs no index: the id derives from it. */
export const productsProjection: Projection = {
  name: "products",
  codeVersion: 2,
  aggregate: "product",
  indexFields(view) {
    const state = view.state as EntityState<ProductContext>;
    const { context } = state;
    return {
      sku: context.sku,
      name: context.name.toLowerCase(),
      category: context.category,
      status: productStatus(state),
      currency: context.price.currency,
      priceMinor: context.price.minor,
      available: productAvailable(context),
      tokens: searchTokens([context.sku, context.name, context.description]),
    };
  },
  indexes: [
    { createdAt: 1, _id: 1 },
    { updatedAt: 1, _id: 1 },
    { "index.name": 1, _id: 1 },
    { "index.priceMinor": 1, _id: 1 },
    // With the status, so that categories are counted from the index alone.
    { "index.category": 1, "index.name": 1, _id: 1, "index.status": 1 },
    { "index.category": 1, "index.priceMinor": 1, _id: 1 },
    { "index.category": 1, createdAt: 1, _id: 1 },
    { "index.category": 1, updatedAt: 1, _id: 1 },
    { "index.status": 1, "index.name": 1, _id: 1 },
    { "index.status": 1, "index.priceMinor": 1, _id: 1 },
    { "index.status": 1, createdAt: 1, _id: 1 },
    { "index.status": 1, updatedAt: 1, _id: 1 },
    { "index.status": 1, "index.available": 1, _id: 1 },
    { "index.tokens": 1, "index.name": 1, _id: 1 },
  ],
};

/** The index that gives a list its order; none where so few rows are left that any will do. */
export function productIndex(where: ProductWhere, { path }: SortField): Document | undefined {
  if (where.skus !== undefined) return undefined;
  const status = where.status === undefined ? path : "index.status";
  const first = where.category === undefined ? status : "index.category";
  return productsProjection.indexes.find((index) => {
    const [start, next] = Object.keys(index);
    return start === first && (first === path || next === path);
  });
}

/** The condition as a filter of MongoDB. */
export function productFilter(where: ProductWhere): Document {
  const filter: Document = {};
  const { status, category, skus, price, isAvailable } = where;
  if (status !== undefined) filter["index.status"] = { $in: [...status] };
  if (category !== undefined) filter["index.category"] = { $eq: category };
  if (skus !== undefined) filter["_id"] = { $in: skus.map((sku) => new UUID(productIdOf(sku))) };
  if (price !== undefined) {
    filter["index.currency"] = { $eq: price.currency };
    const range: Document = { $gte: price.min ?? 0 };
    if (price.max !== undefined) range["$lte"] = price.max;
    filter["index.priceMinor"] = range;
  }
  if (isAvailable !== undefined) filter["index.available"] = isAvailable ? { $gt: 0 } : { $lte: 0 };
  return filter;
}

/** The same condition as a predicate, for feeds: equal to the filter on every view. */
export function productMatches(where: ProductWhere): (view: EntityView) => boolean {
  const { status, category, skus, price, isAvailable } = where;
  return (view) => {
    const state = view.state as EntityState<ProductContext>;
    const { context } = state;
    return (
      (status?.includes(productStatus(state)) ?? true) &&
      (category ?? context.category) === context.category &&
      (skus?.includes(context.sku) ?? true) &&
      (price?.currency ?? context.price.currency) === context.price.currency &&
      context.price.minor >= (price?.min ?? 0) &&
      context.price.minor <= (price?.max ?? Infinity) &&
      (isAvailable ?? productAvailable(context) > 0) === productAvailable(context) > 0
    );
  };
}
