import { beforeAll, describe, expect, test } from "vitest";
import { createMachine } from "xstate";
import { createFollower, createMongoEventStore, createTail } from "../../log/index.ts";
import { eventually } from "../support/servers.ts";
import { disposeLater } from "../support/disposal.ts";
import {
  feedUrl,
  inspect,
  passFor,
  receive,
  refusal,
  versionsOf,
  type Frame,
} from "./inspector.ts";
import { openShop, orderOf, quiet, run, sell, type Shop } from "./shop.ts";

const NO_LIMITS = {
  requestsPerCustomer: 0,
  costPerCustomer: 0,
  socketsPerCustomer: 0,
  requestsPerAddress: 0,
  costPerAddress: 0,
  socketsPerAddress: 0,
};

let shop: Shop;
let productId: string;

beforeAll(async () => {
  shop = await openShop();
  productId = await sell(shop, "TEA-1");
});

const open = async (stream: string, gateway: Shop["url"] = shop.url): Promise<string> =>
  feedUrl(gateway, await passFor(gateway, shop.operator, stream));

async function adjust(id: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    const input = { productId: id, delta: 1, reason: "counted" };
    await run(shop, shop.operator, ["adjustStock", "product", input]);
  }
}

async function placeOrder(sku = "TEA-1"): Promise<string> {
  const { order } = await run(shop, shop.customer(), ["createOrder", "order", orderOf(sku)]);
  return String(order?.["id"]);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("the inspection feed of one product, read by Stately's receiver", () => {
  test("begins with a chart that can be run, and the state before the first event", async () => {
    const frames = receive(await open(`product:${productId}`));
    await eventually(() => frames.length >= 5);
    const [actor] = frames;
    expect(actor).toMatchObject({
      type: "@xstate.actor",
      sessionId: `product:${productId}`,
      rootId: `product:${productId}`,
      _version: "0.7.2",
      snapshot: { status: "active", value: { lifecycle: "none" } },
    });
    const definition = actor?.type === "@xstate.actor" ? (actor.definition ?? "") : "";
    const machine = createMachine(JSON.parse(definition) as object);
    expect(Object.keys(machine.states)).toContain("lifecycle");
  });

  test("tells each event, then the state it led to, at the time of the event", async () => {
    const frames = receive(await open(`product:${productId}`));
    await eventually(() => frames.length >= 5);
    const store = createMongoEventStore(shop.database.db);
    const commits = await store.read(productId, 0);
    const happened = commits.flatMap(({ at, events }) =>
      events.map(({ type }) => ({ type, createdAt: String(Date.parse(at)) })),
    );
    const told = (type: Frame["type"]) =>
      frames
        .filter((frame) => frame.type === type)
        .map((frame) => ({
          type: "event" in frame ? frame.event.type : "",
          createdAt: frame.createdAt,
        }));
    expect(told("@xstate.event").slice(0, happened.length)).toEqual(happened);
    expect(told("@xstate.snapshot").slice(0, happened.length)).toEqual(happened);
    expect(frames[1]).toMatchObject({ type: "@xstate.event", sourceId: "operator" });
    expect(frames.at(2)).toMatchObject({ snapshot: { value: { lifecycle: "draft" } } });
    expect(frames.at(4)).toMatchObject({ snapshot: { value: { lifecycle: "active" } } });
  });

  test("misses and doubles nothing, whenever the reader comes", async () => {
    const id = await sell(shop, "BUSY-1");
    const session = `product:${id}`;
    const ofOne: Frame[][] = [];
    const ofAll: Frame[][] = [];
    const writing = adjust(id, 40);
    for (let count = 0; count < 8; count += 1) {
      ofOne.push(receive(await open(session)));
      if (count % 4 === 0) ofAll.push(receive(await open("*")));
    }
    await writing;
    const expected = range(1, 42);
    for (const frames of [...ofOne, ...ofAll]) {
      await eventually(() => versionsOf(frames, session).at(-1) === 42);
      expect(versionsOf(frames, session)).toEqual(expected);
    }
  });

  test("comes from any gateway, with a ticket of any other", async () => {
    const another = await shop.startAnother({});
    const pass = await passFor(another.url, shop.operator, `product:${productId}`);
    const frames = receive(feedUrl(shop.url, pass));
    await eventually(() => versionsOf(frames, `product:${productId}`).length >= 2);
  });
});

describe("the feed of everything", () => {
  test("tells of orders and products, each from its beginning, then live", async () => {
    const before = await placeOrder();
    const frames = receive(await open("*"));
    const sessions = () =>
      new Set(frames.flatMap((one) => (one.type === "@xstate.actor" ? [one.sessionId] : [])));
    await eventually(() => sessions().has(`order:${before}`));
    await eventually(() => sessions().has(`product:${productId}`));
    const later = await placeOrder();
    await eventually(() => versionsOf(frames, `order:${later}`).length > 0);
    for (const session of sessions()) {
      const versions = versionsOf(frames, session);
      expect(versions).toEqual(range(1, versions.length));
      const first = frames.find((frame) => frame.sessionId === session);
      expect(first?.type).toBe("@xstate.actor");
    }
  });

  test("says so when there is more than it may remember", async () => {
    const { db } = shop.database;
    const tail = createTail(db, { logger: quiet });
    disposeLater(() => tail.close());
    const follower = createFollower(db, { tail, logger: quiet, streamsMax: 1 });
    const { inspection } = shop.options;
    if (!inspection) throw new Error("the shop has an inspection feed");
    await sell(shop, "TEA-2");
    const another = await shop.startAnother({ inspection: { ...inspection, follower } });
    const { closed } = inspect(await open("*", another.url));
    expect((await closed).code).toBe(4413);
  });
});

describe("what is personal", () => {
  test("is in no frame, sealed or open", async () => {
    const customer = shop.signer.sign({ sub: "ada@example.com", scope: "customer" });
    const input = orderOf("TEA-1");
    const { order } = await run(shop, customer, ["createOrder", "order", input]);
    const id = String(order?.["id"]);
    const cancel = { orderId: id, reason: "CUSTOMER", note: "Ada changed her mind" };
    await run(shop, customer, ["cancelOrder", "order", cancel]);
    const frames = receive(await open(`order:${id}`));
    await eventually(() => frames.some((one) => JSON.stringify(one).includes("OrderCancel")));
    const text = JSON.stringify(frames);
    expect(text).toContain("[redacted]");
    expect(text).toContain('"reason":"CUSTOMER"');
    // A word of its own: three letters of a hexadecimal id may be the same.
    expect(text).not.toMatch(/\bada\b|lovelace|example\.com|james|sw1y|"sealed"/i);
  });
});

describe("the inspection feed", () => {
  const strange = "0b0e7f3e-6c2c-5e6f-8f0a-0a5b6d2f1c11";

  test("knows no entity that is not there, nor one of another kind", async () => {
    for (const stream of [`order:${strange}`, `order:${productId}`]) {
      const { closed } = inspect(await open(stream));
      expect(await closed).toEqual({ code: 4404, reason: "There is no such order." });
    }
  });

  test("knows no stream that is none", async () => {
    for (const query of ["", "?stream=", "?stream=basket:1", "?stream=order:1&ticket=x"]) {
      const { closed } = inspect(feedUrl(shop.url, { path: `/inspect${query}` }));
      expect((await closed).code).toBe(4400);
    }
  });

  test("answers plain HTTP, other origins and other paths as such", async () => {
    expect((await fetch(new URL("/inspect", shop.url))).status).toBe(426);
    expect((await fetch(new URL("/inspect/stately", shop.url))).status).toBe(404);
    const url = await open(`product:${productId}`);
    expect(await refusal(url, { origin: "https://elsewhere.example" })).toContain("403");
    expect(await refusal(url.replace("/inspect?", "/inspects?"))).toContain("404");
  });

  test("does not listen", async () => {
    const { socket, frames, closed } = inspect(await open(`product:${productId}`));
    await eventually(() => frames.length > 0);
    socket.send("hello");
    expect((await closed).code).toBe(1008);
  });

  test("cuts off a reader that does not read", async () => {
    const trafficLimits = { ...NO_LIMITS, socketsPerAddress: 1 };
    const another = await shop.startAnother({ pingIntervalMs: 200, trafficLimits });
    const { socket, frames, closed } = inspect(await open(`product:${productId}`, another.url));
    await eventually(() => frames.length > 0);
    const knock = () => refusal(feedUrl(another.url, { path: "/inspect" }));
    expect(await knock()).toContain("429");
    socket.pause();
    // Its place is free again, which it does not know itself.
    await eventually(async () => (await knock()) === "opened");
    socket.resume();
    expect((await closed).code).toBe(1006);
  });

  test("asks its readers to come again when the gateway closes", async () => {
    const another = await shop.startAnother({});
    const { frames, closed } = inspect(await open(`product:${productId}`, another.url));
    await eventually(() => frames.length > 0);
    await another.close();
    expect((await closed).code).toBe(1012);
  });

  test("is not there where it is switched off", async () => {
    const another = await shop.startAnother({ inspection: null });
    const pass = await passFor(shop.url, shop.operator, `product:${productId}`);
    expect(await refusal(feedUrl(another.url, pass))).toContain("404");
    expect((await fetch(new URL("/inspect", another.url))).status).toBe(404);
    await expect(passFor(another.url, shop.operator, "*")).rejects.toThrow("INSPECTION_DISABLED");
  });
});
