import { beforeAll, describe, expect, test } from "vitest";
import type { Gateway } from "../../gateway/index.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";

/** The twelve checks of graphql-cop (github.com/dolevf/graphql-cop), in production mode. */
let shop: Shop;
let production: Gateway;

beforeAll(async () => {
  shop = await openShop();
  production = await shop.startAnother({ development: null });
});

interface Sent {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
}

async function send(init: RequestInit, query = ""): Promise<Sent> {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${shop.operator}`);
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  const response = await fetch(`${production.url}${query}`, { ...init, headers });
  const text = await response.text();
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    // No JSON is an answer too.
  }
  return { status: response.status, text, json };
}

const post = (body: unknown): Promise<Sent> => send({ method: "POST", body: JSON.stringify(body) });
const dataOf = ({ json }: Sent): unknown => (json as { data?: unknown } | null)?.data ?? null;
const messages = ({ json }: Sent): string =>
  JSON.stringify((json as { errors?: unknown } | null)?.errors ?? null);
const times = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(" ");

describe("graphql-cop finds in production", () => {
  test("no alias overloading", async () => {
    const query = `query cop { ${times(101, (n) => `alias${String(n)}:__typename`)} }`;
    expect(dataOf(await post({ query }))).toBeNull();
  });

  test("no array-based batching", async () => {
    const answer = await post(Array.from({ length: 10 }, () => ({ query: "{ __typename }" })));
    expect(answer.status).toBe(400);
    expect(Array.isArray(answer.json)).toBe(false);
  });

  test("no directive overloading", async () => {
    const answer = await post({ query: `query cop { __typename ${"@aa".repeat(10)} }` });
    expect(dataOf(answer)).toBeNull();
    // The tool takes ten complaints about ten directives for the finding.
    expect((answer.json as { errors: unknown[] }).errors).toHaveLength(1);
  });

  test("no field duplication", async () => {
    expect(
      dataOf(await post({ query: `query cop { ${"__typename \n".repeat(500)} }` })),
    ).toBeNull();
  });

  test("no circular introspection", async () => {
    const query = `query cop { __schema { types { fields { type { fields { type { fields { type {
      fields { type { name } } } } } } } } } } }`;
    expect(dataOf(await post({ query }))).toBeNull();
  });

  test("no introspection", async () => {
    expect(dataOf(await post({ query: "query cop { __schema { types { name } } }" }))).toBeNull();
  });

  test("no field suggestions", async () => {
    const answer = await post({
      query: "query cop { __schema { directive } ordrs { totalCont } }",
    });
    expect(messages(answer)).not.toMatch(/did you mean/i);
  });

  test("no GraphiQL or playground", async () => {
    for (const path of ["", "/", "/../graphiql", "/../playground", "/../console"]) {
      const { text } = await send({ method: "GET", headers: { accept: "text/html" } }, path);
      expect(text).not.toMatch(/graphiql|playground/i);
    }
  });

  test("no tracing", async () => {
    const answer = await post({ query: "query cop { __typename }" });
    expect(answer.json).toEqual({ data: { __typename: "Query" } });
  });

  test("no query by GET", async () => {
    const answer = await send({ method: "GET" }, "?query=query%20cop%7B__typename%7D");
    expect([answer.status, dataOf(answer)]).toEqual([405, null]);
  });

  test("no mutation by GET", async () => {
    const answer = await send({ method: "GET" }, "?query=mutation%20cop%7B__typename%7D");
    expect([answer.status, dataOf(answer)]).toEqual([405, null]);
  });

  test("no query by a form, as another site could post one", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = "query=query%20cop%20%7B__typename%7D";
    const answer = await send({ method: "POST", headers, body });
    expect([answer.status, dataOf(answer)]).toEqual([415, null]);
  });

  test("no unhandled error", async () => {
    for (const body of [{}, { query: "qwerty cop { abc }" }, { query: null }, { qurey: 1 }]) {
      const answer = await post(body);
      expect(dataOf(answer)).toBeNull();
      expect(answer.text).not.toMatch(/exception|stack|node_modules|\.ts:|at /);
    }
  });
});
