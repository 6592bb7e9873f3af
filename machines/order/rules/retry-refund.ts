import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { refundIdOf } from "../../values/ids.ts";
import { orderEvent } from "../events.ts";
import { STAFF, orderCommand } from "./command.ts";
import { exceeds, refundLimit, tooManyRefunds } from "./refund-order.ts";

/** A new refund with a new key: under the old one the provider would only repeat its refusal. */
export const retryRefund = orderCommand({
  description: "Asks again for a refund that the provider has refused.",
  scopes: STAFF,
  input: z.object({ refundId: z.uuid().toLowerCase() }),
  facts: z.object({}),
  objection: ({ context }) =>
    context.refunds.some(({ status }) => status === "FAILED")
      ? tooManyRefunds(context)
      : refuse("INVALID_TRANSITION", "No refund has failed."),
  decide({ context }, { refundId }) {
    const failed = context.refunds.find((one) => one.refundId === refundId);
    if (failed === undefined) return refuse("REFUND_NOT_FOUND", "There is no such refund.");
    if (failed.status !== "FAILED") {
      const message = `The refund is ${failed.status.toLowerCase()}.`;
      return refuse("INVALID_TRANSITION", message, { status: failed.status });
    }
    const minor = Math.min(failed.minor, refundLimit(context));
    if (minor <= 0) return exceeds(context);
    const { attemptId, reason } = failed;
    const call = { attemptId, minor, currency: context.currency, reason, lines: [] };
    const next = refundIdOf(context.orderNumber, context.refunds.length + 1);
    const origin = "RETRY" as const;
    return [orderEvent("RefundRequested", { refundId: next, ...call, origin, retryOf: refundId })];
  },
});
