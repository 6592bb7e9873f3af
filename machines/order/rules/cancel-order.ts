import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import type { Objection } from "../../kernel/refusal.ts";
import { text } from "../../values/text.ts";
import { orderEvent } from "../events.ts";
import { cancelReason, lineQuantities } from "../fields.ts";
import type { LineQuantity } from "../fields.ts";
import { isCommitted, isShipped, unshipped } from "../lines.ts";
import { isCaptured, orderRegions, paymentState } from "../state.ts";
import type { OrderState } from "../state.ts";
import { amountDue, worthOf } from "../totals.ts";
import { EVERYBODY, orderCommand } from "./command.ts";
import { unitsObjection } from "./quantities.ts";
import { refundLimit } from "./refund-order.ts";

export const cancelOrder = orderCommand({
  description: "Cancels the order before anything is shipped, or units of it that are not.",
  scopes: EVERYBODY,
  input: z.object({
    reason: cancelReason,
    note: text(500).optional(),
    /** Only these units, once the order is confirmed; the whole order when left out. */
    lines: lineQuantities.optional(),
  }),
  facts: z.object({}),
  impossible: (state) => (orderRegions(state).lifecycle === "confirmed" ? alreadyShipped() : null),
  objection: ({ context }) =>
    context.lines.some((line) => unshipped(line) > 0) ? null : alreadyShipped(),
  decide(state, { reason, note, lines }, { by, now }) {
    const why = { reason, ...(note === undefined ? {} : { note }) };
    const isGone = isShipped(state.context);
    if (isGone && (lines === undefined || by.scope === "customer")) return alreadyShipped();
    if (lines === undefined) {
      return [orderEvent("OrderCancellationRequested", { ...why, requestedAt: now })];
    }
    const objection = linesObjection(state, lines);
    if (objection !== null) return objection;
    const minor = worthOf(state.context, lines);
    const owedMinor = Math.min(minor, takenMinor(state));
    return [orderEvent("OrderLinesCancelled", { ...why, lines, minor, owedMinor })];
  },
});

function alreadyShipped(): Objection {
  return refuse("ALREADY_SHIPPED", "What is shipped cannot be cancelled: request a return.");
}

function linesObjection(state: OrderState, lines: readonly LineQuantity[]): Objection | null {
  const { context } = state;
  const objection = unitsObjection(context, lines, unshipped);
  if (objection !== null) return objection;
  if (orderRegions(state).lifecycle !== "confirmed" || !isCommitted(context)) {
    return useWhole("isCommitted");
  }
  const wanted = (lineId: string) => lines.find((one) => one.lineId === lineId)?.quantity ?? 0;
  const isRest = context.lines.some(
    (line) => line.ordered - line.cancelled - wanted(line.lineId) > 0,
  );
  return isRest && amountDue(context) > worthOf(context, lines) ? null : useWhole("leavesSome");
}

function useWhole(guard: string): Objection {
  const message = "Units can be cancelled once all stock is committed, and never all of them.";
  return refuse("GUARD_FAILED", `${message} Cancel the whole order.`, { guard });
}

/** What was captured, or is being captured, and does not go back already. */
function takenMinor(state: OrderState): number {
  const { attempt, money } = state.context;
  if (paymentState(state) === "capturing") return (attempt?.captureMinor ?? 0) - money.owed;
  return isCaptured(state) ? refundLimit(state.context) : 0;
}
