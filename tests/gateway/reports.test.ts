import { beforeAll, describe, expect, test } from "vitest";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";

let shop: Shop;
const numbers: string[] = [];

beforeAll(async () => {
  shop = await openShop();
  for (const [index, sku] of ["TEA-ASSAM", "TEA-CEYLON", "CUP-1"].entries()) {
    await sell(shop, sku, 100 + index);
  }
  const draft = {
    sku: "TEA-DRAFT",
    name: "Green",
    description: "Tástes like Häy",
    category: "draft",
    price: { minor: 500, currency: "EUR" },
    onHand: 2,
    consistency: "STRONG",
  };
  await run(shop, shop.operator, ["createProduct", "product", draft]);
  for (const [who, sku] of [
    ["ada", "TEA-ASSAM"],
    ["ada", "CUP-1"],
    ["bob", "TEA-ASSAM"],
  ] as const) {
    const input = orderOf(sku, { consistency: "STRONG" });
    const { order } = await run(shop, shop.customer(who), ["createOrder", "order", input]);
    numbers.push(String(order?.["number"]));
  }
});

interface Found {
  readonly searchOrders: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly number: string }[];
    readonly pageInfo: { readonly endCursor: string | null };
  };
}

const search = `query ($text: String!, $where: OrderWhere, $first: Int, $after: Cursor) {
  searchOrders(text: $text, where: $where, first: $first, after: $after) {
    totalCount nodes { number } pageInfo { endCursor } } }`;

async function found(token: string, text: string, more: object = {}): Promise<string[]> {
  const { data, errors } = await shop.ask<Found>(token, search, { text, ...more });
  if (!data) throw new Error(JSON.stringify(errors));
  const { totalCount, nodes } = data.searchOrders;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ number }) => number);
}

async function codeOf(token: string, query: string, variables: object = {}): Promise<unknown> {
  const { data, errors } = await shop.ask(token, query, variables);
  return errors?.[0]?.extensions?.["code"] ?? data;
}

describe("a search of orders", () => {
  test("finds by number, SKU, name of a product, and what is personal, newest first", async () => {
    const [first = "", second = "", third = ""] = numbers;
    const olga = shop.operator;
    expect(await found(olga, first.toLowerCase().replaceAll("-", ""))).toEqual([first]);
    expect(await found(olga, first.slice(0, 9))).toEqual([first]);
    expect(await found(olga, "assam")).toEqual([third, first]);
    expect(await found(olga, "produ TE")).toEqual([third, first]);
    expect(await found(olga, "Lovelace cup")).toEqual([second]);
    expect(await found(olga, "Ada")).toEqual([third, second, first]);
    expect(await found(olga, "love exam tea")).toEqual([third, first]);
    expect(await found(olga, "ADA@example.com cup")).toEqual([second]);
    expect(await found(olga, "ceylon")).toEqual([]);
    expect(await found(olga, "tea", { where: { status: ["CANCELLED"] } })).toEqual([]);
  });

  test("shows a customer their own orders, whatever they search for and ask for", async () => {
    const [first = "", second = "", third = ""] = numbers;
    expect(await found(shop.customer("ada"), "product")).toEqual([second, first]);
    expect(await found(shop.customer("bob"), "product")).toEqual([third]);
    expect(await found(shop.customer("bob"), first)).toEqual([]);
    expect(await found(shop.customer("bob"), "tea", { where: { customerId: "ada" } })).toEqual([]);
  });

  test("takes hostile texts as words, or says what is wrong with them", async () => {
    for (const text of [".*", "^", "", " ", "$", "\u0000", "x".repeat(201), "a b c d e f g h i"]) {
      expect(await codeOf(shop.operator, search, { text })).toBe("BAD_USER_INPUT");
    }
    for (const text of [
      "$where",
      "(a+)+$",
      "~ada-lovelace x",
      '{"$gt":""}',
      "'; drop",
      "\ud800 x",
    ]) {
      expect(await found(shop.operator, text)).toEqual([]);
    }
    for (const text of [{ $gt: "" }, ["tea"], 5, null]) {
      expect(await codeOf(shop.operator, search, { text })).toBe("BAD_USER_INPUT");
    }
    const where = { customerId: { $ne: "ada" } };
    expect(await codeOf(shop.operator, search, { text: "tea", where })).toBe("BAD_USER_INPUT");
  });

  test("refuses cursors that are cut off, forged, or of another query", async () => {
    const variables = { text: "product", first: 1 };
    const page = await shop.ask<Found>(shop.operator, search, variables);
    const cursor = page.data?.searchOrders.pageInfo.endCursor ?? "";
    const next = await shop.ask<Found>(shop.operator, search, { ...variables, after: cursor });
    expect(next.data?.searchOrders.nodes.map(({ number }) => number)).toEqual([numbers[1]]);
    const listed = await shop.ask<{ orders: Found["searchOrders"] }>(
      shop.operator,
      "{ orders(first: 1) { pageInfo { endCursor } } }",
    );
    const ofList = listed.data?.orders.pageInfo.endCursor ?? "";
    const forged = Buffer.from('["search of orders",{"$gt":""},"x"]').toString("base64url");
    for (const after of [ofList, cursor.slice(0, -5), `${cursor}x`.slice(4), forged, "nonsense"]) {
      expect(await codeOf(shop.operator, search, { ...variables, after })).toBe("CURSOR_INVALID");
    }
    const products = "query ($after: Cursor) { products(after: $after) { nodes { sku } } }";
    expect(await codeOf(shop.operator, products, { after: ofList })).toBe("CURSOR_INVALID");
    expect(await codeOf(shop.operator, search, { ...variables, first: 101 })).toBe(
      "BAD_USER_INPUT",
    );
  });
});

test("what is personal is in no row of the orders", async () => {
  const rows = await shop.database.db.collection("orders").find().toArray();
  expect(rows.length).toBe(3);
  expect(JSON.stringify(rows).toLowerCase()).not.toMatch(/lovelace|example\.com/);
});

describe("the catalogue", () => {
  const products = `query ($text: String!) { searchProducts(text: $text) {
    totalCount nodes { sku } } }`;
  const skus = async (token: string, text: string): Promise<unknown> => {
    const { data } = await shop.ask<{ searchProducts: { nodes: { sku: string }[] } }>(
      token,
      products,
      { text },
    );
    return data?.searchProducts.nodes.map(({ sku }) => sku);
  };

  test("is searched by the beginnings of words, and a customer finds what is on sale", async () => {
    expect(await skus(shop.customer(), "prod te")).toEqual(["TEA-ASSAM", "TEA-CEYLON"]);
    expect(await skus(shop.operator, "HAY tast")).toEqual(["TEA-DRAFT"]);
    expect(await skus(shop.customer(), "hay")).toEqual([]);
  });

  test("is counted by category, for a customer what is on sale", async () => {
    const query = "{ categories { name productCount } }";
    const tea = { name: "tea", productCount: 3 };
    expect((await shop.ask(shop.customer(), query)).data).toEqual({ categories: [tea] });
    expect((await shop.ask(shop.operator, query)).data).toEqual({
      categories: [{ name: "draft", productCount: 1 }, tea],
    });
  });

  test("tells the staff what runs low, fewest first", async () => {
    const query = "{ lowStock(atMost: 9) { totalCount nodes { sku } } }";
    expect(await codeOf(shop.customer(), query)).toBe("FORBIDDEN");
    const all = "{ lowStock(atMost: 10) { totalCount } }";
    expect((await shop.ask(shop.operator, all)).data).toEqual({ lowStock: { totalCount: 3 } });
    expect((await shop.ask(shop.operator, query)).data).toMatchObject({ lowStock: {} });
  });
});

describe("reports", () => {
  const statistics = `query ($from: Day, $through: Day) {
    orderStatistics(from: $from, through: $through) {
      count sums { count total { minor currency } average { minor } }
      byStatus { status count } byDay { count } timeInStatus { status averageMs } } }`;
  const revenue = `query ($currency: String!, $zone: String!) {
    revenueReport(currency: $currency, from: "2026-01-01T00:00:00Z", before: "2026-02-01T00:00:00Z")
    { total { gross { minor } refunds { minor } net { minor decimal } }
      periods(granularity: WEEK, timeZone: $zone) { start gross { minor } }
      byProduct { sku net { minor } } byCategory { category net { minor } } } }`;
  const inBerlin = { currency: "eur", zone: "Europe/Berlin" };

  test("count and add up all orders for the staff", async () => {
    const answer = await shop.ask(shop.operator, statistics);
    expect(answer.data).toMatchObject({
      orderStatistics: {
        count: 3,
        sums: [{ count: 3, total: { minor: 302, currency: "EUR" }, average: { minor: 101 } }],
        byStatus: [{ status: "PENDING", count: 3 }],
        byDay: [{ count: 3 }],
      },
    });
    const { data, errors } = await shop.ask(shop.operator, revenue, inBerlin);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      revenueReport: { total: { net: { minor: 0, decimal: "0.00" } }, periods: [], byProduct: [] },
    });
  });

  test("are not for customers", async () => {
    expect(await codeOf(shop.customer("ada"), statistics)).toBe("FORBIDDEN");
    expect(await codeOf(shop.customer("ada"), revenue, inBerlin)).toBe("FORBIDDEN");
  });

  test("refuse what is no period, no currency and no time zone", async () => {
    const backwards = { from: "2026-02-01", through: "2026-01-01" };
    expect(await codeOf(shop.operator, statistics, backwards)).toBe("BAD_USER_INPUT");
    for (const from of ["2026-02-30", { $gt: "" }, "2026-1-1", ""]) {
      expect(await codeOf(shop.operator, statistics, { from })).toBe("BAD_USER_INPUT");
    }
    for (const change of [{ currency: "XXQ" }, { zone: "Nowhere" }, { zone: "$at" }]) {
      const variables = { ...inBerlin, ...change };
      expect(await codeOf(shop.operator, revenue, variables)).toBe("BAD_USER_INPUT");
    }
  });
});
