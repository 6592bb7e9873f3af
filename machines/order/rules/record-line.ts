import { z } from "zod";
import { orderEvent } from "../events.ts";
import { units } from "../events/parts.ts";
import { quantity } from "../fields.ts";
import { findLine } from "../lines.ts";
import type { OrderContext, OrderLine } from "../state.ts";
import { INTERNAL, orderCommand } from "./command.ts";

const ofLine = z.object({ lineId: z.uuid() });
const answer = { scopes: INTERNAL, isAnswer: true, facts: z.object({}) } as const;

function isLineIn(context: OrderContext, lineId: string, stock: OrderLine["stock"]): boolean {
  return findLine(context, lineId)?.stock === stock;
}

export const recordLineReserved = orderCommand({
  ...answer,
  description: "The product holds the units of a line.",
  input: ofLine.extend({ quantity, backordered: units }),
  decide: ({ context }, data) =>
    isLineIn(context, data.lineId, "requested") ? [orderEvent("LineReserved", data)] : [],
});

export const recordLineRefused = orderCommand({
  ...answer,
  description: "The product does not hold the units of a line.",
  input: ofLine.extend({ code: z.string(), requested: units, available: units }),
  decide: ({ context }, data) =>
    isLineIn(context, data.lineId, "requested") ? [orderEvent("LineRefused", data)] : [],
});

export const recordLineCommitted = orderCommand({
  ...answer,
  description: "The product has committed the units of a line.",
  input: ofLine,
  decide: ({ context }, data) =>
    isLineIn(context, data.lineId, "committing") ? [orderEvent("LineCommitted", data)] : [],
});

export const recordLineCommitDeclined = orderCommand({
  ...answer,
  description: "The product cannot commit the units of a line; it still holds them.",
  input: ofLine.extend({ code: z.string() }),
  decide: ({ context }, data) =>
    isLineIn(context, data.lineId, "committing") ? [orderEvent("LineCommitDeclined", data)] : [],
});

/** `quantity` is what was asked to be released: the release is over whatever the product found. */
export const recordLineReleased = orderCommand({
  ...answer,
  description: "The product has given back units of a line.",
  input: ofLine.extend({ quantity }),
  decide({ context }, data) {
    const { releasing = 0 } = findLine(context, data.lineId) ?? {};
    return data.quantity <= releasing ? [orderEvent("LineReleased", data)] : [];
  },
});

export const recordLineConsumed = orderCommand({
  ...answer,
  description: "The product has taken shipped units of a line out of stock.",
  input: ofLine.extend({ quantity, shortfall: units }),
  decide({ context }, data) {
    const { shipped = 0, consumed = 0 } = findLine(context, data.lineId) ?? {};
    return data.quantity <= shipped - consumed ? [orderEvent("LineConsumed", data)] : [];
  },
});
