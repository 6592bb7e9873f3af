import { createHash } from "node:crypto";
import type { CommandBus } from "../actors/index.ts";
import type { Projections } from "../projections/index.ts";
import { commandIdFor, productIdOf } from "../machines/index.ts";

/** The shop of a first start: SKU, name, category, price in minor units of EUR, units on hand. */
const shelf = [
  ["TEA-EARL-GREY", "Earl Grey, 100 g", "Tea", 690, 120],
  ["TEA-SENCHA", "Sencha, 100 g", "Tea", 890, 80],
  ["TEA-ASSAM", "Assam, 250 g", "Tea", 1_150, 60],
  ["POT-CAST-IRON", "Cast iron teapot, 0.8 l", "Teaware", 4_990, 12],
  ["POT-GLASS", "Glass teapot, 1.2 l", "Teaware", 2_450, 20],
  ["CUP-PORCELAIN", "Porcelain cup", "Teaware", 1_290, 200],
  ["STRAINER-STEEL", "Steel strainer", "Accessories", 590, 150],
  ["WHISK-BAMBOO", "Bamboo whisk, the last one", "Accessories", 1_950, 1],
] as const;

const BY = { subject: "seed", scope: "service" } as const;

interface Shop {
  readonly bus: CommandBus;
  readonly projections: Projections;
}

/** Fills the shelves. Its command ids are fixed, so that a second time changes nothing. */
export async function seedShop(shop: Shop, deadlineMs: number): Promise<void> {
  for (const [sku, name, category, minor, onHand] of shelf) {
    const price = { minor, currency: "EUR" };
    const data = { sku, name, category, price, onHand };
    await send(shop.bus, { sku, type: "CreateProduct", data, deadlineMs });
    const version = await send(shop.bus, { sku, type: "PublishProduct", data: {}, deadlineMs });
    // The first look at the shop finds everything on its shelf.
    await shop.projections.products.waitFor(productIdOf(sku), version, Date.now() + deadlineMs);
  }
}

interface Step {
  readonly sku: string;
  readonly type: string;
  readonly data: object;
  readonly deadlineMs: number;
}

async function send(bus: CommandBus, { sku, type, data, deadlineMs }: Step): Promise<number> {
  const commandId = commandIdFor(BY.subject, `${type}/${sku}`);
  const now = new Date();
  const outcome = await bus.send({
    commandId,
    aggregate: "product",
    entityId: productIdOf(sku),
    command: { type, data, now: now.toISOString(), by: BY },
    payloadHash: createHash("sha256").update(JSON.stringify(data)).digest("hex"),
    correlationId: commandId,
    deadline: now.getTime() + deadlineMs,
  });
  if (outcome.kind === "failed") throw new Error(`seeding ${sku}: ${outcome.message}`);
  // Refused = the product has moved on since the first start, which is nobody's fault.
  return outcome.version;
}
