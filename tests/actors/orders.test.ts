import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { CommandEnvelope } from "../../actors/index.ts";
import { lineIdOf, orderIdOf, orderNumberOf, productIdOf } from "../../machines/index.ts";
import type { OrderContext } from "../../machines/index.ts";
import { accepted, busRig, codeOf, toProduct } from "./bus-rig.ts";
import { expectTrueHistory } from "./history-checker.ts";
import { sealedPersonal } from "../support/personal-sample.ts";

const SKU = "TEA-1";

/** An order of one line, from a customer, as the gateway sends it. */
function createOrder(customerId: string): CommandEnvelope {
  const commandId = randomUUID();
  const orderNumber = orderNumberOf(commandId);
  const line = {
    lineId: lineIdOf(commandId, 0),
    productId: productIdOf(SKU),
    sku: SKU,
    product: {
      name: "Tea",
      category: "tea",
      unitPrice: { minor: 990, currency: "EUR" },
      isSellable: true,
    },
  };
  const data = {
    currency: "EUR",
    items: [{ sku: SKU, quantity: 2 }],
    personal: sealedPersonal,
    orderNumber,
    customerId,
    lines: [line],
  };
  const by = { subject: customerId, scope: "customer" as const };
  const command = { type: "CreateOrder", data, now: new Date().toISOString(), by };
  const entityId = orderIdOf(orderNumber);
  return { ...toProduct(SKU, ""), commandId, aggregate: "order", entityId, command };
}

function cancel(order: CommandEnvelope, customerId: string): CommandEnvelope {
  const by = { subject: customerId, scope: "customer" as const };
  const data = { reason: "CUSTOMER" };
  const command = { type: "CancelOrder", data, now: new Date().toISOString(), by };
  return { ...order, commandId: randomUUID(), command, payloadHash: randomUUID() };
}

describe("an order", () => {
  it("is placed, cancelled and repeated by its customer only", async () => {
    const { startBus, store } = await busRig();
    const bus = startBus();
    const placing = createOrder("ann");
    const placed = accepted(await bus.send(placing));
    expect((placed.state.context as OrderContext).customerId).toBe("ann");
    const foreign = { ...cancel(placing, "ben"), expectedVersion: 7 };
    const hidden = await bus.send(foreign);
    expect(hidden).toMatchObject({ version: 0, refusal: { code: "NOT_FOUND", state: null } });
    const cancelling = cancel(placing, "ann");
    const cancelled = await bus.send(cancelling);
    expect(codeOf(await bus.send(cancel(placing, "ann")))).toBe("INVALID_TRANSITION");
    const again = await bus.send(placing);
    expect(accepted(again)).toMatchObject({ version: placed.version, repeated: true });
    await expectTrueHistory(store, [
      { envelope: placing, outcome: placed },
      { envelope: foreign, outcome: hidden },
      { envelope: cancelling, outcome: cancelled },
      { envelope: placing, outcome: again },
    ]);
  });
});
