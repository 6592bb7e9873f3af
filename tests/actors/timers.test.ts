import type { Db } from "mongodb";
import { describe, expect, it } from "vitest";
import { createTimerFiring } from "../../actors/index.ts";
import { createCheckpoints, createLeases, createTail, createTimers } from "../../log/index.ts";
import { timerCommandIdOf } from "../../machines/index.ts";
import { createRunner } from "../../projections/runner.ts";
import { ordersProjection } from "../../projections/orders.ts";
import { productsProjection } from "../../projections/products.ts";
import { disposeLater, eventually } from "../support/servers.ts";
import { accepted } from "./bus-rig.ts";
import { createOrder, orderOf, pay, productOnSale } from "./checkout-commands.ts";
import { checkoutRig, type CheckoutRig } from "./checkout-rig.ts";
import { pino } from "pino";

const logger = pino({ level: "fatal" });
const MINUTE_MS = 60_000;
const items = [{ sku: "CUP-1", quantity: 2 }];

interface TimerRig extends CheckoutRig {
  readonly timerIds: () => Promise<string[]>;
  readonly startFiring: () => ReturnType<typeof createTimerFiring>;
  readonly startProjector: () => ReturnType<typeof createRunner>;
}

async function timerRig(): Promise<TimerRig> {
  const rig = await checkoutRig();
  const { db, store, bus, clock } = rig;
  const timers = createTimers(db);
  const tail = createTail(db, { logger });
  const startProjector = () => {
    const options = { db, store, tail, timers, checkpoints: createCheckpoints(db), logger };
    const products = createRunner({ ...options, projection: productsProjection });
    disposeLater(() => products.close());
    const orders = createRunner({ ...options, projection: ordersProjection });
    disposeLater(() => orders.close());
    return orders;
  };
  const startFiring = () => {
    const leases = createLeases(db, { node: "timers", logger });
    const times = { attemptTimeoutMs: 5_000, leaseTtlMs: 1_000, pollIntervalMs: 50 };
    const firing = createTimerFiring({ bus, timers, leases, clock, logger, ...times });
    disposeLater(() => firing.stop());
    return firing;
  };
  disposeLater(() => tail.close());
  for (const command of productOnSale("CUP-1", 5)) accepted(await rig.send(command));
  const timerIds = async () => {
    const rows = await db.collection<{ _id: string }>("timers").find().sort({ _id: 1 }).toArray();
    return rows.map(({ _id }) => _id);
  };
  return { ...rig, timerIds, startFiring, startProjector };
}

describe("timers", () => {
  it("expire an order that nobody pays for, and its stock is free again", async () => {
    const rig = await timerRig();
    rig.startProjector();
    const firing = rig.startFiring();
    accepted(await rig.send(createOrder({ key: "one", items })));
    const orderId = orderOf("one");
    await eventually(async () => (await rig.timerIds()).length === 1);
    const [timerId = ""] = await rig.timerIds();
    expect(timerId).toBe(`${orderId}/expiry/1`);
    await rig.settles(orderId);
    expect((await rig.product("CUP-1")).context.stock.reserved).toBe(2);
    rig.clock.move(16 * MINUTE_MS);
    await rig.reaches(orderId, "EXPIRED");
    await eventually(async () => (await rig.product("CUP-1")).context.stock.reserved === 0);
    await eventually(async () => (await rig.timerIds()).length === 0);
    const commit = (await rig.store.find([timerCommandIdOf(timerId)])).get(
      timerCommandIdOf(timerId),
    );
    expect(commit?.meta).toMatchObject({
      subject: "timers",
      scope: "internal",
      command: "ExpireOrder",
      causationId: `${orderId}/1`,
    });
    expect(firing.status().fired).toBe(1);
  });

  it("are gone once the order has moved on, and follow it", async () => {
    const rig = await timerRig();
    rig.startProjector();
    accepted(await rig.send(createOrder({ key: "one", items, policy: onShipment })));
    const orderId = orderOf("one");
    accepted(await rig.send(pay(orderId)));
    await rig.reaches(orderId, "PROCESSING");
    await eventually(async () => {
      const ids = await rig.timerIds();
      return ids.length === 1 && ids[0]?.includes("/authorisation/") === true;
    });
  });

  it("ask again for a payment whose outcome is not known, until it is", async () => {
    const rig = await timerRig();
    rig.startProjector();
    rig.startFiring();
    accepted(await rig.send(createOrder({ key: "one", items })));
    const orderId = orderOf("one");
    accepted(await rig.send(pay(orderId, "tok_times_out_but_succeeds")));
    await eventually(async () => (await rig.timerIds()).some((id) => id.includes("/lookup/")));
    rig.clock.move(10_000);
    await rig.reaches(orderId, "PROCESSING");
    const [ledger] = await rig.provider.ledger.sums();
    expect(ledger?.authorised).toBe((await rig.order(orderId)).context.money.authorised);
  });

  it("that the entity has moved on from are refused and deleted", async () => {
    const rig = await timerRig();
    const projector = rig.startProjector();
    accepted(await rig.send(createOrder({ key: "one", items })));
    const orderId = orderOf("one");
    await eventually(async () => (await rig.timerIds()).length === 1);
    await projector.close();
    accepted(await rig.send(pay(orderId)));
    await rig.reaches(orderId, "PROCESSING");
    rig.clock.move(16 * MINUTE_MS);
    const firing = rig.startFiring();
    await eventually(() => firing.status().fired === 1);
    expect(await rig.timerIds()).toEqual([]);
    await rig.reaches(orderId, "PROCESSING");
  });

  it("wait for a firing process as long as it takes", async () => {
    const rig = await timerRig();
    rig.startProjector();
    accepted(await rig.send(createOrder({ key: "one", items })));
    await eventually(async () => (await rig.timerIds()).length === 1);
    rig.clock.move(90 * 24 * 60 * MINUTE_MS);
    rig.startFiring();
    await rig.reaches(orderOf("one"), "EXPIRED");
  });

  it("come back with the same ids when everything is projected again", async () => {
    const rig = await timerRig();
    const projector = rig.startProjector();
    accepted(await rig.send(createOrder({ key: "one", items, policy: onShipment })));
    accepted(await rig.send(createOrder({ key: "two", items })));
    accepted(await rig.send(pay(orderOf("one"))));
    await rig.reaches(orderOf("one"), "PROCESSING");
    // Two timers are there earlier as well; the last word is that of a projector at the log's end.
    await eventually(() => isProjected(rig.db));
    const before = await rig.timerIds();
    expect(before).toHaveLength(2);
    await projector.close();
    await rig.db.collection("timers").drop();
    await rig.db.collection("orders").drop();
    await rig.db.collection<{ _id: string }>("checkpoints").deleteMany({ _id: "orders" });
    rig.startProjector();
    await eventually(() => isProjected(rig.db));
    expect(await rig.timerIds()).toEqual(before);
  });
});

/** Whether every order's view has the version of its last event. */
async function isProjected(db: Db): Promise<boolean> {
  const heads = new Map<string, number>();
  for await (const commit of db.collection("events").find({ t: "order" })) {
    const last = Number(commit["v"]) + Number(commit["n"]) - 1;
    heads.set(String(commit["s"]), Math.max(last, heads.get(String(commit["s"])) ?? 0));
  }
  const views = await db.collection("orders").find().toArray();
  const isLevel = views.every((view) => Number(view["version"]) === heads.get(String(view._id)));
  return isLevel && views.length === heads.size;
}

const onShipment = {
  capture: "ON_SHIPMENT",
  reservationTtlMs: 15 * MINUTE_MS,
  paymentActionTtlMs: 15 * MINUTE_MS,
  authorisationTtlMs: 6 * 24 * 60 * MINUTE_MS,
  lookupDelayMs: 5_000,
  attemptsMax: 3,
};
