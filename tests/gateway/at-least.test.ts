import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { post } from "../support/graphql.ts";
import type { Gateway } from "../../gateway/index.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";

interface Seen {
  readonly id: string;
  readonly version: number;
}

let shop: Shop;
/** Waits for a second and a half. */
let impatient: Gateway;
let product: Seen;
let order: Seen & { readonly number: string };

beforeAll(async () => {
  shop = await openShop();
  impatient = await shop.startAnother({ operationTimeoutMs: 2_000 });
  product = { id: await sell(shop, "SEEN-1"), version: 2 };
  const placed = await run(shop, shop.customer("ada"), ["createOrder", "order", orderOf("SEEN-1")]);
  const { id, number } = placed.order ?? {};
  order = { id: String(id), number: String(number), version: placed.version ?? 0 };
});

interface Wanted {
  readonly query: string;
  readonly variables: (version: number) => object;
  /** As the errors call it. */
  readonly argument: string;
}

const listOf = (field: string, seen: () => Seen): Wanted => ({
  query: `query ($seen: [EntityVersion!]) { ${field} { nodes { version } } }`,
  variables: (version) => ({ seen: [{ id: seen().id, version }] }),
  argument: "atLeast.0.version",
});
const one = (signature: string, field: string, variables: () => object): Wanted => ({
  query: `query (${signature}, $v: Int) { found: ${field} { version } }`,
  variables: (v) => ({ ...variables(), v }),
  argument: "atLeastVersion",
});

const ofOrders: readonly (readonly [string, Wanted])[] = [
  ["order", one("$id: UUID!", "order(id: $id, atLeastVersion: $v)", () => ({ id: order.id }))],
  [
    "orderByNumber",
    one("$number: String!", "orderByNumber(number: $number, atLeastVersion: $v)", () => ({
      number: order.number,
    })),
  ],
  ["orders", listOf("found: orders(atLeast: $seen)", () => order)],
  ["searchOrders", listOf('found: searchOrders(text: "SEEN", atLeast: $seen)', () => order)],
];
const ofProducts: readonly (readonly [string, Wanted])[] = [
  [
    "product",
    one("$id: UUID!", "product(id: $id, atLeastVersion: $v)", () => ({ id: product.id })),
  ],
  [
    "productBySku",
    one("$sku: String!", "productBySku(sku: $sku, atLeastVersion: $v)", () => ({ sku: "seen-1" })),
  ],
  ["products", listOf("found: products(atLeast: $seen)", () => product)],
  ["searchProducts", listOf('found: searchProducts(text: "seen", atLeast: $seen)', () => product)],
];

describe.each([...ofOrders, ...ofProducts])("%s, with a version", (name, wanted) => {
  const ask = (token: string, version: number) =>
    post(impatient.url, token, { query: wanted.query, variables: wanted.variables(version) });
  const newest = (): number => (name.toLowerCase().includes("order") ? order : product).version;

  test("waits until the read model has it", async () => {
    for (const token of [shop.customer("ada"), shop.operator]) {
      const { data, errors } = await ask(token, newest());
      expect(errors).toBeUndefined();
      const versions = JSON.stringify(data?.["found"]).match(/"version":\d+/g) ?? [];
      expect(versions).toContain(`"version":${String(newest())}`);
    }
  });

  test("that does not come says so by its code and argument", async () => {
    const { errors } = await ask(shop.operator, newest() + 1);
    const { argument } = wanted;
    expect(errors).toMatchObject([
      { extensions: { code: "READ_MODEL_BEHIND", retryable: true, argument } },
    ]);
  });

  test("that can be none is refused by its argument", async () => {
    for (const version of [0, -1, -2_147_483_648]) {
      const { errors } = await ask(shop.operator, version);
      const { argument } = wanted;
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", argument } }]);
      expect(errors?.[0]?.message).toContain(argument);
    }
    for (const version of [2_147_483_648, 1e300, 1.5]) {
      const { errors } = await ask(shop.operator, version);
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    }
  });
});

describe("a version of another's order", () => {
  test("tells no more than one of no order", async () => {
    const query = "query ($id: UUID!, $v: Int) { order(id: $id, atLeastVersion: $v) { version } }";
    const ask = (id: string) =>
      post(impatient.url, shop.customer("bob"), { query, variables: { id, v: order.version } });
    const [foreign, none] = await Promise.all([ask(order.id), ask(randomUUID())]);
    expect(foreign).toEqual(none);
    expect(foreign.errors).toMatchObject([{ extensions: { code: "READ_MODEL_BEHIND" } }]);
  });

  test("is not waited for in a list of many either", async () => {
    const query = "query ($seen: [EntityVersion!]) { orders(atLeast: $seen) { totalCount } }";
    const seen = Array.from({ length: 11 }, () => ({ id: order.id, version: 1 }));
    const { errors } = await post(impatient.url, shop.operator, { query, variables: { seen } });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", argument: "atLeast" } }]);
  });
});
