import { describe, expect, it } from "vitest";
import { accepted, range } from "./bus-rig.ts";
import {
  cancel,
  createOrder,
  orderOf,
  pay,
  productOnSale,
  ship,
  UNIT_PRICE_MINOR,
} from "./checkout-commands.ts";
import { checkoutRig, type CheckoutRig } from "./checkout-rig.ts";

async function stocked(onHand: number, skus = ["CUP-1"]): Promise<CheckoutRig> {
  const rig = await checkoutRig();
  for (const command of skus.flatMap((sku) => productOnSale(sku, onHand))) {
    accepted(await rig.send(command));
  }
  return rig;
}

describe("the reactor", () => {
  it("takes an order from its creation to its shipment", async () => {
    const skus = ["CUP-1", "TEA-2", "POT-3"];
    const rig = await stocked(5, skus);
    const items = skus.map((sku) => ({ sku, quantity: 2 }));
    accepted(await rig.send(createOrder({ key: "one", items })));
    const orderId = orderOf("one");
    accepted(await rig.send(pay(orderId)));
    await rig.reaches(orderId, "PROCESSING");
    accepted(await rig.send(ship(orderId)));
    await rig.reaches(orderId, "SHIPPED");
    await rig.settles(orderId);
    const { context } = await rig.order(orderId);
    const due = 6 * UNIT_PRICE_MINOR;
    expect(context.money).toMatchObject({ authorised: due, captured: due, refunded: 0 });
    for (const sku of skus) {
      const { stock, reservationCount } = (await rig.product(sku)).context;
      expect({ ...stock, reservationCount }).toMatchObject({
        onHand: 3,
        reserved: 0,
        committed: 0,
        reservationCount: 0,
      });
    }
    expect(rig.reactor.status().bugs).toBe(0);
  });

  it("gives back stock and money of an order that is cancelled", async () => {
    const rig = await stocked(5);
    accepted(await rig.send(createOrder({ key: "one", items: [{ sku: "CUP-1", quantity: 3 }] })));
    const orderId = orderOf("one");
    accepted(await rig.send(pay(orderId)));
    await rig.reaches(orderId, "PROCESSING");
    accepted(await rig.send(cancel(orderId)));
    await rig.reaches(orderId, "CANCELLED");
    const { context } = await rig.product("CUP-1");
    expect(context.stock).toMatchObject({ onHand: 5, reserved: 0, committed: 0 });
    const [ledger] = await rig.provider.ledger.sums();
    expect(ledger).toMatchObject({
      captured: 3 * UNIT_PRICE_MINOR,
      refunded: 3 * UNIT_PRICE_MINOR,
    });
  });

  it("carries correlation and cause along from the command that began it", async () => {
    const rig = await stocked(5);
    accepted(await rig.send(createOrder({ key: "one", items: [{ sku: "CUP-1", quantity: 1 }] })));
    const orderId = orderOf("one");
    accepted(await rig.send(pay(orderId)));
    await rig.reaches(orderId, "PROCESSING");
    const [created, ...rest] = await rig.store.read(orderId, 0);
    const reactions = rest.filter(({ meta }) => meta.subject === "reactor");
    expect(reactions.length).toBeGreaterThanOrEqual(4);
    const reserved = reactions.find(({ meta }) => meta.command === "RecordLineReserved");
    expect(reserved?.meta.correlationId).toBe(created?.meta.correlationId);
    expect(reserved?.meta.causationId).toMatch(/^[0-9a-f-]{36}\/\d+$/);
    expect(reactions.every(({ meta }) => meta.scope === "internal")).toBe(true);
  });

  it("reacts again to everything without any effect", async () => {
    const rig = await stocked(50);
    const ids = range(10).map((index) => orderOf(`order ${index}`));
    for (const [index, orderId] of ids.entries()) {
      const items = [{ sku: "CUP-1", quantity: 1 }];
      accepted(await rig.send(createOrder({ key: `order ${index}`, items })));
      accepted(await rig.send(pay(orderId)));
    }
    for (const orderId of ids) await rig.settles(orderId);
    const before = await rig.db.collection("events").countDocuments();
    await rig.reactor.stop();
    await rig.db.collection<{ _id: string }>("checkpoints").deleteOne({ _id: "reactor" });
    const again = rig.startReactor();
    await rig.isQuiet(again);
    expect(await rig.db.collection("events").countDocuments()).toBe(before);
    expect(again.status().bugs).toBe(0);
  });
});
