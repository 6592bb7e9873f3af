import { request as httpRequest } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";

let shop: Shop;
let base: string;

beforeAll(async () => {
  shop = await openShop({
    development: { token: "development-token" },
    allowedOrigins: ["https://shop.example"],
    readiness: () => Promise.resolve({ isReady: false, details: { mongodb: "away" } }),
  });
  base = new URL(shop.url).origin;
});

const query = JSON.stringify({ query: "{ __typename }" });

function send(body: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `Bearer ${shop.operator}`;
  const all = { authorization, "content-type": "application/json", ...headers };
  return fetch(shop.url, { method: "POST", headers: all, body });
}

describe("a request", () => {
  test("without a token is refused with 401 and an error that GraphQL clients read", async () => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(shop.url, { method: "POST", headers, body: query });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: "UNAUTHENTICATED", retryable: false } }],
    });
  });

  test.each([
    ["larger than 32 KB", `{"query":"${"x".repeat(33_000)}"}`, 413, "LIMIT_EXCEEDED"],
    ["a batch", `[${query}]`, 400, "BAD_REQUEST"],
    ["no JSON", "{", 400, "BAD_REQUEST"],
    ["empty", "", 400, "BAD_REQUEST"],
    ["without a query", "{}", 400, "BAD_REQUEST"],
    ["with a query that is no text", '{"query":5}', 400, "BAD_REQUEST"],
  ])("that is %s is refused", async (_what, body, status, code) => {
    const response = await send(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  test("that streams more than 32 KB is refused as well", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${shop.operator}` };
      const options = {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
      };
      const request = httpRequest(shop.url, options, (response) => resolve(response.statusCode));
      request.on("error", reject);
      request.write(`{"query":"${"x".repeat(40_000)}`);
      request.flushHeaders();
    });
    expect(status).toBe(413);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
    "of the type %s, which a page may send without asking, is refused",
    async (type) => {
      expect((await send(query, { "content-type": type })).status).toBe(415);
    },
  );

  test("keeps the correlation id it came with, and gets one otherwise", async () => {
    const named = await send(query, { "x-correlation-id": "shop-42" });
    expect(named.headers.get("x-correlation-id")).toBe("shop-42");
    for (const bad of [{}, { "x-correlation-id": "a b" }]) {
      const response = await send(query, bad);
      expect(response.headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test("of another method or path is refused", async () => {
    expect((await fetch(shop.url, { method: "PUT" })).status).toBe(405);
    expect((await fetch(`${base}/elsewhere`)).status).toBe(404);
  });
});

describe("a web page", () => {
  const preflight = (origin: string): Promise<Response> =>
    fetch(shop.url, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });

  test("of an allowed origin may send and read", async () => {
    const asked = await preflight("https://shop.example");
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-headers")).toContain("authorization");
    const response = await send(query, { origin: "https://shop.example" });
    expect(response.headers.get("access-control-allow-origin")).toBe("https://shop.example");
  });

  test("of another origin may not", async () => {
    expect((await preflight("https://evil.example")).status).toBe(403);
    const response = await send(query, { origin: "https://evil.example" });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("GraphiQL", () => {
  const page = (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(shop.url, { headers: { accept: "text/html", ...headers } });

  test("is a page whose every file comes from here", async () => {
    const html = await (await page()).text();
    const found = html.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g);
    const links = [...found].map(([, link]) => link ?? "");
    expect(links).toHaveLength(5);
    for (const link of links) {
      const response = await fetch(`${base}${link}`);
      expect([link, response.status]).toEqual([link, 200]);
      expect((await response.text()).length).toBeGreaterThan(100);
    }
    expect((await fetch(`${base}/graphiql/package.json`)).status).toBe(404);
  });

  test("holds the development token only under a local name", async () => {
    expect(await (await page()).text()).toContain("development-token");
    const html = await new Promise<string>((resolve) => {
      const headers = { accept: "text/html", host: "rebound.example" };
      httpRequest(shop.url, { headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve(text));
      }).end();
    });
    expect(html).toContain("GraphiQL");
    expect(html).not.toContain("development-token");
  });
});

describe("health", () => {
  test("is alive while it is not ready, and says what is away", async () => {
    expect((await fetch(`${base}/livez`)).status).toBe(200);
    const ready = await fetch(`${base}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ready: false, mongodb: "away", isDraining: false });
  });
});
