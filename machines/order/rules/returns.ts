import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import type { Objection } from "../../kernel/refusal.ts";
import { returnIdOf } from "../../values/ids.ts";
import { orderEvent } from "../events.ts";
import {
  DEALINGS_MAX,
  LINES_MAX,
  disposition,
  lineQuantities,
  quantity,
  reasonText,
} from "../fields.ts";
import { returnable } from "../lines.ts";
import type { OrderContext, OrderReturn } from "../state.ts";
import { EVERYBODY, STAFF, orderCommand } from "./command.ts";
import { asGoods, unitsObjection, wantedUnits } from "./quantities.ts";

const ofReturn = z.object({ returnId: z.uuid().toLowerCase() });

export const requestReturn = orderCommand({
  description: "Asks to send delivered units back.",
  scopes: EVERYBODY,
  input: z.object({ lines: lineQuantities, reason: reasonText }),
  facts: z.object({}),
  objection: ({ context }) =>
    context.returns.length < DEALINGS_MAX
      ? unitsObjection(context, wantedUnits(context, undefined, returnable), returnable)
      : refuse("TOO_MANY_RETURNS", `An order has at most ${DEALINGS_MAX} returns.`),
  decide({ context }, { lines, reason }) {
    const objection = unitsObjection(context, lines, returnable);
    const returnId = returnIdOf(context.orderNumber, context.returns.length + 1);
    return objection ?? [orderEvent("ReturnRequested", { returnId, lines, reason })];
  },
});

export const approveReturn = orderCommand({
  description: "Lets requested units come back.",
  scopes: STAFF,
  input: ofReturn,
  facts: z.object({}),
  decide({ context }, { returnId }) {
    const found = returnIn(context, returnId, "REQUESTED");
    return "code" in found ? found : [orderEvent("ReturnApproved", { returnId })];
  },
});

export const declineReturn = orderCommand({
  description: "Refuses to take requested units back.",
  scopes: STAFF,
  input: ofReturn.extend({ reason: reasonText }),
  facts: z.object({}),
  decide({ context }, { returnId, reason }) {
    const found = returnIn(context, returnId, "REQUESTED");
    return "code" in found ? found : [orderEvent("ReturnDeclined", { returnId, reason })];
  },
});

const receivedGoods = z
  .array(z.object({ lineId: z.uuid().toLowerCase(), quantity, disposition }))
  .min(1)
  .max(LINES_MAX)
  .superRefine((given, check) => {
    const seen = new Set<string>();
    for (const [index, { lineId, disposition: kind }] of given.entries()) {
      const message = "is in the list already with this disposition: add up the quantities";
      if (seen.has(`${lineId}/${kind}`)) {
        check.addIssue({ code: "custom", path: [index, "lineId"], message, input: lineId });
      }
      seen.add(`${lineId}/${kind}`);
    }
  });

export const receiveReturn = orderCommand({
  description: "Takes units of an approved return in: to be sold again, damaged or written off.",
  scopes: STAFF,
  input: ofReturn.extend({ goods: receivedGoods }),
  facts: z.object({}),
  objection: ({ context }) =>
    context.returns.some(({ status }) => status === "APPROVED")
      ? null
      : refuse("INVALID_TRANSITION", "No return is approved."),
  decide({ context }, { returnId, goods }) {
    const found = returnIn(context, returnId, "APPROVED");
    if ("code" in found) return found;
    for (const { lineId } of goods) {
      const line = found.lines.find((one) => one.lineId === lineId);
      const limit = (line?.quantity ?? 0) - (line?.received ?? 0);
      const requested = goods
        .filter((one) => one.lineId === lineId)
        .reduce((sum, one) => sum + one.quantity, 0);
      if (requested > limit) {
        const message = `Only ${limit} units of that line are approved to come back.`;
        return refuse("QUANTITY_EXCEEDS", message, { lineId, requested, limit });
      }
    }
    const lines = goods.flatMap(({ lineId, quantity: count, disposition: kind }) =>
      asGoods(context, [{ lineId, quantity: count }]).map((one) => ({
        ...one,
        disposition: kind,
      })),
    );
    return [orderEvent("ReturnReceived", { returnId, lines })];
  },
});

function returnIn(
  { returns }: OrderContext,
  returnId: string,
  status: OrderReturn["status"],
): OrderReturn | Objection {
  const found = returns.find((one) => one.returnId === returnId);
  if (found === undefined) return refuse("RETURN_NOT_FOUND", "The order has no such return.");
  if (found.status === status) return found;
  const message = `The return is ${found.status.toLowerCase()}.`;
  return refuse("INVALID_TRANSITION", message, { status: found.status });
}
