import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { post } from "../support/graphql.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";

let shop: Shop;
const numbers: string[] = [];
const ids: string[] = [];

beforeAll(async () => {
  shop = await openShop();
  for (const [index, sku] of ["A-1", "B-1", "C-1"].entries()) await sell(shop, sku, 100 + index);
  const price = { minor: 500, currency: "EUR" };
  const draft = { sku: "D-1", name: "Draft", category: "tea", price, onHand: 0 };
  await run(shop, shop.operator, ["createProduct", "product", { ...draft, consistency: "STRONG" }]);
  for (const sku of ["A-1", "B-1", "C-1", "A-1", "B-1"]) {
    const input = orderOf(sku, { consistency: "STRONG" });
    const { order } = await run(shop, shop.customer("ada"), ["createOrder", "order", input]);
    numbers.push(String(order?.["number"]));
    ids.push(String(order?.["id"]));
  }
  const foreign = orderOf("A-1", { consistency: "STRONG" });
  await run(shop, shop.customer("bob"), ["createOrder", "order", foreign]);
});

interface Page {
  readonly totalCount: number;
  readonly edges: readonly {
    readonly cursor: string;
    readonly node: { readonly number: string };
  }[];
  readonly pageInfo: Readonly<Record<string, unknown>>;
}

const list = `query ($first: Int, $after: Cursor, $last: Int, $before: Cursor, $where: OrderWhere,
  $orderBy: OrderOrder) {
  orders(first: $first, after: $after, last: $last, before: $before, where: $where,
    orderBy: $orderBy) {
    totalCount edges { cursor node { number } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

async function orders(token: string, variables: object): Promise<Page> {
  const { data, errors } = await shop.ask<{ orders: Page }>(token, list, variables);
  if (!data) throw new Error(JSON.stringify(errors));
  return data.orders;
}

const numbersOf = ({ edges }: Page): string[] => edges.map(({ node }) => node.number);

describe("a list", () => {
  test("is walked forwards and backwards by cursor, every row once", async () => {
    const token = shop.customer("ada");
    const newestFirst = [...numbers].reverse();
    const forwards: string[] = [];
    let after: unknown = null;
    for (let page = 0; page < 3; page += 1) {
      const found = await orders(token, { first: 2, after });
      forwards.push(...numbersOf(found));
      after = found.pageInfo["endCursor"];
      expect(found.totalCount).toBe(5);
      expect(found.pageInfo).toMatchObject({ hasNextPage: page < 2, hasPreviousPage: page > 0 });
    }
    expect(forwards).toEqual(newestFirst);
    const tail = await orders(token, { last: 2 });
    expect(numbersOf(tail)).toEqual(newestFirst.slice(3));
    const before = tail.pageInfo["startCursor"];
    expect(numbersOf(await orders(token, { last: 2, before }))).toEqual(newestFirst.slice(1, 3));
  });

  test("is ordered as asked", async () => {
    const orderBy = { field: "CREATED_AT", direction: "ASC" };
    const found = await orders(shop.customer("ada"), { orderBy });
    expect(numbersOf(found)).toEqual(numbers);
  });

  test("shows a customer their own rows, whatever they ask for", async () => {
    expect((await orders(shop.customer("bob"), {})).totalCount).toBe(1);
    const foreign = { where: { customerId: "ada" } };
    expect(await orders(shop.customer("bob"), foreign)).toMatchObject({ totalCount: 0, edges: [] });
    expect((await orders(shop.operator, {})).totalCount).toBe(6);
    expect((await orders(shop.operator, foreign)).totalCount).toBe(5);
  });

  test("of products shows a customer what is on sale", async () => {
    const query = `query ($where: ProductWhere) { products(where: $where, orderBy: {
      field: PRICE, direction: DESC }) { nodes { sku status } } }`;
    const skus = async (token: string, where: object): Promise<string[]> => {
      const { data } = await shop.ask<{ products: { nodes: { sku: string }[] } }>(token, query, {
        where,
      });
      return data?.products.nodes.map(({ sku }) => sku) ?? [];
    };
    expect(await skus(shop.operator, {})).toEqual(["D-1", "C-1", "B-1", "A-1"]);
    expect(await skus(shop.customer(), {})).toEqual(["C-1", "B-1", "A-1"]);
    expect(await skus(shop.customer(), { status: ["DRAFT"] })).toEqual([]);
    expect(await skus(shop.customer(), { skus: ["a-1", "D-1"] })).toEqual(["A-1"]);
    const price = { currency: "EUR", min: 101, max: 102 };
    expect(await skus(shop.customer(), { price })).toEqual(["C-1", "B-1"]);
  });
});

describe("one thing", () => {
  const byId = "query ($id: UUID!, $v: Int) { order(id: $id, atLeastVersion: $v) { number } }";

  test("is found by id and by the number as a person types it", async () => {
    const typed = numbers[0]?.toLowerCase().replaceAll("-", " ") ?? "";
    const query = "query ($number: String!) { orderByNumber(number: $number) { id } }";
    const answer = await shop.ask(shop.customer("ada"), query, { number: typed });
    expect(answer.data).toEqual({ orderByNumber: { id: ids[0] } });
    const same = await shop.ask(shop.customer("ada"), byId, { id: ids[0]?.toUpperCase() });
    expect(same.data).toEqual({ order: { number: numbers[0] } });
  });

  test("of another customer, or of nobody, is null", async () => {
    const query = "query ($number: String!) { orderByNumber(number: $number) { id } }";
    const foreign = await shop.ask(shop.customer("bob"), query, { number: numbers[0] });
    expect(foreign.data).toEqual({ orderByNumber: null });
    const bob = await shop.ask(shop.customer("bob"), byId, { id: ids[0] });
    expect(bob.data).toEqual({ order: null });
    const nobody = await shop.ask(shop.operator, byId, { id: randomUUID() });
    expect(nobody.data).toEqual({ order: null });
  });

  test("a draft does not exist for a customer", async () => {
    const query = '{ productBySku(sku: "d-1") { sku status } }';
    expect((await shop.ask(shop.customer(), query)).data).toEqual({ productBySku: null });
    expect((await shop.ask(shop.operator, query)).data).toEqual({
      productBySku: { sku: "D-1", status: "DRAFT" },
    });
  });

  test("says that the version asked for is not there in time", async () => {
    const impatient = await shop.startAnother({ operationTimeoutMs: 2_000 });
    const variables = { id: ids[0], v: 99 };
    const answer = await post(impatient.url, shop.operator, { query: byId, variables });
    expect(answer.data).toEqual({ order: null });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "READ_MODEL_BEHIND" });
  });

  test("says what may be done with it, and why not the rest", async () => {
    const query = `query ($id: UUID!) { order(id: $id) { allowedCommands {
      command allowed reason { code message details } } } }`;
    const { data } = await shop.ask<{
      order: { allowedCommands: { command: string; allowed: boolean; reason: unknown }[] };
    }>(shop.customer("ada"), query, { id: ids[0] });
    const allowed = data?.order.allowedCommands ?? [];
    expect(allowed.find(({ command }) => command === "CancelOrder")).toEqual({
      command: "CancelOrder",
      allowed: true,
      reason: null,
    });
    for (const { allowed: isAllowed, reason } of allowed) expect(reason === null).toBe(isAllowed);
  });
});
