import fc from "fast-check";
import type { Document } from "mongodb";
import { beforeAll, describe, expect, it } from "vitest";
import type { Projection } from "../../projections/document.ts";
import { pageQuery, rowCursor, type PageRequest, type Sort } from "../../projections/keyset.ts";
import {
  orderFilter,
  orderIndex,
  orderMatches,
  orderSorts,
  ordersProjection,
  type OrderWhere,
} from "../../projections/orders.ts";
import {
  productFilter,
  productIndex,
  productMatches,
  productSorts,
  productsProjection,
  type ProductWhere,
} from "../../projections/products.ts";
import type { Page } from "../../projections/read-model.ts";
import type { EntityView } from "../../projections/view.ts";
import type { ViewTable } from "../../projections/view-table.ts";
import { stagesOf } from "./plans.ts";
import { openShop, type Shop } from "./shop.ts";

const directions = ["ASC", "DESC"] as const;
const orderFields = ["CREATED_AT", "UPDATED_AT", "TOTAL"] as const;
const productFields = ["CREATED_AT", "UPDATED_AT", "NAME", "PRICE"] as const;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

const orderWheres: fc.Arbitrary<OrderWhere> = fc.record(
  {
    status: fc.uniqueArray(fc.constantFrom("PENDING" as const, "CANCELLED" as const)),
    customerId: fc.constantFrom("customer-0", "customer-1", "nobody"),
    createdFrom: fc.constantFrom("2026-11-23T09:00:10.000Z", "2026-11-23T09:01:00.000Z"),
    createdBefore: fc.constantFrom("2026-11-23T09:00:30.000Z", "2026-11-24T00:00:00.000Z"),
  },
  { requiredKeys: [] },
);

const productWheres: fc.Arbitrary<ProductWhere> = fc.record(
  {
    status: fc.uniqueArray(fc.constantFrom("DRAFT" as const, "ACTIVE" as const)),
    category: fc.constantFrom("tea", "coffee", "none"),
    skus: fc.uniqueArray(fc.constantFrom("SKU-0", "SKU-1", "SKU-2", "SKU-99")),
    price: fc.constantFrom({ currency: "EUR", min: 100 }, { currency: "EUR", max: 200 }),
    isAvailable: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** The whole list, taken page by page in either direction. */
async function pages(
  list: (request: PageRequest) => Promise<Page<object>>,
  { size, isBackward }: { readonly size: number; readonly isBackward: boolean },
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await list(
      isBackward
        ? { last: size, ...(cursor === undefined ? {} : { before: cursor }) }
        : { first: size, ...(cursor === undefined ? {} : { after: cursor }) },
    );
    const pageIds = page.rows.map((row) => row.view.id);
    if (isBackward) ids.unshift(...pageIds);
    else ids.push(...pageIds);
    cursor = (isBackward ? page.rows[0] : page.rows.at(-1))?.cursor;
    if (!(isBackward ? page.hasPreviousPage : page.hasNextPage)) return ids;
  }
}

/** The same list by sorting in memory what the predicate lets through. */
function sorted(
  projection: Projection,
  views: readonly EntityView[],
  { field, direction }: Sort,
): string[] {
  const valueOf = (view: EntityView): string | number => {
    if (field.path === "createdAt" || field.path === "updatedAt") return view[field.path];
    const value: unknown = projection.indexFields(view)[field.path.slice("index.".length)];
    return value as string | number;
  };
  const compare = (left: EntityView, right: EntityView): number => {
    const [a, b] = [valueOf(left), valueOf(right)];
    if (a !== b) return isBelow(a, b) ? -1 : 1;
    return left.id < right.id ? -1 : 1;
  };
  const ids = views.toSorted(compare).map((view) => view.id);
  return direction === "ASC" ? ids : ids.reverse();
}

function isBelow(left: string | number, right: string | number): boolean {
  if (typeof left === "number" || typeof right === "number") return left < right;
  return Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0;
}

const paging = fc.record({ size: fc.integer({ min: 1, max: 17 }), isBackward: fc.boolean() });

describe("a list", () => {
  it("of orders is the sorted list, page by page, forwards and backwards", async () => {
    await fc.assert(
      fc.asyncProperty(
        orderWheres,
        fc.constantFrom(...orderFields),
        fc.constantFrom(...directions),
        paging,
        async (where, field, direction, way) => {
          const sort = { name: field, field: orderSorts[field], direction };
          const matching = shop.orderViews.filter(orderMatches(where));
          const list = (page: PageRequest) =>
            shop.orders.list({ where, orderBy: { field, direction }, ...page });
          expect(await pages(list, way)).toEqual(sorted(ordersProjection, matching, sort));
          expect(await shop.orders.count(where)).toBe(matching.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of products is the sorted list, page by page, forwards and backwards", async () => {
    await fc.assert(
      fc.asyncProperty(
        productWheres,
        fc.constantFrom(...productFields),
        fc.constantFrom(...directions),
        paging,
        async (where, field, direction, way) => {
          const sort = { name: field, field: productSorts[field], direction };
          const matching = shop.productViews.filter(productMatches(where));
          const list = (page: PageRequest) =>
            shop.products.list({ where, orderBy: { field, direction }, ...page });
          expect(await pages(list, way)).toEqual(sorted(productsProjection, matching, sort));
          expect(await shop.products.count(where)).toBe(matching.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is answered by an index that has its order, whatever is asked for", async () => {
    const faults: string[] = [];
    const explain = async (table: ViewTable, where: Document, sort: Sort): Promise<void> => {
      const rows = await table.collection();
      const row = await rows.findOne();
      const after = row === null ? "" : rowCursor(row, sort);
      for (const page of [{ first: 10 }, { last: 10 }, { first: 10, after }]) {
        const query = pageQuery(where, sort, page);
        const hint = query.hint === undefined ? {} : { hint: query.hint };
        const options = { sort: query.sort, limit: query.size + 1, ...hint };
        const plan = await rows.find(query.filter, options).explain("queryPlanner");
        const stages = stagesOf(plan);
        // Without a hint few rows are left: those of a hundred SKUs at most.
        const isSorted = query.hint !== undefined && stages.includes("SORT");
        if (stages.includes("COLLSCAN") || isSorted)
          faults.push(JSON.stringify([where, sort, page]));
      }
    };
    const orders = fc.sample(orderWheres, { numRuns: 12, seed: 7 });
    const products = fc.sample(productWheres, { numRuns: 12, seed: 7 });
    for (const direction of directions) {
      for (const name of orderFields) {
        const field = orderSorts[name];
        for (const where of [{}, ...orders]) {
          const hint = orderIndex(where, field);
          await explain(shop.orderTable, orderFilter(where), { name, field, direction, hint });
        }
      }
      for (const name of productFields) {
        const field = productSorts[name];
        for (const where of [{}, ...products]) {
          const hint = productIndex(where, field);
          await explain(shop.productTable, productFilter(where), { name, field, direction, hint });
        }
      }
    }
    expect(faults).toEqual([]);
  });

  it("refuses cursors that are not its own and pages that are too large", async () => {
    const [row] = (await shop.products.list({ first: 1 })).rows;
    const byName = { field: "NAME", direction: "ASC" } as const;
    const forged = [
      "",
      "nonsense",
      row?.cursor ?? "",
      encoded(["products NAME", 5, row?.view.id]),
      encoded(["products NAME", "assam", "no-id"]),
      encoded(["products NAME", { $gt: "" }, row?.view.id]),
      "x".repeat(5_000),
    ];
    for (const after of forged) {
      const listing = shop.products.list({ first: 1, after, orderBy: byName });
      await expect(listing).rejects.toMatchObject({ code: "CURSOR_INVALID" });
    }
    const byTime = encoded(["products CREATED_AT", 9e15, row?.view.id]);
    const listing = shop.products.list({ first: 1, after: byTime });
    await expect(listing).rejects.toMatchObject({ code: "CURSOR_INVALID" });
    for (const page of [{ first: 101 }, { first: -1 }, { last: 0.5 }, { first: 1, last: 1 }]) {
      const refused = shop.orders.list(page);
      await expect(refused).rejects.toMatchObject({ code: "PAGE_SIZE_INVALID" });
    }
  });
});

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
