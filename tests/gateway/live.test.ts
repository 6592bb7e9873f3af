import { stripIgnoredCharacters } from "graphql";
import { stringifyMessage } from "graphql-ws";
import type { NextMessage } from "graphql-ws";
import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/servers.ts";
import { watch } from "../support/graphql.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";
import { openAcknowledged } from "./socket.ts";
import type { RawSocket } from "./socket.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
  await sell(shop, "TEA-1");
});

const query = stripIgnoredCharacters(`subscription Orders($filter: OrderWhere, $after: Cursor) {
  orderFeed(filter: $filter, after: $after) {
    __typename
    ... on OrderEvent { cursor change event { id type version at commandId } order {
      id number status customerId total { decimal currency } allowedCommands { command allowed }
    } }
    ... on CaughtUp { cursor }
    ... on Reset { cursor reason }
  }
}`);

interface Item {
  readonly __typename: string;
  readonly cursor: string;
  readonly change?: string;
  readonly event?: { readonly id: string; readonly type: string };
  readonly order?: { readonly id: string; readonly customerId: string };
  readonly reason?: string;
}

const itemsOf = (socket: RawSocket, id = "1"): Item[] =>
  socket.frames
    .map((frame) => JSON.parse(frame) as { id?: string; type: string; payload?: unknown })
    .filter((message) => message.type === "next" && message.id === id)
    .map(({ payload }) => (payload as { data: { orderFeed: Item } }).data.orderFeed);

const eventsOf = (items: readonly Item[]): string[] =>
  items.flatMap(({ event }) => (event === undefined ? [] : [event.id]));

/** An order begins with two events: its creation and the wish for its first line. */
const begun = (id: string): string[] => [`${id}/1`, `${id}/2`];

async function subscribed(token: string, variables: object = {}): Promise<RawSocket> {
  const socket = await openAcknowledged(shop.wsUrl, token);
  socket.send({ type: "subscribe", id: "1", payload: { query, variables } });
  await socket.message(({ type }) => type === "next");
  return socket;
}

async function order(subject: string): Promise<string> {
  const token = shop.customer(subject);
  const { order: created } = await run(shop, token, ["createOrder", "order", orderOf("TEA-1")]);
  return String(created?.["id"]);
}

describe("a live feed", () => {
  test("says first that it has caught up, then sends what happens", async () => {
    const socket = await subscribed(shop.operator);
    const id = await order("ada");
    await eventually(() => eventsOf(itemsOf(socket)).includes(`${id}/1`));
    const items = itemsOf(socket);
    expect(items[0]?.__typename).toBe("CaughtUp");
    const item = items.find(({ event }) => event?.id === `${id}/1`);
    expect(item).toMatchObject({
      __typename: "OrderEvent",
      change: "CHANGED",
      event: { type: "OrderCreated", version: 1 },
      order: { id, status: "PENDING", customerId: "ada", total: { decimal: "12.50" } },
    });
  });

  test("sends every reader the bytes of graphql-ws, however it came to the hub", async () => {
    const early = await subscribed(shop.operator);
    const first = await order("ada");
    await eventually(() => eventsOf(itemsOf(early)).includes(`${first}/1`));
    const late = await subscribed(shop.operator);
    const resumed = await subscribed(shop.operator, { after: itemsOf(early)[0]?.cursor });
    const second = await order("ada");
    const third = await order("bob");
    for (const socket of [early, late, resumed]) {
      await eventually(() => eventsOf(itemsOf(socket)).includes(`${third}/1`));
    }
    const framesOf = (socket: RawSocket, id: string): string[] =>
      socket.frames.filter((frame) => frame.includes(`"${id}/1"`));
    expect(framesOf(early, first)).toEqual(framesOf(resumed, first));
    expect(framesOf(late, first)).toEqual([]);
    for (const frame of early.frames) {
      expect(frame).toBe(stringifyMessage(JSON.parse(frame) as NextMessage));
    }
    for (const id of [second, third]) {
      expect(framesOf(early, id)).toHaveLength(1);
      expect(framesOf(late, id)).toEqual(framesOf(early, id));
      expect(framesOf(resumed, id)).toEqual(framesOf(early, id));
    }
  });

  test("resumes after a cursor with nothing missed and nothing twice", async () => {
    // A customer of its own: what others did a moment ago may still be on its way.
    const filter = { customerId: "rhea" };
    const before = await subscribed(shop.operator, { filter });
    const start = itemsOf(before).at(-1)?.cursor;
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.push(...begun(await order("rhea")));
    await eventually(() => eventsOf(itemsOf(before)).length === ids.length);
    const all = itemsOf(before).filter(({ event }) => event !== undefined);
    for (const [index, { cursor }] of [{ cursor: start }, ...all].entries()) {
      const socket = await subscribed(shop.operator, { filter, after: cursor });
      await socket.message(({ payload }) => JSON.stringify(payload ?? {}).includes("CaughtUp"));
      expect(eventsOf(itemsOf(socket))).toEqual(ids.slice(index));
      socket.socket.terminate();
    }
  });

  test("starts anew from a cursor that it does not know", async () => {
    const socket = await subscribed(shop.operator, { after: "nonsense" });
    expect(itemsOf(socket)[0]).toMatchObject({ __typename: "Reset", reason: "CURSOR_INVALID" });
  });

  test("shows a customer nobody's orders but their own, with or without a filter", async () => {
    const own = await subscribed(shop.customer("eve"));
    const foreign = await subscribed(shop.customer("eve"), { filter: { customerId: "ada" } });
    await order("ada");
    const mine = await order("eve");
    await order("bob");
    await eventually(() => eventsOf(itemsOf(own)).length > 1);
    const heartbeats = itemsOf(foreign).length;
    await eventually(() => itemsOf(foreign).length > heartbeats);
    expect(eventsOf(itemsOf(own))).toEqual(begun(mine));
    expect(eventsOf(itemsOf(foreign))).toEqual([]);
  });

  test("never shares between two customers, nor with an operator", async () => {
    const sockets = new Map<string, RawSocket>();
    for (const name of ["kim", "lou"]) sockets.set(name, await subscribed(shop.customer(name)));
    const all = await subscribed(shop.operator);
    const ids = { kim: await order("kim"), lou: await order("lou") };
    await eventually(() => eventsOf(itemsOf(all)).length >= 4);
    for (const [name, id] of Object.entries(ids)) {
      const socket = sockets.get(name);
      if (socket === undefined) throw new Error(name);
      await eventually(() => eventsOf(itemsOf(socket)).length > 1);
      expect(eventsOf(itemsOf(socket))).toEqual(begun(id));
    }
  });

  test("says how an event moved the order relative to the filter", async () => {
    const socket = await subscribed(shop.operator, { filter: { status: ["PENDING"] } });
    const id = await order("ada");
    const cancel = { orderId: id, reason: "CUSTOMER" };
    await run(shop, shop.customer("ada"), ["cancelOrder", "order", cancel]);
    await eventually(() => eventsOf(itemsOf(socket)).includes(`${id}/3`));
    const changes = itemsOf(socket).filter(({ order: of }) => of?.id === id);
    expect(changes.map(({ change }) => change)).toEqual(["ENTERED", "CHANGED", "LEFT"]);
  });

  test("has a heartbeat with a cursor while all is quiet", async () => {
    const socket = await subscribed(shop.customer("quiet"));
    await eventually(() => itemsOf(socket).length >= 3);
    expect(new Set(itemsOf(socket).map(({ __typename }) => __typename))).toEqual(
      new Set(["CaughtUp"]),
    );
  });

  test("misses and repeats nothing for a client that is cut off again and again", async () => {
    const seen = watch<Item>({
      url: shop.wsUrl,
      token: shop.operator,
      query,
      variables: { filter: { customerId: "cate" } },
      pick: (data) => {
        const item = data["orderFeed"] as Item;
        return { item, cursor: item.cursor };
      },
    });
    await eventually(() => seen.items.length > 0);
    const ids: string[] = [];
    for (let index = 0; index < 20; index += 1) {
      ids.push(...begun(await order("cate")));
      if (index % 5 === 2) seen.cut();
    }
    await eventually(() => eventsOf(seen.items).length >= ids.length);
    expect(eventsOf(seen.items)).toEqual(ids);
  });
});

describe("a product feed", () => {
  test("tells a customer that a product left the shelf, and not where it went", async () => {
    const text = `subscription { productFeed(filter: { skus: ["Leaf-1"] }) {
      __typename ... on ProductEvent { cursor change productId product { status } event { type } }
    } }`;
    const customer = await openAcknowledged(shop.wsUrl, shop.customer());
    customer.send({ type: "subscribe", id: "p", payload: { query: text } });
    await customer.message(({ id }) => id === "p");
    const productId = await sell(shop, "LEAF-1");
    const input = { productId };
    await run(shop, shop.operator, ["discontinueProduct", "product", input]);
    await eventually(() => customer.frames.join().includes("LEFT"));
    const events = customer.frames
      .map((frame) => JSON.parse(frame) as { payload?: { data?: { productFeed: object } } })
      .flatMap(({ payload }) => payload?.data?.productFeed ?? [])
      .filter((item) => "change" in item);
    expect(events).toMatchObject([
      { change: "ENTERED", productId, product: { status: "ACTIVE" } },
      { change: "LEFT", productId, product: null },
    ]);
  });
});
