import { UUID, type Document } from "mongodb";
import { orderIdOf, parseOrderNumber, type OrderContext } from "../machines/index.ts";
import { countRows } from "./count-rows.ts";
import type { SortField } from "./keyset.ts";
import {
  countOrders,
  readStatistics,
  type OrderStatistics,
  type StatisticsPeriod,
} from "./order-statistics.ts";
import {
  orderFilter,
  orderIndex,
  orderSorts,
  ordersProjection,
  PERSONAL_PREFIX,
  type OrderWhere,
} from "./orders.ts";
import { noPersonalSearch, type PersonalSearch } from "./personal-search.ts";
import { createReads, type ListRequest, type Page, type ReadModel } from "./read-model.ts";
import { createRevenueReport, type RevenueReport } from "./revenue-report.ts";
import { countFound, pageOf, searchFilter, type SearchRequest } from "./search.ts";
import { askedWords } from "./search-words.ts";
import type { ViewTable } from "./view-table.ts";

/** Orders of a period that are sorted at most. */
const PERIOD_SORTED_MAX = 10_000;

export type OrderListRequest = ListRequest<OrderWhere, keyof typeof orderSorts>;

/**
 * Reads of orders. Lists throw `CURSOR_INVALID`, `PAGE_SIZE_INVALID` or `QUERY_TIMEOUT`, searches
 * `SEARCH_INVALID` too, reports `PERIOD_INVALID`.
 */
export interface OrderReadModel extends ReadModel<OrderContext> {
  list(request: OrderListRequest): Promise<Page<OrderContext>>;
  count(where: OrderWhere): Promise<number>;
  /**
   * Orders with all the words, or words that begin so, in their number, name, e-mail address,
   * SKUs, names of products and tracking numbers; newest first.
   */
  search(request: SearchRequest<OrderWhere>): Promise<Page<OrderContext>>;
  /** How many a search finds, ten thousand at most. */
  countFound(request: SearchRequest<OrderWhere>): Promise<number>;
  /** The last thirty days unless told otherwise. */
  statistics(period: Partial<StatisticsPeriod>): Promise<OrderStatistics>;
  readonly revenue: RevenueReport;
}

/** Queries over the read collection of orders. */
export function createOrderReadModel(
  table: ViewTable,
  personal: PersonalSearch = noPersonalSearch,
): OrderReadModel {
  const reads = createReads<OrderContext>(table);
  async function found({ text, where = {} }: SearchRequest<OrderWhere>): Promise<Document> {
    const words = askedWords(text).map((word) => {
      const token = personal.asked(word);
      return token === null ? [word] : [word, PERSONAL_PREFIX + token];
    });
    const filter = orderFilter(where);
    // A whole number is looked up, however it was typed.
    const number = parseOrderNumber(text);
    if (number !== null) return { $and: [{ _id: new UUID(orderIdOf(number)) }, filter] };
    return searchFilter(table, words, filter);
  }
  return {
    ...reads,
    revenue: createRevenueReport(table),
    async list({ where = {}, orderBy, ...page }) {
      const { field: name, direction } = orderBy ?? { field: "CREATED_AT", direction: "DESC" };
      const field = orderSorts[name];
      const hint = await indexFor(table, where, field);
      return reads.page(
        orderFilter(where),
        { name: `${ordersProjection.name} ${name}`, field, direction, hint },
        page,
      );
    },
    count: (where) => countOrders(table, where),
    async search(request) {
      const sort = { name: "search of orders", field: orderSorts.CREATED_AT } as const;
      return reads.page(await found(request), { ...sort, direction: "DESC" }, pageOf(request));
    },
    countFound: async (request) => countFound(table, await found(request)),
    statistics: (period) => readStatistics(table, period, new Date()),
  };
}

/**
 * The index for a list. In any other order the orders of a short period lie far apart, ever farther
 * the longer the history is: if they are few they are found by their time and sorted.
 */
async function indexFor(
  table: ViewTable,
  where: OrderWhere,
  field: SortField,
): Promise<Document | undefined> {
  const ordered = orderIndex(where, field);
  const byTime = orderIndex(where, orderSorts.CREATED_AT);
  const hasPeriod = (where.createdFrom ?? where.createdBefore) !== undefined;
  if (!hasPeriod || ordered === byTime) return ordered;
  const limit = PERIOD_SORTED_MAX;
  const count = await countRows(table, orderFilter(where), { index: byTime, limit });
  return count < limit ? byTime : ordered;
}
