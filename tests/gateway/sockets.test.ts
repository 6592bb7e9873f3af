import { stringifyMessage, MessageType } from "graphql-ws";
import { beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { samplesIn } from "../support/samples.ts";
import { eventually } from "../support/servers.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { openAcknowledged, openSocket } from "./socket.ts";
import type { RawSocket } from "./socket.ts";

const feed = "subscription { orderFeed { ... on CaughtUp { cursor } } }";
const FLOOD = process.env["LONG"] === "1" ? 10_000 : 2_000;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

const acknowledged = (): Promise<RawSocket> => openAcknowledged(shop.wsUrl, shop.customer());

/** Somebody else is served as if nothing had happened. */
async function expectService(): Promise<void> {
  const other = await acknowledged();
  other.send({ type: "subscribe", id: "1", payload: { query: feed } });
  await other.message(({ type }) => type === "next");
  other.socket.terminate();
}

describe("a socket that is abused", () => {
  test("by binary frames is closed with 1003", async () => {
    const socket = await acknowledged();
    socket.socket.send(Buffer.from(JSON.stringify({ type: "ping" })));
    socket.send({ type: "ping" });
    expect((await socket.closed).code).toBe(1003);
    expect(socket.frames.join()).not.toContain("pong");
  });

  test("by binary frames before it is acknowledged is closed with 1003", async () => {
    const socket = await openSocket(shop.wsUrl);
    socket.socket.send(Buffer.alloc(1_000));
    expect((await socket.closed).code).toBe(1003);
  });

  test(`by ${String(FLOOD)} subscribes has a hundred, and an error for each other`, async () => {
    const socket = await acknowledged();
    for (let index = 0; index < FLOOD; index += 1) {
      socket.send({ type: "subscribe", id: String(index), payload: { query: feed } });
    }
    const count = (type: string): number =>
      socket.frames.filter((frame) => frame.includes(`"type":"${type}"`)).length;
    await eventually(() => count("error") === FLOOD - 100);
    await eventually(() => {
      const ids = socket.frames.filter(
        (frame) => frame.includes("CaughtUp") || frame.includes("cursor"),
      );
      return new Set(ids.map((frame) => (JSON.parse(frame) as { id: string }).id)).size === 100;
    });
    await expectService();
    socket.socket.terminate();
  });

  test("by using one id again and again in one breath leaves nothing behind", async () => {
    const socket = await acknowledged();
    const pair = [
      { type: "subscribe", id: "same", payload: { query: feed } },
      { type: "complete", id: "same" },
    ];
    socket.sendTogether(Array.from({ length: 500 }, () => pair).flat());
    socket.send({ type: "subscribe", id: "last", payload: { query: feed } });
    await socket.message(({ id, type }) => id === "last" && type === "next");
    // None of them takes a place among the hundred, but for the one that may still run.
    for (let index = 0; index < 98; index += 1) {
      socket.send({ type: "subscribe", id: `n${String(index)}`, payload: { query: feed } });
    }
    await socket.message(({ id, type }) => id === "n97" && type === "next");
    expect(socket.frames.join()).not.toContain("Too many operations");
    const page = async () => (await fetch(new URL("/metrics", shop.url))).text();
    await eventually(async () => samplesIn(await page()).get("statecart_subscriptions") === 99);
    socket.socket.terminate();
    await eventually(async () => samplesIn(await page()).get("statecart_subscriptions") === 0);
  });

  test("by asking and never reading is cut off", async () => {
    const socket = await acknowledged();
    const { socket: client } = socket;
    client.pause();
    const text = JSON.stringify({ type: "ping", payload: { x: "p".repeat(60_000) } });
    let isClosed = false;
    client.on("error", () => (isClosed = true));
    client.on("close", () => (isClosed = true));
    for (let sent = 0; sent < 2_000 && !isClosed; sent += 1) {
      await new Promise<void>((resolve) => client.send(text, () => resolve()));
      // A paused socket learns of its end only when it looks.
      if (sent % 100 === 99) isClosed ||= client.readyState !== WebSocket.OPEN;
    }
    client.resume();
    expect((await socket.closed).code).toBe(1006);
    await expectService();
  });

  test("by pings of the WebSocket itself and never reading is cut off", async () => {
    const socket = await acknowledged();
    const { socket: client } = socket;
    client.on("error", () => undefined);
    client.pause();
    const payload = Buffer.alloc(125);
    for (let sent = 0; sent < 200_000 && client.readyState === WebSocket.OPEN; sent += 1_000) {
      await new Promise<void>((resolve) => {
        for (let index = 0; index < 999; index += 1) client.ping(payload);
        client.ping(payload, true, () => resolve());
      });
    }
    client.resume();
    expect((await socket.closed).code).toBe(1006);
    await expectService();
  });

  test("by being left half open is ended, and the others are not", async () => {
    // Long enough for a busy machine to answer in.
    const { wsUrl } = await shop.startAnother({ pingIntervalMs: 1_500 });
    const quiet = await openAcknowledged(wsUrl, shop.customer());
    const gone = await openAcknowledged(wsUrl, shop.customer());
    gone.socket.pause();
    const pings = new Set<number>();
    quiet.socket.on("ping", () => pings.add(Date.now()));
    await eventually(() => pings.size >= 3);
    gone.socket.resume();
    expect((await gone.closed).code).toBe(1006);
    expect(quiet.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe("a subscription over the protocol", () => {
  test("gets nothing more after it has completed", async () => {
    const socket = await acknowledged();
    socket.send({ type: "subscribe", id: "a", payload: { query: feed } });
    await socket.message(({ id, type }) => id === "a" && type === "next");
    socket.send({ type: "complete", id: "a" });
    socket.send({ type: "subscribe", id: "b", payload: { query: feed } });
    await socket.message(({ id, type }) => id === "b" && type === "next");
    const before = socket.frames.filter((frame) => frame.includes('"id":"a"')).length;
    await eventually(() => socket.frames.filter((frame) => frame.includes('"id":"b"')).length > 3);
    expect(socket.frames.filter((frame) => frame.includes('"id":"a"'))).toHaveLength(before);
    expect(socket.frames.join()).not.toContain('"type":"complete"');
  });

  test("may use an id again once it has completed", async () => {
    const socket = await acknowledged();
    for (let round = 1; round <= 3; round += 1) {
      socket.send({ type: "subscribe", id: "a", payload: { query: feed } });
      await eventually(() => socket.frames.length > round);
      socket.send({ type: "complete", id: "a" });
      socket.send({ type: "ping", payload: { round } });
      await socket.message(({ type, payload }) => {
        return type === "pong" && (payload as { round: number }).round === round;
      });
    }
    expect(socket.socket.readyState).toBe(WebSocket.OPEN);
  });

  test("shares its socket with queries, pings and the end of what is unknown", async () => {
    const socket = await acknowledged();
    socket.send({ type: "subscribe", id: "a", payload: { query: feed } });
    socket.send({ type: "complete", id: "never seen" });
    socket.send({ type: "pong" });
    socket.send({ type: "ping", payload: { at: 1 } });
    await socket.message(({ type }) => type === "pong");
    expect(socket.frames).toContain(
      stringifyMessage({ type: MessageType.Pong, payload: { at: 1 } }),
    );
    await socket.message(({ id, type }) => id === "a" && type === "next");
  });

  test("is asked for by variables that fit, else gets one error", async () => {
    const socket = await acknowledged();
    const query = "subscription ($id: UUID!) { orderEvents(id: $id) { __typename } }";
    socket.send({ type: "subscribe", id: "a", payload: { query, variables: { id: "x" } } });
    const { payload } = await socket.message(({ id }) => id === "a");
    expect(JSON.stringify(payload)).toContain("BAD_USER_INPUT");
    const two = "subscription { a: orderFeed { __typename } b: orderFeed { __typename } }";
    socket.send({ type: "subscribe", id: "b", payload: { query: two } });
    const { type } = await socket.message(({ id }) => id === "b");
    expect(type).toBe("error");
  });
});
