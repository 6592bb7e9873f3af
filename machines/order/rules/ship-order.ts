import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { shipmentIdOf } from "../../values/ids.ts";
import { trackingInfo } from "../../values/tracking.ts";
import { orderEvent } from "../events.ts";
import { DEALINGS_MAX, lineQuantities } from "../fields.ts";
import { isCommitted, unshipped } from "../lines.ts";
import { isCaptured, orderRegions, paymentState } from "../state.ts";
import { STAFF, orderCommand } from "./command.ts";
import { asGoods, unitsObjection, wantedUnits } from "./quantities.ts";

export const shipOrder = orderCommand({
  description: "Ships units, or, when none are named, all that are left.",
  scopes: STAFF,
  input: z.object({ tracking: trackingInfo.optional(), lines: lineQuantities.optional() }),
  facts: z.object({}),
  objection(state) {
    const { holdReason, policy, shipments } = state.context;
    if (orderRegions(state).hold === "held") {
      return refuse("ORDER_ON_HOLD", "The order is on hold.", { reason: holdReason });
    }
    if (!isCommitted(state.context)) {
      const message = "Not all stock is committed yet.";
      return refuse("GUARD_FAILED", message, { guard: "isCommitted" });
    }
    const isHeld = policy.capture === "ON_SHIPMENT" && paymentState(state) === "authorised";
    if (!isCaptured(state) && !isHeld) {
      return refuse("NOT_PAID", "The order is not paid.", { payment: paymentState(state) });
    }
    return shipments.length < DEALINGS_MAX
      ? null
      : refuse("TOO_MANY_SHIPMENTS", `An order has at most ${DEALINGS_MAX} shipments.`);
  },
  decide({ context }, { tracking, lines }, { now }) {
    const units = wantedUnits(context, lines, unshipped);
    const objection = unitsObjection(context, units, unshipped);
    if (objection !== null) return objection;
    const shipmentId = shipmentIdOf(context.orderNumber, context.shipments.length + 1);
    const goods = asGoods(context, units);
    const sent = { shipmentId, tracking: tracking ?? null, lines: goods, shippedAt: now };
    return [orderEvent("OrderShipped", sent)];
  },
});
