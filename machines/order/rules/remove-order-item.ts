import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { orderEvent } from "../events.ts";
import { reasonText } from "../fields.ts";
import { paymentState } from "../state.ts";
import { EVERYBODY, orderCommand } from "./command.ts";
import { costObjection } from "./frozen-line.ts";

export const removeOrderItem = orderCommand({
  description: "Takes a line off the order; the last one stays, cancel the order instead.",
  scopes: EVERYBODY,
  input: z.object({ lineId: z.uuid().toLowerCase(), reason: reasonText }),
  facts: z.object({}),
  objection(state) {
    const payment = paymentState(state);
    if (payment !== "unpaid" && payment !== "failed" && payment !== "requested") {
      return refuse("INVALID_TRANSITION", "The order is being paid.", {
        allowedIn: ["payment.unpaid", "payment.requested", "payment.failed"],
      });
    }
    return state.context.lines.length > 1
      ? null
      : refuse("LAST_LINE", "The last line cannot be removed: cancel the order instead.");
  },
  decide({ context }, { lineId, reason }) {
    const rest = context.lines.filter((line) => line.lineId !== lineId);
    if (rest.length === context.lines.length) {
      return refuse("LINE_NOT_FOUND", "The order has no such line.", { lineId });
    }
    const objection = costObjection({ ...context, lines: rest });
    return objection ?? [orderEvent("OrderItemRemoved", { lineId, reason })];
  },
});
