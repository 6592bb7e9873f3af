import { once } from "node:events";
import { beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { openAcknowledged, openSocket } from "./socket.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

const feed = "subscription { orderFeed { ... on CaughtUp { cursor } } }";

describe("a socket is closed", () => {
  test("with 4406 when it does not speak the protocol", async () => {
    const socket = new WebSocket(shop.wsUrl);
    const [code] = (await once(socket, "close")) as [number];
    expect(code).toBe(4406);
  });

  test.each([
    ["no JSON", "not json"],
    ["an unknown type", { type: "start", id: "1" }],
    ["no id", { type: "subscribe", payload: { query: feed } }],
    ["no query", { type: "subscribe", id: "1", payload: {} }],
  ])("with 4400 for a message that has %s", async (_what, message) => {
    const socket = await openAcknowledged(shop.wsUrl, shop.customer());
    socket.send(message);
    expect((await socket.closed).code).toBe(4400);
  });

  test("with 4401 when it subscribes before it is acknowledged", async () => {
    const socket = await openSocket(shop.wsUrl);
    socket.send({ type: "subscribe", id: "1", payload: { query: feed } });
    expect((await socket.closed).code).toBe(4401);
  });

  test.each([
    ["no token", {}],
    ["another scheme", { authorization: "Basic YTpi" }],
    ["a token of no one", { authorization: "Bearer abc.def.ghi" }],
    ["a token that is no text", { authorization: 5 }],
  ])("with 4401 for %s", async (_what, payload) => {
    const socket = await openSocket(shop.wsUrl);
    socket.send({ type: "connection_init", payload });
    expect((await socket.closed).code).toBe(4401);
    expect(socket.frames).toEqual([]);
  });

  test("with 4403 for a token that has expired", async () => {
    const now = Math.floor(Date.now() / 1_000);
    const token = shop.signer.sign({ iat: now - 60, exp: now - 1 });
    const socket = await openSocket(shop.wsUrl);
    socket.send({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
    expect((await socket.closed).code).toBe(4403);
  });

  test("with 4403 when its token expires while it is open", async () => {
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const socket = await openAcknowledged(shop.wsUrl, shop.signer.sign({ exp }));
    socket.send({ type: "subscribe", id: "1", payload: { query: feed } });
    expect((await socket.closed).code).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000 - 50);
  });

  test("with 4408 when it never asks to be acknowledged", async () => {
    const socket = await openSocket(shop.wsUrl);
    expect((await socket.closed).code).toBe(4408);
  });

  test("with 4409 when it uses an id twice", async () => {
    const socket = await openAcknowledged(shop.wsUrl, shop.customer());
    const message = { type: "subscribe", id: "1", payload: { query: feed } };
    socket.send(message);
    socket.send(message);
    expect((await socket.closed).code).toBe(4409);
  });

  test("with 4429 when it asks twice to be acknowledged", async () => {
    const socket = await openAcknowledged(shop.wsUrl, shop.customer());
    socket.send({ type: "connection_init" });
    expect((await socket.closed).code).toBe(4429);
  });

  test("with 1009 for a message that is too large", async () => {
    const socket = await openAcknowledged(shop.wsUrl, shop.customer());
    socket.send("x".repeat(65_537));
    expect((await socket.closed).code).toBe(1009);
  });
});

describe("an upgrade is refused", () => {
  const statusOf = async (url: string, headers: Record<string, string> = {}): Promise<string> => {
    const socket = new WebSocket(url, "graphql-transport-ws", { headers });
    const [error] = (await once(socket, "error")) as [Error];
    return error.message;
  };

  test("on another path", async () => {
    expect(await statusOf(shop.wsUrl.replace("/graphql", "/other"))).toContain("404");
  });

  test("from a page of another origin", async () => {
    expect(await statusOf(shop.wsUrl, { origin: "https://evil.example" })).toContain("403");
    const own = await openSocket(shop.wsUrl, { headers: { origin: new URL(shop.url).origin } });
    expect(own.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe("an operation on a socket", () => {
  test("answers queries and mutations, each with next and complete", async () => {
    const socket = await openAcknowledged(shop.wsUrl, shop.operator);
    const query = "{ products(first: 0) { totalCount } }";
    socket.send({ type: "subscribe", id: "q", payload: { query } });
    await socket.message(({ type, id }) => type === "complete" && id === "q");
    expect(socket.frames.slice(1).map((frame) => JSON.parse(frame) as object)).toEqual([
      { id: "q", type: "next", payload: { data: { products: { totalCount: 0 } } } },
      { id: "q", type: "complete" },
    ]);
  });

  test("answers a document that is not valid with one error and nothing after", async () => {
    const socket = await openAcknowledged(shop.wsUrl, shop.customer());
    socket.send({ type: "subscribe", id: "e", payload: { query: "{ nothing }" } });
    await socket.message(({ type, id }) => type === "error" && id === "e");
    socket.send({ type: "ping" });
    await socket.message(({ type }) => type === "pong");
    expect(socket.frames.filter((frame) => frame.includes('"e"'))).toHaveLength(1);
    expect(socket.frames.join()).toContain("GRAPHQL_VALIDATION_FAILED");
  });

  test("answers a foreign scope with FORBIDDEN", async () => {
    const socket = await openAcknowledged(shop.wsUrl, shop.customer());
    const query = `mutation { publishProduct(input: {
      productId: "5c8a1d5e-0c1f-5f0e-9d56-5a0f5c1e7a01" }) { version } }`;
    socket.send({ type: "subscribe", id: "f", payload: { query } });
    const { payload } = await socket.message(({ id, type }) => id === "f" && type === "next");
    expect(payload).toMatchObject({ errors: [{ extensions: { code: "FORBIDDEN" } }] });
  });

  test("is one of at most a hundred", async () => {
    const socket = await openAcknowledged(shop.wsUrl, shop.customer());
    for (let index = 0; index <= 100; index += 1) {
      socket.send({ type: "subscribe", id: String(index), payload: { query: feed } });
    }
    const { id, payload } = await socket.message(({ type }) => type === "error");
    expect(id).toBe("100");
    expect(payload).toMatchObject([{ extensions: { code: "LIMIT_EXCEEDED" } }]);
  });

  test("has an id of bounded length", async () => {
    const socket = await openAcknowledged(shop.wsUrl, shop.customer());
    const id = "i".repeat(129);
    socket.send({ type: "subscribe", id, payload: { query: feed } });
    const { payload } = await socket.message(({ type }) => type === "error");
    expect(payload).toMatchObject([{ extensions: { code: "LIMIT_EXCEEDED" } }]);
  });

  test("sends nothing more once it is completed", async () => {
    const socket = await openAcknowledged(shop.wsUrl, shop.customer());
    socket.send({ type: "subscribe", id: "1", payload: { query: feed } });
    await socket.message(({ type }) => type === "next");
    socket.send({ type: "complete", id: "1" });
    socket.send({ type: "ping", payload: { after: "complete" } });
    await socket.message(({ type }) => type === "pong");
    const count = socket.frames.length;
    socket.send({ type: "subscribe", id: "2", payload: { query: feed } });
    await socket.message(({ id }) => id === "2");
    const late = socket.frames.slice(count).map((frame) => JSON.parse(frame) as { id?: string });
    expect(late.filter(({ id }) => id === "1")).toEqual([]);
  });
});
