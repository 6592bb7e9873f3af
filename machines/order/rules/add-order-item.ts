import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { sku } from "../../values/sku.ts";
import { orderEvent } from "../events.ts";
import { LINES_MAX, candidateLine, quantity } from "../fields.ts";
import { paymentState } from "../state.ts";
import { EVERYBODY, orderCommand } from "./command.ts";
import { asLine, costObjection, frozenLine } from "./frozen-line.ts";

export const addOrderItem = orderCommand({
  description: "Adds a line at today's price, as long as the order is not being paid.",
  scopes: EVERYBODY,
  input: z.object({ sku, quantity }),
  facts: z.object({ line: candidateLine }),
  objection(state) {
    const payment = paymentState(state);
    if (payment !== "unpaid" && payment !== "failed") {
      return refuse("INVALID_TRANSITION", "The order is being paid.", {
        allowedIn: ["payment.unpaid", "payment.failed"],
      });
    }
    const { lines, leaving } = state.context;
    return lines.length + leaving.length < LINES_MAX
      ? null
      : refuse("TOO_MANY_LINES", `An order has at most ${LINES_MAX} lines.`, { limit: LINES_MAX });
  },
  decide({ context }, data) {
    const { currency, lines } = context;
    const line = frozenLine(data.line, { quantity: data.quantity, currency });
    if ("code" in line) return line;
    const objection = costObjection({ ...context, lines: [...lines, asLine(line)] });
    return objection ?? [orderEvent("OrderItemAdded", { line })];
  },
});
