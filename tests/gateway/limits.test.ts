import { beforeAll, describe, expect, test } from "vitest";
import { post } from "../support/graphql.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { openAcknowledged } from "./socket.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(" ");
const id = '"5c8a1d5e-0c1f-5f0e-9d56-5a0f5c1e7a01"';

const attacks: [string, string, string][] = [
  ["31 aliases", `{ ${times(31, (n) => `a${String(n)}: __typename`)} }`, "LIMIT_EXCEEDED"],
  [
    "31 aliases behind a fragment",
    `{ ...a } fragment a on Query { ${times(31, (n) => `a${String(n)}: __typename`)} }`,
    "LIMIT_EXCEEDED",
  ],
  ["six root fields", `{ ${times(6, () => "__typename")} }`, "LIMIT_EXCEEDED"],
  ["2,001 tokens", `{ order(id: ${id}) { ${times(2_000, () => "id")} } }`, "LIMIT_EXCEEDED"],
  [
    "six directives on one place",
    `{ __typename ${times(6, () => "@include(if: true)")} }`,
    "LIMIT_EXCEEDED",
  ],
  [
    "too deep a nesting",
    `{ orders { ${times(11, () => "... on OrderConnection {")} pageInfo {
      ${times(10, (n) => `x${String(n)} {`)} y ${"}".repeat(10)} } ${"}".repeat(11)} } }`,
    "LIMIT_EXCEEDED",
  ],
  [
    "fragments that double fifty times",
    `{ ...f0 } ${times(
      50,
      (n) => `fragment f${String(n)} on Query { ...f${String(n + 1)} ...f${String(n + 1)} }`,
    )} fragment f50 on Query { __typename }`,
    "LIMIT_EXCEEDED",
  ],
  [
    "150 fragments in a chain",
    `{ ...f0 } ${times(
      150,
      (n) => `fragment f${String(n)} on Query { __typename ...f${String(n + 1)} }`,
    )} fragment f150 on Query { __typename }`,
    "LIMIT_EXCEEDED",
  ],
  [
    "fragments in a circle",
    "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    "GRAPHQL_VALIDATION_FAILED",
  ],
  [
    "introspection in a circle",
    `{ __schema { types { ${times(5, () => "fields { type {")} name ${"} }".repeat(5)} } } }`,
    "GRAPHQL_VALIDATION_FAILED",
  ],
  ["no end", "{ __typename", "GRAPHQL_PARSE_FAILED"],
  ["nothing", " ", "GRAPHQL_PARSE_FAILED"],
];

describe("a document with", () => {
  test.each(attacks)("%s is refused over HTTP", async (_what, query, code) => {
    const answer = await shop.ask(shop.operator, query);
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code });
  });

  test.each(attacks)("%s is refused over WebSocket", async (_what, query, code) => {
    const socket = await openAcknowledged(shop.wsUrl, shop.operator);
    socket.send({ type: "subscribe", id: "1", payload: { query } });
    const { payload } = await socket.message(({ type }) => type === "error");
    expect(payload).toMatchObject([{ extensions: { code } }]);
  });

  test("as much as is allowed is answered", async () => {
    const query = `{ ${times(5, (n) => `a${String(n)}: __typename`)} }`;
    expect((await shop.ask(shop.operator, query)).errors).toBeUndefined();
    const introspection = "{ __schema { types { fields { type { ofType { name } } } } } }";
    expect((await shop.ask(shop.customer(), introspection)).errors).toBeUndefined();
  });

  test("variables that do not fit is refused by name", async () => {
    const query = "query ($id: UUID!) { order(id: $id) { id } }";
    const answer = await shop.ask(shop.operator, query, { id: "nonsense" });
    expect(answer.errors?.[0]?.message).toContain("$id");
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT" });
  });

  test.each([
    ["a page that is too large", "{ orders(first: 101) { totalCount nodes { id } } }"],
    ["a page of less than nothing", "{ orders(first: -1) { nodes { id } } }"],
    ["both ends of a list", "{ orders(first: 1, last: 1) { nodes { id } } }"],
    ["a SKU that is none", '{ productBySku(sku: "a b") { id } }'],
    ["a list of such SKUs", '{ products(where: { skus: ["$"] }) { nodes { id } } }'],
  ])("%s is refused", async (_what, query) => {
    const answer = await shop.ask(shop.operator, query);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT" });
  });

  test("a cursor of another list is refused", async () => {
    const query = '{ orders(after: "nonsense") { nodes { id } } }';
    const answer = await shop.ask(shop.operator, query);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "CURSOR_INVALID" });
  });
});

describe("the cost of an operation", () => {
  const row = times(60, (n) => ["id", "number", "status"][n % 3] ?? "");
  const page = (first: string) => `{ orders(first: ${first}) { nodes { ${row} } } }`;

  test.each([
    ["a page of a hundred rows", page("100"), {}],
    ["such a page by a variable", `query ($n: Int) ${page("$n")}`, { n: 100 }],
    ["a page whose variable is missing", `query ($n: Int) ${page("$n")}`, {}],
    ["a page behind a fragment", `{ ...a } fragment a on Query ${page("100")}`, {}],
  ])("is too high for %s with sixty fields a row", async (_what, query, variables) => {
    const answer = await shop.ask(shop.operator, query, variables);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "LIMIT_EXCEEDED" });
    expect(answer.errors?.[0]?.message).toContain("`first`");
  });

  test("is low enough for the same fields of fewer rows", async () => {
    expect((await shop.ask(shop.operator, page("10"))).errors).toBeUndefined();
    const query = `query ($n: Int) ${page("$n")}`;
    expect((await shop.ask(shop.operator, query, { n: 10 })).errors).toBeUndefined();
  });
});

describe("in production", () => {
  test("nobody is shown the schema, and no error suggests names of it", async () => {
    const production = await shop.startAnother({ development: null });
    const ask = (token: string, query: string) => post(production.url, token, { query });
    const schema = "{ __schema { queryType { name } } }";
    for (const token of [shop.operator, shop.customer()]) {
      const refused = await ask(token, schema);
      expect(refused.errors?.[0]?.extensions).toMatchObject({ code: "INTROSPECTION_DISABLED" });
    }
    const wrong = await ask(shop.customer(), "{ ordrs { totalCount } }");
    expect(wrong.errors?.[0]?.message).not.toContain("orders");
    const get = await fetch(`${production.url}?query={__typename}`, {
      headers: { authorization: `Bearer ${shop.operator}`, accept: "text/html" },
    });
    expect(get.status).toBe(405);
  });
});
