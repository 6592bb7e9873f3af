import { beforeAll, describe, expect, it } from "vitest";
import { orderIdOf, parseOrderNumber, productIdOf } from "../../machines/index.ts";
import { productsProjection } from "../../projections/products.ts";
import { createProductReadModel } from "../../projections/product-reads.ts";
import { createViewTable } from "../../projections/view-table.ts";
import { openShop, orderNumber, type Shop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

describe("a read of one", () => {
  it("finds an order by id and number and a product by SKU, and nothing by nonsense", async () => {
    const [order] = (await shop.orders.list({ first: 1 })).rows;
    expect(await shop.orders.byId(order?.view.id ?? "")).toEqual(order?.view);
    expect((await shop.products.byId(productIdOf("SKU-7")))?.state.context.sku).toBe("SKU-7");
    expect(await shop.products.byId(productIdOf("SKU-99"))).toBeNull();
    const number = orderNumber(7);
    const typed = ` ${number.toLowerCase()} `;
    const id = orderIdOf(parseOrderNumber(typed) ?? "");
    expect((await shop.orders.byId(id))?.state.context.orderNumber).toBe(number);
    expect(await shop.orders.byId("no-id")).toBeNull();
    expect(parseOrderNumber("no-number")).toBeNull();
  });

  it("waits for a version and says when it did not come", async () => {
    const { productTable: table, products } = shop;
    const [view] = shop.productViews;
    if (view === undefined) throw new Error("there are products");
    const { id, version } = view;
    expect(await products.waitFor(id, version, Date.now() + 10_000)).toBe(true);
    expect(await products.waitFor(id, version + 1, Date.now() + 120)).toBe(false);
    const waiting = products.waitFor(id, version + 1, Date.now() + 10_000);
    expect(await table.land([{ ...view, version: version + 1 }])).toEqual([]);
    expect(await waiting).toBe(true);
    const other = createProductReadModel(
      createViewTable((await table.collection()).db, productsProjection),
    );
    expect(await other.waitFor(id, version + 1, Date.now() + 10_000)).toBe(true);
    const later = other.waitFor(id, version + 2, Date.now() + 10_000);
    await table.land([{ ...view, version: version + 2 }]);
    expect(await later).toBe(true);
  });
});
