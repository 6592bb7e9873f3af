import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { GENESIS_HASH, partitionOf, sealCommit } from "../../log/index.ts";
import type { Leases } from "../../log/index.ts";
import { productIdOf } from "../../machines/index.ts";
import { PaymentError, type PaymentProvider } from "../../payments/index.ts";
import { faultsAtRest, foldLog } from "../faults/coordination-invariants.ts";
import { eventually } from "../support/servers.ts";
import { accepted, range } from "./bus-rig.ts";
import { cancel, createOrder, orderOf, pay, productOnSale } from "./checkout-commands.ts";
import { checkoutRig, type CheckoutRig } from "./checkout-rig.ts";

const items = [{ sku: "CUP-1", quantity: 1 }];

async function stocked(): Promise<CheckoutRig> {
  const rig = await checkoutRig();
  for (const command of productOnSale("CUP-1", 1_000)) accepted(await rig.send(command));
  return rig;
}

async function buy(rig: CheckoutRig, key: string, token = "tok_approved"): Promise<string> {
  accepted(await rig.send(createOrder({ key, items })));
  accepted(await rig.send(pay(orderOf(key), token)));
  return orderOf(key);
}

/** What a process believes that slept past its lease and does not know it. */
const believed: Leases = { hold: (_name, { onHeld, signal }) => onHeld(1, signal) };

describe("a reactor", () => {
  it("and another that believes it holds the lease too do everything once", async () => {
    const rig = await stocked();
    const zombie = rig.startReactor({ leases: believed });
    const ids = await Promise.all(range(30).map((index) => buy(rig, `order ${index}`)));
    for (const id of ids) await rig.reaches(id, "PROCESSING");
    await Promise.all(ids.slice(0, 10).map(async (id) => accepted(await rig.send(cancel(id)))));
    for (const id of ids.slice(0, 10)) await rig.reaches(id, "CANCELLED");
    await rig.isQuiet();
    await rig.isQuiet(zombie);
    const world = await foldLog(rig.db);
    expect(await faultsAtRest(world, rig.provider.ledger)).toEqual([]);
    expect(rig.reactor.status().bugs + zombie.status().bugs).toBe(0);
  });

  it("takes over where another one stopped", async () => {
    const rig = await stocked();
    await buy(rig, "first");
    await rig.reaches(orderOf("first"), "PROCESSING");
    const next = rig.startReactor();
    expect(next.status().isActive).toBe(false);
    await rig.reactor.stop();
    const second = await buy(rig, "second");
    await rig.reaches(second, "PROCESSING");
    expect(next.status().isActive).toBe(true);
  });

  it("is not held up by a provider that does not answer for one order", async () => {
    const rig = await stocked();
    await rig.reactor.stop();
    let answer = (): void => undefined;
    const released = new Promise<void>((resolve) => (answer = resolve));
    const stubborn: PaymentProvider = {
      ...rig.provider,
      async authorise(request) {
        if (request.token === "tok_slow") await released;
        return rig.provider.authorise({ ...request, token: "tok_approved" });
      },
    };
    const reactor = rig.startReactor({ provider: stubborn });
    const stuck = await buy(rig, "stuck", "tok_slow");
    const others = await Promise.all(range(20).map((index) => buy(rig, `order ${index}`)));
    for (const id of others) await rig.reaches(id, "PROCESSING");
    await rig.reaches(stuck, "PENDING");
    accepted(await rig.send(cancel(stuck)));
    await eventually(async () => (await rig.product("CUP-1")).context.stock.reserved === 0);
    await eventually(() => reactor.status().open === 1);
    answer();
    await rig.reaches(stuck, "CANCELLED");
    const world = await foldLog(rig.db);
    expect(await faultsAtRest(world, rig.provider.ledger)).toEqual([]);
  });

  it("takes a call that is never judged for an open outcome and tells of it", async () => {
    const rig = await stocked();
    await rig.reactor.stop();
    const broken: PaymentProvider = {
      ...rig.provider,
      authorise: () => Promise.reject(new PaymentError("REQUEST_INVALID", "of no known form")),
    };
    const reactor = rig.startReactor({ provider: broken });
    const id = await buy(rig, "one");
    await eventually(async () => {
      const { payment } = (await rig.order(id)).value as { payment: unknown };
      return JSON.stringify(payment) === '{"authorising":"unknown"}';
    });
    expect(reactor.status().bugs).toBe(1);
  });

  it("tells once of a command that is refused, and goes on", async () => {
    const rig = await stocked();
    const data = { orderId: randomUUID(), lineId: randomUUID(), quantity: 1 };
    const target = { aggregate: "product", entityId: productIdOf("CUP-1") } as const;
    const by = { subject: "nobody", scope: "internal" } as const;
    accepted(await rig.send({ key: "stray", type: "ReserveStock", data, by, ...target }));
    await eventually(() => rig.reactor.status().bugs === 1);
    await rig.reaches(await buy(rig, "one"), "PROCESSING");
    expect(rig.reactor.status().bugs).toBe(1);
  });

  it("lets an entity wait whose event it cannot read, until code comes that can", async () => {
    const rig = await stocked();
    const stream = randomUUID();
    const commit = sealCommit(GENESIS_HASH, {
      id: randomUUID(),
      stream,
      aggregate: "order",
      version: 1,
      partition: partitionOf(stream),
      at: new Date().toISOString(),
      meta: {
        subject: "later",
        scope: "internal",
        command: "Later",
        correlationId: "later",
        payloadHash: "later",
        node: "later",
        epoch: 0,
      },
      events: [{ type: "FromLaterCode", schemaVersion: 1, data: {} }],
    });
    expect(await rig.store.append(commit, Date.now() + 10_000)).toEqual({ kind: "landed" });
    await eventually(() => rig.reactor.status().bugs === 1);
    await rig.reaches(await buy(rig, "one"), "PROCESSING");
    await rig.reactor.stop();
    const next = rig.startReactor();
    await rig.isQuiet(next);
    expect(next.status().bugs).toBe(1);
  });
});
