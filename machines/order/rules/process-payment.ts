import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { attemptIdOf } from "../../values/ids.ts";
import { paymentMethod } from "../../values/payment-method.ts";
import { orderEvent } from "../events.ts";
import { isShipped } from "../lines.ts";
import { amountDue } from "../totals.ts";
import { EVERYBODY, orderCommand } from "./command.ts";

/** While stock is still being reserved this records the wish, which starts when that is done. */
export const processPayment = orderCommand({
  description: "Pays the order with a method of the payment provider.",
  scopes: EVERYBODY,
  input: z.object({ paymentMethod }),
  facts: z.object({}),
  objection: ({ context }) =>
    amountDue(context) > 0 ? null : refuse("NOTHING_DUE", "There is nothing to pay."),
  decide({ context }, { paymentMethod: method }, { by, now }) {
    const { orderNumber, attemptCount, policy } = context;
    // Goods that left unpaid are worth more attempts than a customer gets.
    const isBound = by.scope === "customer" || !isShipped(context);
    if (isBound && attemptCount >= policy.attemptsMax) {
      const limit = policy.attemptsMax;
      return refuse("TOO_MANY_ATTEMPTS", "All payment attempts are used up.", { limit });
    }
    const attemptId = attemptIdOf(orderNumber, attemptCount + 1);
    return [orderEvent("PaymentRequested", { attemptId, method, requestedAt: now })];
  },
});
