import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { nastyTexts, refusedTexts } from "../support/nasty-texts.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";

let shop: Shop;
let onSale: string;
let draft: string;
const orders: Record<"ada" | "bob", string[]> = { ada: [], bob: [] };

beforeAll(async () => {
  shop = await openShop();
  onSale = await sell(shop, "NODE-1");
  await sell(shop, "NODE-2");
  const price = { minor: 500, currency: "EUR" };
  const input = { sku: "NODE-3", name: "Draft", category: "tea", price, onHand: 0 };
  const strongly = { ...input, consistency: "STRONG" };
  const made = await run(shop, shop.operator, ["createProduct", "product", strongly]);
  draft = String(made.product?.["id"]);
  for (const subject of ["ada", "bob", "ada", "bob", "ada"] as const) {
    const order = orderOf("NODE-1", { consistency: "STRONG" });
    const placed = await run(shop, shop.customer(subject), ["createOrder", "order", order]);
    orders[subject].push(String(placed.order?.["id"]));
  }
});

const nodeQuery = `query ($id: ID!) { node(id: $id) { __typename id
  ... on Order { customerId } ... on Product { sku } } }`;

async function node(token: string, id: unknown) {
  return await shop.ask<{ node: Readonly<Record<string, string>> | null }>(token, nodeQuery, {
    id,
  });
}

describe("node", () => {
  test("finds what its reader may see, whatever it is", async () => {
    const [mine = ""] = orders.ada;
    const ada = shop.customer("ada");
    const order = { __typename: "Order", id: mine, customerId: "ada" };
    const product = { __typename: "Product", id: onSale, sku: "NODE-1" };
    expect((await node(ada, mine)).data).toEqual({ node: order });
    expect((await node(shop.operator, mine)).data).toEqual({ node: order });
    expect((await node(ada, mine.toUpperCase())).data).toEqual({ node: order });
    expect((await node(ada, onSale)).data).toEqual({ node: product });
    expect((await node(shop.operator, draft)).data).toMatchObject({ node: { sku: "NODE-3" } });
  });

  test("shows what is another's, or not on sale, exactly as what does not exist", async () => {
    const nothing = await node(shop.customer("ada"), randomUUID());
    expect(nothing).toEqual({ status: 200, data: { node: null } });
    for (const foreign of [...orders.bob, draft]) {
      expect(await node(shop.customer("ada"), foreign)).toEqual(nothing);
    }
    expect(await node(shop.operator, randomUUID())).toEqual(nothing);
  });

  test("finds nothing by an id that is none", async () => {
    const [mine = ""] = orders.ada;
    const encoded = Buffer.from(`Order:${mine}`).toString("base64");
    const forged = [
      ...[`{${mine}}`, `${mine} `, ` ${mine}`, `${mine}\0`, mine.replaceAll("-", ""), encoded],
      ...[`order/${mine}`, `Order:${mine}`, mine.slice(0, -1), `${mine}0`, "0", "-1", "1e9"],
      ...[JSON.stringify({ $ne: null }), "x".repeat(10_000)],
      ...nastyTexts,
      ...refusedTexts,
    ];
    for (const token of [shop.customer("ada"), shop.operator]) {
      for (const id of forged) {
        expect([id, (await node(token, id)).data]).toEqual([id, { node: null }]);
      }
    }
  });

  test("takes nothing but a text or a number for an id", async () => {
    for (const id of [{ $ne: null }, [orders.ada[0]], true, null, 1.5]) {
      const { data, errors } = await node(shop.operator, id);
      expect(data ?? { node: null }).toEqual({ node: null });
      expect([id, errors?.[0]?.extensions?.["code"]]).toEqual([id, "BAD_USER_INPUT"]);
    }
  });
});

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
}

const lists = {
  orders: "orders(first: 2, after: $after)",
  byTotal: "orders(first: 2, after: $after, orderBy: { field: TOTAL, direction: ASC })",
  products: "products(first: 2, after: $after)",
  searchOrders: 'searchOrders(text: "NODE", first: 2, after: $after)',
  searchProducts: 'searchProducts(text: "product", first: 2, after: $after)',
} as const;
type ListName = keyof typeof lists;

async function list(token: string, name: ListName, after: string | null) {
  const query = `query ($after: Cursor) { page: ${lists[name]} { edges { cursor node { id } } } }`;
  const { data, errors } = await shop.ask<{ page: Page }>(token, query, { after });
  const code = errors?.[0]?.extensions?.["code"];
  return { ids: data?.page.edges.map(({ node: { id } }) => id) ?? [], data, code };
}

async function cursorOf(token: string, name: ListName): Promise<string> {
  const { data } = await list(token, name, null);
  const cursor = data?.page.edges[0]?.cursor;
  if (cursor === undefined) throw new Error(`${name} is empty`);
  return cursor;
}

const names = Object.keys(lists) as ListName[];

describe.each(names)("a cursor of %s", (name) => {
  test("that was cut short or made up is refused by name", async () => {
    for (const token of [shop.customer("ada"), shop.operator]) {
      const cursor = await cursorOf(token, name);
      const json = (value: unknown): string =>
        Buffer.from(JSON.stringify(value)).toString("base64url");
      const forged = [
        ...Array.from({ length: 12 }, (_, index) =>
          cursor.slice(0, 1 + Math.floor((index * (cursor.length - 5)) / 11)),
        ),
        ...[json(null), json({ $gt: "" }), json([]), json([{ $gt: "" }, onSale]), json([1, 2, 3])],
        ...["x", "__proto__", "../..", Buffer.from([0xff, 0xfe]).toString("base64url")],
      ];
      for (const after of forged) {
        const { code, ids } = await list(token, name, after);
        expect([after, ids]).toEqual([after, []]);
        expect(["CURSOR_INVALID", "BAD_USER_INPUT"]).toContain(code);
      }
    }
  });

  test("of another list shows no row that its reader may not see", async () => {
    const mine = new Set([...orders.ada, onSale]);
    const visible = await list(shop.customer("ada"), "products", null);
    for (const id of visible.ids) mine.add(id);
    for (const other of names) {
      for (const from of [shop.customer("ada"), shop.customer("bob"), shop.operator]) {
        const { ids, code } = await list(shop.customer("ada"), name, await cursorOf(from, other));
        for (const id of ids) expect(mine.has(id), `${name} after ${other}`).toBe(true);
        expect([undefined, "CURSOR_INVALID"]).toContain(code);
      }
    }
  });
});
