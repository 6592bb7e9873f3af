import { createHash } from "node:crypto";
import { seeded } from "../../cli/seeded.ts";
import { createEvtReader, connectNats, createMongoEventStore } from "../../log/index.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { createHistory, productCreated, published, stockAdjusted } from "../projections/history.ts";
import { watch } from "../support/graphql.ts";
import { disposeLater, eventually } from "../support/servers.ts";
import { openShop, quiet } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { openAcknowledged } from "./socket.ts";

const isLong = process.env["LONG"] === "1";
const CLIENTS = isLong ? 100 : 12;
const EVENTS = isLong ? 10_000 : 400;
const PRODUCTS = 25;
/** Cuts of one client, on the average. */
const CUTS = 5;
const STALLED = 30;
/** Events for the stalled, each of 100 kB: more than a kernel holds back for one socket. */
const STALLED_EVENTS = 400;
const DESCRIPTION = "d".repeat(5_000);
const MEMORY_MAX = 200 * 2 ** 20;

let shop: Shop;
const history = createHistory();

beforeAll(async () => {
  shop = await openShop();
});

const query = `subscription ($after: Cursor) { productFeed(after: $after) {
  __typename
  ... on ProductEvent { cursor event { id version } product { stock { onHand } } }
  ... on CaughtUp { cursor }
  ... on Reset { cursor reason }
} }`;

interface Item {
  readonly __typename: string;
  readonly cursor: string;
  readonly event?: { readonly id: string; readonly version: number };
}

/** Puts events into the log as commands would, with many products at once. */
async function append(count: number): Promise<void> {
  const store = createMongoEventStore(shop.database.db);
  const from = history.commits.length;
  for (let index = from; index < from + count; index += 1) {
    const sku = `TEA-${String(index % PRODUCTS)}`;
    if (index < PRODUCTS) history.product(sku, productCreated(sku, { description: DESCRIPTION }));
    else if (index < 2 * PRODUCTS) history.product(sku, published);
    else history.product(sku, stockAdjusted(1));
  }
  const commits = history.commits.slice(from);
  for (let index = 0; index < commits.length; index += PRODUCTS) {
    const results = await Promise.all(
      commits.slice(index, index + PRODUCTS).map((commit) => {
        return store.append(commit, Date.now() + 30_000);
      }),
    );
    expect(results.every(({ kind }) => kind === "landed")).toBe(true);
  }
}

/** The ids of the stream's events in its own order. */
async function streamed(): Promise<string[]> {
  const nats = await connectNats({ url: shop.nats.url, name: "check", logger: quiet });
  disposeLater(() => nats.close());
  const evt = createEvtReader(nats);
  const end = new AbortController();
  const ids: string[] = [];
  const { lastSequence } = await evt.info();
  for await (const { sequence, event } of evt.follow(0, { signal: end.signal })) {
    ids.push(event.id);
    if (sequence >= lastSequence) end.abort();
  }
  return ids;
}

describe("clients that are cut off at random", () => {
  const load = `${String(CLIENTS)} clients, ${String(EVENTS)} events`;
  test(`miss nothing and see nothing twice or out of order: ${load}`, async () => {
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      const random = seeded(20_261_125 + index);
      const client = watch<Item>({
        url: shop.wsUrl,
        token: shop.operator,
        query,
        pick: (data) => {
          const item = data["productFeed"] as Item;
          // Cut where the client itself does not expect it: while an item is being taken.
          if (random() < CUTS / EVENTS) setImmediate(() => client.cut());
          return { item, cursor: item.cursor };
        },
      });
      return client;
    });
    for (const { items } of clients) await eventually(() => items.length > 0);
    await append(EVENTS);
    const idsOf = (items: readonly Item[]): string[] =>
      items.flatMap(({ event }) => (event === undefined ? [] : [event.id]));
    for (const { items } of clients) {
      const options = { timeoutMs: 300_000, description: "every event at every client" };
      await eventually(() => idsOf(items).length >= EVENTS, options);
    }
    const expected = digest((await streamed()).slice(-EVENTS));
    for (const client of clients) {
      const { items } = client;
      expect(items.filter(({ __typename }) => __typename === "Reset")).toEqual([]);
      expect(digest(idsOf(items))).toEqual(expected);
      await client.close();
    }
  }, 600_000);
});

describe("readers that stall", () => {
  test("are cut off before they cost much memory, while another reads on", async () => {
    const wide = Array.from({ length: 20 }, (_, n) => `a${String(n)}: description`).join(" ");
    const large = `subscription { productFeed { __typename
        ... on CaughtUp { cursor }
        ... on ProductEvent { cursor product { ${wide} } } } }`;
    const sockets = [];
    for (let index = 0; index < STALLED; index += 1) {
      const socket = await openAcknowledged(shop.wsUrl, shop.operator);
      socket.send({ type: "subscribe", id: "1", payload: { query: large } });
      await socket.message(({ type }) => type === "next");
      sockets.push(socket);
    }
    // Whoever still reads alone is not sent more than it takes, and so not cut either: an event
    // that all have seen hands everybody over to the hub.
    await append(1);
    for (const socket of sockets) {
      await socket.message((message) => JSON.stringify(message).includes("ProductEvent"));
      socket.socket.pause();
    }
    const reader = await openAcknowledged(shop.wsUrl, shop.operator);
    reader.send({ type: "subscribe", id: "1", payload: { query } });
    await reader.message(({ type }) => type === "next");
    const before = process.memoryUsage().rss;
    let most = before;
    const watching = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
    disposeLater(() => {
      clearInterval(watching);
      return Promise.resolve();
    });
    await append(STALLED_EVENTS);
    const events = () => reader.frames.filter((frame) => frame.includes("ProductEvent")).length;
    await eventually(() => events() >= STALLED_EVENTS, { timeoutMs: 120_000 });
    const closed = sockets.map(async (socket) => {
      socket.socket.resume();
      return (await socket.closed).code;
    });
    // Cut without a close frame, which could not have arrived.
    expect(new Set(await Promise.all(closed))).toEqual(new Set([1006]));
    expect(most - before).toBeLessThan(MEMORY_MAX);
  }, 300_000);
});

function digest(ids: readonly string[]): readonly [number, string] {
  return [ids.length, createHash("sha256").update(ids.join("\n")).digest("hex")];
}
