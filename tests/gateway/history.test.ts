import { randomUUID } from "node:crypto";
import { UUID } from "mongodb";
import { beforeAll, describe, expect, test } from "vitest";
import { createMongoEventStore } from "../../log/index.ts";
import { orderNumberOf } from "../../machines/index.ts";
import { eventually } from "../support/servers.ts";
import { createHistory, orderCreated } from "../projections/history.ts";
import { historyQuery, nodes, whatOf, type Entry, type Page } from "./history-queries.ts";
import { openShop, orderOf, run, sell } from "./shop.ts";
import type { Shop } from "./shop.ts";

let shop: Shop;
/** An order of Ada's that is created, paid for in part of a tale, held and cancelled. */
let orderId: string;
let productId: string;

async function place(): Promise<string> {
  const ada = shop.customer("ada");
  const { order } = await run(shop, ada, ["createOrder", "order", orderOf("A-1")]);
  return String(order?.["id"]);
}

beforeAll(async () => {
  shop = await openShop();
  productId = await sell(shop, "A-1");
  const ada = shop.customer("ada");
  orderId = await place();
  const held = { orderId, reason: "a look at it" };
  await run(shop, shop.operator, ["holdOrder", "order", held]);
  const unknown = { orderId, lineId: randomUUID(), reason: "too many" };
  await run(shop, ada, ["removeOrderItem", "order", unknown]);
  await run(shop, shop.operator, ["shipOrder", "order", { orderId }]);
  await run(shop, ada, ["removeOrderItem", "order", unknown]);
  await run(shop, shop.operator, ["releaseHold", "order", held]);
  await run(shop, shop.customer("bob"), ["cancelOrder", "order", { orderId, reason: "CUSTOMER" }]);
});

async function history(
  token: string,
  variables: object,
  name: "orderHistory" | "productHistory" = "orderHistory",
): Promise<Page | null> {
  const query = historyQuery(name);
  const { data, errors } = await shop.ask<Record<string, Page | null>>(token, query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data?.[name] ?? null;
}

async function wholeHistory(token: string, refusals: number): Promise<readonly Entry[]> {
  let entries: readonly Entry[] = [];
  await eventually(async () => {
    entries = nodes(await history(token, { id: orderId, first: 100 }));
    return entries.filter(({ refusal }) => refusal !== null).length >= refusals;
  });
  return entries;
}

describe("the history of an order", () => {
  test("tells an operator every event and refused command, in order, and who sent it", async () => {
    const entries = await wholeHistory(shop.operator, 4);
    expect(entries.map(whatOf)).toEqual([
      "OrderCreated",
      "LineReservationRequested",
      "OrderHeld",
      expect.any(String),
      expect.any(String),
      expect.any(String),
      "HoldReleased",
      "NOT_FOUND",
    ]);
    expect(entries.map(({ version }) => version)).toEqual([1, 2, 3, 3, 3, 3, 4, 4]);
    expect(entries[0]).toMatchObject({
      command: "CreateOrder",
      by: { subject: "ada", scope: "customer" },
      causationId: null,
    });
    expect(entries[2]?.by).toEqual({ subject: "olga", scope: "operator" });
    expect(entries[7]?.by).toEqual({ subject: "bob", scope: "customer" });
    for (const { correlationId } of entries) expect(correlationId).toMatch(/./);
  });

  test("tells customers neither who else did something nor what others tried", async () => {
    const entries = await wholeHistory(shop.customer("ada"), 2);
    expect(entries.map(whatOf)).toEqual([
      "OrderCreated",
      "LineReservationRequested",
      "OrderHeld",
      expect.any(String),
      expect.any(String),
      "HoldReleased",
    ]);
    const senders = entries.map(({ by }) => by?.subject ?? null);
    expect(senders).toEqual(["ada", "ada", null, "ada", "ada", null]);
    expect(JSON.stringify(entries)).not.toContain("olga");
    expect(entries[0]?.event?.data["personal"]).toMatchObject({
      reading: "OPEN",
      contact: { name: "Ada Lovelace" },
    });
  });

  test("does not exist for other customers, and none exists of nothing", async () => {
    expect(await history(shop.customer("bob"), { id: orderId })).toBeNull();
    expect(await history(shop.operator, { id: randomUUID() })).toBeNull();
    expect(await history(shop.operator, { id: productId })).toBeNull();
  });

  test("of a thousand events is walked both ways, each event once", async () => {
    const number = orderNumberOf("10000000-0000-4000-8000-000000000000");
    const long = createHistory();
    long.order(number, orderCreated(number, { customerId: "ada" }));
    const hold = (type: string) => ({ type, schemaVersion: 1, data: { reason: "again" } });
    const [on, off] = [hold("OrderHeld"), hold("HoldReleased")];
    // Pages end in the middle of these commits.
    for (let step = 0; step < 166; step += 1) long.order(number, on, off, on, off, on, off);
    for (const step of [on, off, on]) long.order(number, step);
    const store = createMongoEventStore(shop.database.db);
    await store.appendChain(long.commits, Date.now() + 30_000);
    const id = long.commits[0]?.stream;
    const seen: number[] = [];
    let after: unknown = null;
    for (let more = true; more;) {
      const page = await history(shop.customer("ada"), { id, first: 100, after });
      seen.push(...nodes(page).map(({ version }) => version));
      after = page?.pageInfo["endCursor"];
      more = page?.pageInfo["hasNextPage"] === true;
    }
    expect(seen).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
    const end = await history(shop.operator, { id, last: 3 });
    expect(nodes(end).map(({ version }) => version)).toEqual([998, 999, 1_000]);
    const before = end?.pageInfo["startCursor"];
    const earlier = await history(shop.operator, { id, last: 2, before });
    expect(nodes(earlier).map(({ version }) => version)).toEqual([996, 997]);
    expect(earlier?.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const foreign = { id: orderId, after };
    await expect(history(shop.operator, foreign)).rejects.toThrow("CURSOR_INVALID");
    await expect(history(shop.operator, { id, first: 101 })).rejects.toThrow("BAD_USER_INPUT");
  });

  test("begins behind any version, without a cursor", async () => {
    const id = orderId;
    const page = await history(shop.operator, { id, first: 1, afterVersion: 2 });
    expect(nodes(page)).toMatchObject([{ version: 3, event: { type: "OrderHeld" } }]);
    expect(page?.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
    const all = await history(shop.operator, { id, afterVersion: -1 });
    expect(nodes(all)[0]?.version).toBe(1);
    expect(nodes(await history(shop.operator, { id, afterVersion: 2 ** 31 - 1 }))).toEqual([]);
    const after = page?.pageInfo["endCursor"];
    await expect(history(shop.operator, { id, after, afterVersion: 2 })).rejects.toThrow(
      "CURSOR_INVALID",
    );
  });

  test("is walked entry by entry over refused commands too", async () => {
    const all = await wholeHistory(shop.operator, 4);
    for (const way of ["forwards", "backwards"]) {
      const seen: Entry[] = [];
      let cursor: unknown = null;
      for (let more = true; more;) {
        const asked =
          way === "forwards" ? { first: 1, after: cursor } : { last: 1, before: cursor };
        const page = await history(shop.operator, { id: orderId, ...asked });
        seen.push(...nodes(page));
        cursor = page?.edges[0]?.cursor;
        const { hasNextPage, hasPreviousPage } = page?.pageInfo ?? {};
        more = (way === "forwards" ? hasNextPage : hasPreviousPage) === true;
      }
      expect(way === "forwards" ? seen : seen.reverse()).toEqual(all);
    }
  });

  test("never shows the token of a payment", async () => {
    const ada = shop.customer("ada");
    const id = await place();
    const paid = {
      orderId: id,
      paymentMethod: { kind: "CARD", token: "tok_secret_1", label: "4242" },
    };
    await run(shop, ada, ["processPayment", "order", paid]);
    const page = await history(shop.operator, { id });
    const requested = nodes(page).find(({ event }) => event?.type === "PaymentRequested");
    expect(requested?.event?.data).toMatchObject({ method: { label: "4242" } });
    expect(JSON.stringify(page)).not.toContain("tok_secret_1");
    const diff = `query ($id: UUID!) { orderDiff(id: $id, from: 1, to: 3) { path before after } }`;
    const { data } = await shop.ask(ada, diff, { id });
    expect(JSON.stringify(data)).toContain("4242");
    expect(JSON.stringify(data)).not.toContain("tok_secret_1");
  });
});

describe("the history of a product", () => {
  test("is the shop's alone", async () => {
    const entries = nodes(await history(shop.operator, { id: productId }, "productHistory"));
    expect(entries.slice(0, 2).map(whatOf)).toEqual(["ProductCreated", "ProductPublished"]);
    for (const query of [
      `query { productHistory(id: "${productId}") { nodes { version } } }`,
      `query { productDiff(id: "${productId}", from: 1, to: 2) { path } }`,
      `query { verifyHistory(id: "${orderId}") { isIntact } }`,
    ]) {
      const { errors } = await shop.ask(shop.customer("ada"), query);
      expect(errors?.[0]?.extensions?.["code"]).toBe("FORBIDDEN");
    }
  });
});

describe("the past", () => {
  const past = `query ($id: UUID!, $v: Int, $at: DateTime) {
    order(id: $id, atVersion: $v, at: $at) { version regions { hold } } }`;
  const ofProduct = `query ($id: UUID!, $v: Int) { product(id: $id, atVersion: $v) { status } }`;
  const ask = (token: string, variables: object, query = past) => shop.ask(token, query, variables);

  test("of an order is what it was at a version or a moment", async () => {
    const entries = await wholeHistory(shop.operator, 0);
    const events = entries.filter(({ event }) => event !== null);
    for (const [index, hold] of ["CLEAR", "CLEAR", "HELD", "CLEAR"].entries()) {
      const { data } = await ask(shop.customer("ada"), { id: orderId, v: index + 1 });
      expect(data).toEqual({ order: { version: index + 1, regions: { hold } } });
    }
    const heldAt = { id: orderId, at: events[2]?.at };
    const answer = await ask(shop.operator, heldAt);
    expect(answer.data).toMatchObject({ order: { version: 3 } });
    const longAgo = { id: orderId, at: "2001-01-01T00:00:00.000Z" };
    expect((await ask(shop.operator, longAgo)).data).toEqual({ order: null });
  });

  test("is refused with a type when it cannot be", async () => {
    const codeOf = async (token: string, variables: object) =>
      (await ask(token, variables)).errors?.[0]?.extensions?.["code"];
    for (const v of [5, 99, 0, -1]) {
      expect(await codeOf(shop.customer("ada"), { id: orderId, v })).toBe("VERSION_NOT_FOUND");
      // Others must not learn from the error that there is such an order.
      expect(await codeOf(shop.customer("bob"), { id: orderId, v })).toBeUndefined();
    }
    const both = { id: orderId, v: 1, at: "2026-01-01T00:00:00.000Z" };
    expect(await codeOf(shop.operator, both)).toBe("BAD_USER_INPUT");
    expect((await ask(shop.operator, { id: randomUUID(), v: 1 })).data).toEqual({ order: null });
    expect((await ask(shop.customer("bob"), { id: orderId, v: 1 })).data).toEqual({ order: null });
  });

  test("of a product is visible to customers only where it was on sale", async () => {
    const drafted = await ask(shop.customer("ada"), { id: productId, v: 1 }, ofProduct);
    expect(drafted.data).toEqual({ product: null });
    const sold = await ask(shop.customer("ada"), { id: productId, v: 2 }, ofProduct);
    expect(sold.data).toEqual({ product: { status: "ACTIVE" } });
    const shown = await ask(shop.operator, { id: productId, v: 1 }, ofProduct);
    expect(shown.data).toEqual({ product: { status: "DRAFT" } });
  });

  test("of two versions differs in what has changed", async () => {
    const query = `query ($id: UUID!, $from: Int!, $to: Int!) {
      orderDiff(id: $id, from: $from, to: $to) { path before after } }`;
    const there = await ask(shop.customer("ada"), { id: orderId, from: 2, to: 3 }, query);
    expect(there.data).toEqual({
      orderDiff: [
        { path: "status", before: "PENDING", after: "ON_HOLD" },
        { path: "regions.hold", before: "clear", after: "held" },
        { path: "holdReason", before: null, after: "a look at it" },
      ],
    });
    const same = await ask(shop.operator, { id: orderId, from: 2, to: 2 }, query);
    expect(same.data).toEqual({ orderDiff: [] });
    const foreign = await ask(shop.customer("bob"), { id: orderId, from: 1, to: 2 }, query);
    expect(foreign.data).toEqual({ orderDiff: null });
    const ofProduct = `query ($id: UUID!) {
      productDiff(id: $id, from: 1, to: 2) { path before after } }`;
    const published = await ask(shop.operator, { id: productId }, ofProduct);
    expect(published.data).toEqual({
      productDiff: [
        { path: "status", before: "DRAFT", after: "ACTIVE" },
        { path: "regions.lifecycle", before: "draft", after: "active" },
      ],
    });
  });
});

test("a history that was tampered with says where it breaks", async () => {
  const query = `query ($id: UUID!) {
    verifyHistory(id: $id) { isIntact version hash brokenAt reason } }`;
  const id = await place();
  const held = { orderId: id, reason: "a look at it" };
  await run(shop, shop.operator, ["holdOrder", "order", held]);
  await run(shop, shop.operator, ["releaseHold", "order", held]);
  const verify = async () => (await shop.ask(shop.operator, query, { id })).data;
  expect(await verify()).toMatchObject({
    verifyHistory: { isIntact: true, version: 4, brokenAt: null, reason: null },
  });
  const events = shop.database.db.collection("events");
  const change = { $set: { "ev.0.d.reason": "nothing at all" } };
  await events.updateOne({ s: new UUID(id), v: 3 }, change);
  expect(await verify()).toMatchObject({
    verifyHistory: { isIntact: false, version: null, hash: null, brokenAt: 3 },
  });
  await events.deleteOne({ s: new UUID(id), v: 3 });
  expect(await verify()).toMatchObject({ verifyHistory: { isIntact: false, brokenAt: 3 } });
  const past = `query { order(id: "${id}", atVersion: 4) { version } }`;
  const { errors } = await shop.ask(shop.operator, past);
  expect(errors?.[0]?.extensions?.["code"]).toBe("HISTORY_DAMAGED");
  const nothing = await shop.ask(shop.operator, query, { id: randomUUID() });
  expect(nothing.data).toEqual({ verifyHistory: null });
});
