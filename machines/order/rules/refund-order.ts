import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import type { Objection } from "../../kernel/refusal.ts";
import { refundIdOf } from "../../values/ids.ts";
import { price } from "../../values/money.ts";
import { orderEvent } from "../events.ts";
import { DEALINGS_MAX, lineQuantities, reasonText } from "../fields.ts";
import { refundable } from "../lines.ts";
import type { OrderContext } from "../state.ts";
import { worthOf } from "../totals.ts";
import { STAFF, orderCommand } from "./command.ts";
import { unitsObjection } from "./quantities.ts";

/** Most that may still be asked back: what is pending or owed is on its way already. */
export function refundLimit({ money }: OrderContext): number {
  return money.captured - money.refunded - money.refundPending - money.owed;
}

/** The objection to one refund too many in number; null while there is room. */
export function tooManyRefunds({ refunds }: OrderContext): Objection | null {
  return refunds.length < DEALINGS_MAX
    ? null
    : refuse("TOO_MANY_REFUNDS", `An order has at most ${DEALINGS_MAX} refunds.`, {
        limit: DEALINGS_MAX,
      });
}

export const refundOrder = orderCommand({
  description: "Pays back an amount, units, or, when neither is named, all that is left.",
  scopes: STAFF,
  input: z.object({
    amount: price.optional(),
    lines: lineQuantities.optional(),
    reason: reasonText,
  }),
  facts: z.object({}),
  objection({ context }) {
    const isDone = context.lines.some(({ delivered, cancelled }) => delivered + cancelled > 0);
    if (!isDone) {
      const message = "Nothing is delivered, returned or cancelled yet: cancel the order instead.";
      return refuse("GUARD_FAILED", message, { guard: "somethingDelivered" });
    }
    return tooManyRefunds(context) ?? (refundLimit(context) > 0 ? null : exceeds(context));
  },
  decide({ context }, { amount, lines = [], reason }) {
    const { currency, attempt } = context;
    if (amount !== undefined && amount.currency !== currency) {
      const details = { expected: currency, actual: amount.currency };
      return refuse("CURRENCY_MISMATCH", `The order is in ${currency}.`, details);
    }
    if (amount !== undefined && lines.length > 0) {
      return refuse("AMBIGUOUS", "Name an amount or units, not both.");
    }
    const objection = lines.length > 0 ? unitsObjection(context, lines, refundable) : null;
    if (objection !== null) return objection;
    const minor = amount?.minor ?? (lines.length > 0 ? worthOf(context, lines) : undefined);
    const asked = minor ?? refundLimit(context);
    if (asked > refundLimit(context)) return exceeds(context);
    if (attempt === null || asked === 0)
      return refuse("NOTHING_DUE", "There is nothing to refund.");
    const refundId = refundIdOf(context.orderNumber, context.refunds.length + 1);
    const { attemptId } = attempt;
    const call = { refundId, attemptId, minor: asked, currency };
    const why = { origin: "COMMAND" as const, reason, lines, retryOf: null };
    return [orderEvent("RefundRequested", { ...call, ...why })];
  },
});

/** The objection to more than may be paid back, with what may. */
export function exceeds(context: OrderContext): Objection {
  const due = refundLimit(context);
  const details = { due, currency: context.currency };
  return refuse("AMOUNT_EXCEEDS_DUE", "That is more than can be paid back.", details);
}
