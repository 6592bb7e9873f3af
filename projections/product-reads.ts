import type { Document } from "mongodb";
import type { ProductContext } from "../machines/index.ts";
import { countRows } from "./count-rows.ts";
import type { PageRequest, SortField } from "./keyset.ts";
import {
  productFilter,
  productIndex,
  productSorts,
  productsProjection,
  type ProductWhere,
} from "./products.ts";
import { createReads, type ListRequest, type Page, type ReadModel } from "./read-model.ts";
import { QUERY_TIME_MAX_MS, reading } from "./reading.ts";
import { countFound, pageOf, searchFilter, type SearchRequest } from "./search.ts";
import { askedWords } from "./search-words.ts";
import type { ViewTable } from "./view-table.ts";

export type ProductListRequest = ListRequest<ProductWhere, keyof typeof productSorts>;

/** Products that can be ordered and have at most so many units left. */
export interface LowStockRequest extends PageRequest {
  readonly atMost: number;
}

export interface Category {
  readonly category: string;
  readonly count: number;
}

/** Names of categories that are told at once. */
const CATEGORIES_MAX = 1_000;

/**
 * Reads of products. Lists throw `CURSOR_INVALID`, `PAGE_SIZE_INVALID` or `QUERY_TIMEOUT`, searches
 * `SEARCH_INVALID` too.
 */
export interface ProductReadModel extends ReadModel<ProductContext> {
  list(request: ProductListRequest): Promise<Page<ProductContext>>;
  count(where: ProductWhere): Promise<number>;
  /** Products with all the words, or words that begin so, in name, SKU and description; by name. */
  search(request: SearchRequest<ProductWhere>): Promise<Page<ProductContext>>;
  /** How many a search finds, ten thousand at most. */
  countFound(request: SearchRequest<ProductWhere>): Promise<number>;
  /** Fewest units first; below zero more is promised than there is. */
  lowStock(request: LowStockRequest): Promise<Page<ProductContext>>;
  countLowStock(atMost: number): Promise<number>;
  /** Categories by name with how many products each has, the first thousand. */
  categories(where: Pick<ProductWhere, "status">): Promise<readonly Category[]>;
}

const byName = { name: "search of products", field: productSorts.NAME, direction: "ASC" } as const;
const availability: SortField = { path: "index.available", kind: "number" };
const byAvailability = { name: "low stock", field: availability, direction: "ASC" } as const;

/** Queries over the read collection of products. */
export function createProductReadModel(table: ViewTable): ProductReadModel {
  const reads = createReads<ProductContext>(table);
  const found = ({ text, where = {} }: SearchRequest<ProductWhere>): Promise<Document> => {
    const words = askedWords(text).map((word) => [word]);
    return searchFilter(table, words, productFilter(where));
  };
  return {
    ...reads,
    list({ where = {}, orderBy, ...page }) {
      const { field: name, direction } = orderBy ?? { field: "CREATED_AT", direction: "DESC" };
      const field = productSorts[name];
      const hint = productIndex(where, field);
      const sort = { name: `${productsProjection.name} ${name}`, field, direction, hint };
      return reads.page(productFilter(where), sort, page);
    },
    count: (where) =>
      countRows(table, productFilter(where), { index: productIndex(where, productSorts.NAME) }),
    search: async (request) => reads.page(await found(request), byName, pageOf(request)),
    countFound: async (request) => countFound(table, await found(request)),
    lowStock: ({ atMost, ...page }) => reads.page(lowStockFilter(atMost), byAvailability, page),
    countLowStock: (atMost) => countRows(table, lowStockFilter(atMost)),
    async categories(where) {
      const stages = categoriesOf(where);
      const options = { maxTimeMS: QUERY_TIME_MAX_MS };
      return reading(async () =>
        (await table.collection()).aggregate<Category>(stages, options).toArray(),
      );
    },
  };
}

/** What can be ordered, by the index of status and availability. */
function lowStockFilter(atMost: number): Document {
  return { "index.status": { $in: ["ACTIVE", "UNLISTED"] }, "index.available": { $lte: atMost } };
}

/** Answered by the index that starts with the category alone. */
function categoriesOf(where: Pick<ProductWhere, "status">): Document[] {
  const named = { "index.category": { $gte: "" } };
  return [
    { $match: { ...named, ...productFilter(where) } },
    { $group: { _id: "$index.category", count: { $sum: 1 } } },
    { $sort: { _id: 1 } },
    { $limit: CATEGORIES_MAX },
    { $project: { _id: 0, category: "$_id", count: 1 } },
  ];
}
