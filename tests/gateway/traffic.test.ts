import type { IncomingMessage } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { addressOf } from "../../gateway/traffic/address.ts";
import { createBuckets } from "../../gateway/traffic/buckets.ts";
import { UNLIMITED } from "../../gateway/traffic/traffic.ts";
import { disposeLater, eventually } from "../support/servers.ts";
import { post } from "../support/graphql.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { openAcknowledged, openSocket } from "./socket.ts";

describe("a bucket", () => {
  test("holds ten seconds' worth, says how long to wait, and fills again", () => {
    let now = 0;
    const buckets = createBuckets(() => now);
    for (let n = 0; n < 20; n += 1) expect(buckets.take("ada", 1, 2)).toBe(0);
    expect(buckets.take("ada", 1, 2)).toBe(500);
    expect(buckets.take("bob", 1, 2)).toBe(0);
    now = 499;
    expect(buckets.take("ada", 1, 2)).toBeGreaterThan(0);
    now = 501;
    expect(buckets.take("ada", 1, 2)).toBe(0);
    now = 1_000_000;
    expect(buckets.take("ada", 20, 2)).toBe(0);
    expect(buckets.take("ada", 1, 2)).toBe(500);
  });

  test("lets something larger than itself pass when it is full, and makes it be paid for", () => {
    let now = 0;
    const buckets = createBuckets(() => now);
    expect(buckets.take("ada", 100, 2)).toBe(0);
    expect(buckets.take("ada", 1, 2)).toBeGreaterThan(40_000);
    now = 60_000;
    expect(buckets.take("ada", 1, 2)).toBe(0);
  });

  test("without a limit is never empty", () => {
    expect(createBuckets(() => 0).take("ada", 1e9, 0)).toBe(0);
  });
});

describe("the address of a request", () => {
  const from = (remoteAddress: string, forwarded?: string): IncomingMessage =>
    ({
      socket: { remoteAddress },
      headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
    }) as unknown as IncomingMessage;

  test.each([
    ["10.0.0.1", undefined, 0, "10.0.0.1"],
    ["::ffff:10.0.0.1", undefined, 0, "10.0.0.1"],
    ["10.0.0.1", "1.2.3.4", 0, "10.0.0.1"],
    ["10.0.0.1", "6.6.6.6, 1.2.3.4", 1, "1.2.3.4"],
    ["10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", 2, "1.2.3.4"],
    ["10.0.0.1", "1.2.3.4", 3, "1.2.3.4"],
    ["10.0.0.1", undefined, 1, "10.0.0.1"],
    ["2001:db8:1:2:3:4:5:6", undefined, 0, "2001:db8:1:2"],
    ["2001:db8::1", undefined, 0, "2001:db8:0:0"],
    ["::1", undefined, 0, "0:0:0:0"],
  ])("of %s with the header %s behind %i proxies is right", (remote, header, proxies, address) => {
    expect(addressOf(from(remote, header), proxies)).toBe(address);
  });
});

describe("a gateway with limits", () => {
  let shop: Shop;
  const query = "{ __typename }";
  /** A full bucket lets one pass; the next would have to wait for 100 seconds. */
  const ONE_AT_ALL = 0.01;

  beforeAll(async () => {
    shop = await openShop();
  });

  const limited = async (limits: Partial<typeof UNLIMITED>) => {
    const gateway = await shop.startAnother({ trafficLimits: { ...UNLIMITED, ...limits } });
    return { ...gateway, ask: (token: string | null) => post(gateway.url, token, { query }) };
  };

  test("answers 429 with the time to wait when a customer asks too often", async () => {
    const { url, ask } = await limited({ requestsPerCustomer: ONE_AT_ALL });
    const ada = shop.customer("ada");
    expect((await ask(ada)).status).toBe(200);
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${ada}`, "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(10);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: "RATE_LIMITED", retryable: true } }],
    });
    expect((await ask(shop.customer("bob"))).status).toBe(200);
    expect((await ask(shop.operator)).status).toBe(200);
  });

  test("counts both transports together", async () => {
    const { wsUrl, ask } = await limited({ requestsPerCustomer: ONE_AT_ALL });
    const ada = shop.customer("ada");
    const socket = await openAcknowledged(wsUrl, ada);
    await ask(ada);
    socket.send({ type: "subscribe", id: "1", payload: { query } });
    const { payload } = await socket.message(({ type }) => type === "error");
    expect(payload).toMatchObject([
      { extensions: { code: "RATE_LIMITED", retryAfterMs: expect.any(Number) as number } },
    ]);
    expect(socket.socket.readyState).toBe(WebSocket.OPEN);
  });

  test("counts what is asked for, not only how often", async () => {
    const { url } = await limited({ costPerCustomer: ONE_AT_ALL });
    const big = { query: "{ orders(first: 100) { nodes { id number } } }" };
    const ada = shop.customer("ada");
    expect((await post(url, ada, big)).status).toBe(200);
    expect((await post(url, ada, big)).status).toBe(429);
  });

  test("counts requests of an address that show no token as well", async () => {
    const { ask } = await limited({ requestsPerAddress: ONE_AT_ALL });
    expect((await ask(null)).status).toBe(401);
    expect((await ask(null)).status).toBe(429);
    expect((await ask(shop.operator)).status).toBe(429);
  });

  test("asks one socket too many to come again, until another has left", async () => {
    const { wsUrl } = await limited({ socketsPerCustomer: 2 });
    const ada = shop.customer("ada");
    const first = await openAcknowledged(wsUrl, ada);
    await openAcknowledged(wsUrl, ada);
    const third = await openSocket(wsUrl);
    third.send({ type: "connection_init", payload: { authorization: `Bearer ${ada}` } });
    expect(await third.closed).toMatchObject({ code: 1013 });
    await openAcknowledged(wsUrl, shop.customer("bob"));
    first.socket.close();
    await first.closed;
    // The gateway may learn a moment later than the client that the socket is gone.
    await eventually(async () => {
      const next = await openSocket(wsUrl);
      next.send({ type: "connection_init", payload: { authorization: `Bearer ${ada}` } });
      await eventually(() => next.frames.length > 0 || next.socket.readyState === WebSocket.CLOSED);
      return next.frames.join().includes("connection_ack");
    });
  });

  test("opens no more sockets from one address than it may have", async () => {
    const { wsUrl } = await limited({ socketsPerAddress: 1 });
    await openSocket(wsUrl);
    const second = new WebSocket(wsUrl, "graphql-transport-ws");
    disposeLater(() => {
      second.terminate();
      return Promise.resolve();
    });
    const status = await new Promise((resolve) => {
      second.on("error", () => undefined);
      second.on("unexpected-response", (_request, response) => resolve(response.statusCode));
    });
    expect(status).toBe(429);
  });

  test("answers 429 when too many payment notices come from one address", async () => {
    const readNotice = (): never => {
      throw Object.assign(new Error("nobody has signed this"), { code: "SIGNATURE_INVALID" });
    };
    const trafficLimits = { ...UNLIMITED, requestsPerAddress: 0.2 };
    const { webhookUrl } = await shop.startAnother({ readNotice, trafficLimits });
    const deliver = () => fetch(webhookUrl, { method: "POST", body: "{}" });
    expect([(await deliver()).status, (await deliver()).status]).toEqual([401, 401]);
    const refused = await deliver();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ error: { code: "RATE_LIMITED" } });
  });
});
