import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { feedUrl, inspect, passFor, receive, versionsOf } from "../gateway/inspector.ts";
import type { Frame } from "../gateway/inspector.ts";
import { eventually } from "../support/servers.ts";
import { startStatecartProcess, type StatecartProcess } from "../support/statecart-process.ts";
import { openShopfront, type Shopfront } from "./domain.ts";
import { orderOf } from "./shop.ts";

const root = join(import.meta.dirname, "../..");

/** Another process on the same database, with the same keys. */
function beside({ mongodb, nats, dataDir }: StatecartProcess): Promise<StatecartProcess> {
  return startStatecartProcess({
    dataDir,
    env: { ...UNHURRIED, MONGODB_URL: mongodb, NATS_URL: nats },
  });
}

interface Happened {
  readonly version: number;
  readonly type: string;
  readonly at: string;
}

/** Nothing here is about speed: a busy machine has all the time it needs. */
const UNHURRIED = { STATECART_SEED: "false", STATECART_COMMAND_DEADLINE_MS: "60000" };

let shop: Shopfront;

beforeAll(async () => {
  shop = await openShopfront(UNHURRIED);
});

interface Order {
  readonly id: string;
  readonly isSettled: boolean;
  readonly lines: readonly { readonly id: string }[];
  readonly returns: readonly { readonly id: string }[];
  readonly refunds: readonly { readonly status: string }[];
}

/** A mutation that must be accepted; the order once all that it started has ended. */
async function settled(
  who: "customer" | "operator",
  [name, input]: readonly [name: string, input: object],
): Promise<Order> {
  const at = { consistency: "EVENTUAL", ...input };
  const { order: accepted, version } = await shop.accept(who, name, at);
  const query = `query ($id: UUID!, $atLeast: Int) { order(id: $id, atLeastVersion: $atLeast) {
    id isSettled lines { id } returns { id } refunds { status } } }`;
  const variables = { id: accepted?.id, atLeast: version };
  const read = async (): Promise<Order> =>
    (await shop.ask<{ order: Order }>("operator", query, variables)).order;
  await eventually(async () => (await read()).isSettled);
  return read();
}

/** A product on sale, once it can be ordered. */
async function onSale(): Promise<{ id: string; sku: string }> {
  const sku = `SKU-${randomUUID()}`;
  const price = { minor: 1_000, currency: "EUR" };
  const at = { consistency: "EVENTUAL" };
  const input = { ...at, sku, name: "Teapot", category: "Teaware", price, onHand: 10 };
  const { product } = await shop.accept("operator", "createProduct", input);
  const id = product?.id ?? "";
  await shop.accept("operator", "publishProduct", { ...at, productId: id });
  const query = "query ($id: UUID!) { product(id: $id) { status } }";
  await eventually(async () => {
    const found = await shop.ask<{ product: { status: string } | null }>("customer", query, { id });
    return found.product?.status === "ACTIVE";
  });
  return { id, sku };
}

/** What the API says has happened to an order. */
async function historyOf(id: string): Promise<Happened[]> {
  const query = `query ($id: UUID!) { orderHistory(id: $id, first: 100) { nodes {
    version at event { type } } } }`;
  const { orderHistory } = await shop.ask<{
    orderHistory: { nodes: { version: number; at: string; event: { type: string } | null }[] };
  }>("operator", query, { id });
  return orderHistory.nodes.flatMap(({ version, at, event }) =>
    event === null ? [] : { version, type: event.type, at },
  );
}

/** What a feed says has happened to a session. */
function toldOf(frames: readonly Frame[], sessionId: string): Happened[] {
  return frames.flatMap((frame) =>
    frame.type === "@xstate.snapshot" && frame.sessionId === sessionId
      ? {
          version: frame.statecart?.version ?? 0,
          type: frame.event.type,
          at: new Date(Number(frame.createdAt)).toISOString(),
        }
      : [],
  );
}

function stateAt(frames: readonly Frame[], version: number): unknown {
  const found = frames.find(
    (frame) => frame.type === "@xstate.snapshot" && frame.statecart?.version === version,
  );
  return found?.type === "@xstate.snapshot" ? (found.snapshot as { value?: unknown }).value : null;
}

/** From the payment to the refund of one of two units. */
async function takeThrough(orderId: string): Promise<void> {
  const paymentMethod = { kind: "CARD", token: "tok_approved" };
  const { lines } = await settled("customer", ["processPayment", { orderId, paymentMethod }]);
  const one = { lineId: lines[0]?.id, quantity: 1 };
  await settled("operator", ["shipOrder", { orderId }]);
  await settled("operator", ["confirmDelivery", { orderId }]);
  const reason = "Ada Lovelace has one already";
  const asked = await settled("customer", ["requestReturn", { orderId, lines: [one], reason }]);
  const returnId = asked.returns[0]?.id;
  await settled("operator", ["approveReturn", { orderId, returnId }]);
  const goods = [{ ...one, disposition: "RESTOCK" }];
  await settled("operator", ["receiveReturn", { orderId, returnId, goods }]);
  const refund = { orderId, lines: [one], reason: "came back unopened" };
  const { refunds } = await settled("operator", ["refundOrder", refund]);
  expect(refunds).toMatchObject([{ status: "REFUNDED" }]);
}

test("Stately's receiver sees an order from cart to refund, wherever and whenever", async () => {
  const { statecart } = shop;
  let other = await beside(statecart);
  const token = shop.token("operator");
  const { sku, id: productId } = await onSale();
  const cart = { ...orderOf(sku), items: [{ sku, quantity: 2 }] };
  const { id } = await settled("customer", ["createOrder", cart]);
  const session = `order:${id}`;
  /** A ticket of one process opens the feed of any. */
  const open = async (at: string, stream = session) =>
    feedUrl(at, await passFor(statecart.graphql, token, stream));

  const early = [receive(await open(statecart.graphql)), receive(await open(other.graphql))];
  const cutOff = inspect(await open(other.graphql));
  await eventually(() => [...early, cutOff.frames].every((frames) => frames.length > 1));
  await takeThrough(id);
  const history = await historyOf(id);
  expect(history.length).toBeGreaterThan(20);
  for (const frames of early) {
    await eventually(() => versionsOf(frames, session).length >= history.length);
    expect(toldOf(frames, session)).toEqual(history);
  }

  expect(await other.interrupt()).toBe(0);
  expect((await cutOff.closed).code).toBe(1012);
  other = await other.restart();
  const late = receive(await open(other.graphql));
  const all = receive(await open(other.graphql, "*"));
  const product = receive(await open(other.graphql, `product:${productId}`));
  await eventually(() => versionsOf(late, session).length >= history.length);
  await settled("operator", ["refundOrder", { orderId: id, reason: "out of kindness" }]);
  const now = await historyOf(id);
  expect(now.length).toBeGreaterThan(history.length);
  for (const frames of [early[0] ?? [], late, all]) {
    await eventually(() => versionsOf(frames, session).length >= now.length);
    expect(toldOf(frames, session)).toEqual(now);
  }
  await eventually(() => versionsOf(product, `product:${productId}`).length > 5);

  const query = "query ($id: UUID!, $at: Int) { order(id: $id, atVersion: $at) { state } }";
  for (const at of [1, Math.ceil(now.length / 2), now.length]) {
    const { order } = await shop.ask<{ order: { state: unknown } }>("operator", query, { id, at });
    expect(stateAt(late, at)).toEqual(order.state);
  }
  expect(JSON.stringify([late, all, product])).not.toMatch(/lovelace|example\.com|sw1y|"sealed"/i);
});

test("the example in docs/examples prints a history, then what happens", async () => {
  const { sku } = await onSale();
  const { id: orderId } = await settled("customer", ["createOrder", orderOf(sku)]);
  const child = spawn(
    process.execPath,
    [join(root, "docs/examples/inspect.js"), `order:${orderId}`],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        STATECART_URL: shop.statecart.graphql,
        STATECART_TOKEN: shop.token("operator"),
      },
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await eventually(() => lines.some((line) => line.includes("OrderStockReserved")));
  expect(lines[0]).toContain(`order:${orderId} has`);
  expect(lines[1]).toContain("OrderCreated");
  await settled("customer", ["cancelOrder", { orderId, reason: "CUSTOMER" }]);
  await eventually(() => lines.some((line) => line.includes('"lifecycle":"cancelled"')));
});
