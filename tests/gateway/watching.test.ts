import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/servers.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { subscribe } from "./subscription.ts";
import type { Item, Subscription } from "./subscription.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
  await sell(shop, "TEA-1");
});

const watching = (token: string, query: string, variables: object = {}): Promise<Subscription> =>
  subscribe({ url: shop.wsUrl, token, query, variables });

const isCaughtUp = ({ __typename }: Item): boolean => __typename === "CaughtUp";
const upTo = (id: string, version: number): string[] =>
  Array.from({ length: version }, (_, index) => `${id}/${String(index + 1)}`);

async function order(subject: string): Promise<string> {
  const token = shop.customer(subject);
  const { order: created } = await run(shop, token, ["createOrder", "order", orderOf("TEA-1")]);
  return String(created?.["id"]);
}

async function cancel(subject: string, orderId: string): Promise<void> {
  const input = { orderId, reason: "CUSTOMER" };
  await run(shop, shop.customer(subject), ["cancelOrder", "order", input]);
}

describe("the events of one order", () => {
  const query = `subscription ($id: UUID!, $after: Cursor) { orderEvents(id: $id, after: $after) {
    __typename
    ... on OrderEvent { cursor event { id type version } order { id status version } }
    ... on CaughtUp { cursor }
    ... on Reset { cursor reason }
  } }`;

  test("come from the first, then live, to everyone who watches it", async () => {
    const id = await order("ada");
    const early = await watching(shop.customer("ada"), query, { id });
    await early.item(isCaughtUp);
    expect(early.events()).toEqual(upTo(id, 2));
    const late = await watching(shop.customer("ada"), query, { id });
    const operator = await watching(shop.operator, query, { id });
    await cancel("ada", id);
    for (const reader of [early, late, operator]) {
      await reader.item(({ event }) => event?.version === 3);
      await eventually(() => reader.items().filter(isCaughtUp).length > 2);
      const { length } = reader.events();
      expect(reader.events()).toEqual(upTo(id, length));
    }
    const nexts = (reader: Subscription): string[] =>
      reader.socket.frames.filter((frame) => frame.includes('"OrderEvent"'));
    expect(nexts(late)).toEqual(nexts(early));
    expect(nexts(operator)).toEqual(nexts(early));
  });

  test("go on after any cursor with nothing missed and nothing twice", async () => {
    const id = await order("ada");
    await cancel("ada", id);
    const all = await watching(shop.operator, query, { id });
    await all.item(isCaughtUp);
    const items = all.items().filter(({ event }) => event !== undefined);
    expect(items.length).toBeGreaterThan(2);
    for (const [index, { cursor }] of items.entries()) {
      const resumed = await watching(shop.operator, query, { id, after: cursor });
      await resumed.item(isCaughtUp);
      expect(resumed.events()).toEqual(upTo(id, items.length).slice(index + 1));
      resumed.socket.socket.terminate();
    }
  });

  test("of another customer look like those of no order", async () => {
    const id = await order("ada");
    const productId = await sell(shop, "TEA-2");
    const nowhere = "5c8a1d5e-0c1f-5f0e-9d56-5a0f5c1e7a01";
    for (const [token, wanted] of [
      [shop.customer("eve"), id],
      [shop.customer("eve"), nowhere],
      [shop.customer("eve"), productId],
      [shop.operator, productId],
      [shop.operator, nowhere],
    ] as const) {
      const answer = await watching(token, query, { id: wanted });
      const [frame] = answer.socket.frames.slice(1).map((text) => JSON.parse(text) as object);
      expect(frame).toMatchObject({
        payload: { errors: [{ message: /no such order/, extensions: { code: "NOT_FOUND" } }] },
      });
      expect(answer.socket.frames.join()).not.toContain(productId);
    }
  });

  test("start anew from a cursor that is none of that order", async () => {
    const id = await order("ada");
    const other = await order("ada");
    const foreign = await watching(shop.operator, query, { id: other });
    const { cursor } = await foreign.item(isCaughtUp);
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const [, mark] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as [number, string];
    const forged = ["x", cursor.slice(0, 9), cursor, encoded([-1, mark]), encoded([1e15, mark])];
    for (const after of forged) {
      const reader = await watching(shop.operator, query, { id, after });
      expect(reader.items()[0]).toMatchObject({ __typename: "Reset", reason: "CURSOR_INVALID" });
      await reader.item(isCaughtUp);
      expect(reader.events()).toEqual([]);
      reader.socket.socket.terminate();
    }
    const far = await watching(shop.operator, query, { id: other, after: encoded([9, mark]) });
    expect(far.items()[0]).toMatchObject({ __typename: "Reset" });
  });

  test("of a product are for those who run the shop", async () => {
    const text = `subscription ($id: UUID!) { productEvents(id: $id) { __typename
      ... on ProductEvent { cursor event { id type version } } ... on CaughtUp { cursor } } }`;
    const id = await sell(shop, "TEA-3");
    const operator = await watching(shop.operator, text, { id });
    await operator.item(isCaughtUp);
    expect(operator.events()).toEqual(upTo(id, 2));
    const customer = await watching(shop.customer(), text, { id });
    expect(customer.socket.frames.join()).toContain("FORBIDDEN");
  });
});

describe("stock alerts", () => {
  const query = `subscription ($threshold: Int! = 5, $after: Cursor) {
    stockAlerts(threshold: $threshold, after: $after) {
      __typename
      ... on StockAlert { cursor kind available event { id type version } product { sku } }
      ... on CaughtUp { cursor }
      ... on Reset { cursor reason }
    }
  }`;
  const adjust = (productId: string, delta: number): Promise<unknown> =>
    run(shop, shop.operator, ["adjustStock", "product", { productId, delta, reason: "count" }]);

  test("tell each fall, each shortage and each recovery once, and resume", async () => {
    const reader = await watching(shop.operator, query);
    const start = await reader.item(isCaughtUp);
    const id = await sell(shop, "TEA-4");
    for (const delta of [-2, -3, -1, -4, 2, 3, 10, -10]) await adjust(id, delta);
    await run(shop, shop.operator, ["discontinueProduct", "product", { productId: id }]);
    await reader.item(({ kind }) => kind === "WITHDRAWN");
    const told = (of: Subscription): unknown[] =>
      of.items().flatMap(({ kind, available }) => (kind === undefined ? [] : [[kind, available]]));
    const expected = [
      ["LOW", 5],
      ["OUT", 0],
      ["LOW", 2],
      ["RECOVERED", 15],
      ["LOW", 5],
      ["WITHDRAWN", 5],
    ];
    expect(told(reader)).toEqual(expected);
    const resumed = await watching(shop.operator, query, { after: start.cursor });
    await resumed.item(({ kind }) => kind === "WITHDRAWN");
    expect(told(resumed)).toEqual(expected);
  });

  test("are for those who run the shop, and take no threshold below zero", async () => {
    const customer = await watching(shop.customer(), query);
    expect(customer.socket.frames.join()).toContain("FORBIDDEN");
    const negative = await watching(shop.operator, query, { threshold: -1 });
    expect(negative.socket.frames.join()).toContain("BAD_USER_INPUT");
  });
});

describe("the statistics feed", () => {
  const query = `subscription { statisticsFeed {
    __typename at count byStatus { status count sums { count total { minor currency } } }
  } }`;
  interface Figures {
    readonly at: string;
    readonly count: number;
    readonly byStatus: readonly { readonly status: string; readonly count: number }[];
  }
  const figures = (of: Subscription): Figures[] => of.items() as unknown as Figures[];
  const countOf = (of: Figures | undefined, status: string): number =>
    of?.byStatus.find((sums) => sums.status === status)?.count ?? 0;

  test("tells everyone the same figures: those of now, then those of every change", async () => {
    const early = await watching(shop.operator, query);
    const [before] = figures(early);
    const id = await order("ada");
    await order("bob");
    await cancel("ada", id);
    const last = (): Figures | undefined => figures(early).at(-1);
    await eventually(() => last()?.count === (before?.count ?? 0) + 2);
    await eventually(() => countOf(last(), "CANCELLING") > countOf(before, "CANCELLING"));
    expect(countOf(last(), "PENDING")).toBe(countOf(before, "PENDING") + 1);
    const late = await watching(shop.operator, query);
    await order("ada");
    await eventually(() => figures(late).at(-1)?.count === (before?.count ?? 0) + 3);
    await eventually(() => last()?.count === (before?.count ?? 0) + 3);
    const after = early.socket.frames.slice(
      early.socket.frames.indexOf(late.socket.frames[1] ?? ""),
    );
    const shared = Math.min(after.length, late.socket.frames.length - 1);
    expect(shared).toBeGreaterThan(1);
    expect(late.socket.frames.slice(1, 1 + shared)).toEqual(after.slice(0, shared));
    const times = figures(early).map(({ at }) => Date.parse(at));
    for (const [index, at] of times.slice(1).entries()) {
      // A millisecond for the clock's own steps.
      expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(999);
    }
  });

  test("is for those who run the shop", async () => {
    const customer = await watching(shop.customer(), query);
    expect(customer.socket.frames.join()).toContain("FORBIDDEN");
  });
});
