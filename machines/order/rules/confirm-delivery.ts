import { z } from "zod";
import { orderEvent } from "../events.ts";
import { lineQuantities } from "../fields.ts";
import type { OrderLine } from "../state.ts";
import { STAFF, orderCommand } from "./command.ts";
import { unitsObjection, wantedUnits } from "./quantities.ts";

function undelivered({ shipped, delivered }: OrderLine): number {
  return shipped - delivered;
}

export const confirmDelivery = orderCommand({
  description: "Says that units have arrived, or, when none are named, all that are shipped.",
  scopes: STAFF,
  input: z.object({ lines: lineQuantities.optional() }),
  facts: z.object({}),
  objection: ({ context }) =>
    unitsObjection(context, wantedUnits(context, undefined, undelivered), undelivered),
  decide({ context }, { lines }, { now }) {
    const units = wantedUnits(context, lines, undelivered);
    const objection = unitsObjection(context, units, undelivered);
    return objection ?? [orderEvent("DeliveryConfirmed", { lines: units, deliveredAt: now })];
  },
});
