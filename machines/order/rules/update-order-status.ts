import { z } from "zod";
import type { DomainCommand } from "../../kernel/aggregate.ts";
import { aliasOf } from "../../kernel/define.ts";
import { refuse } from "../../kernel/refusal.ts";
import { text } from "../../values/text.ts";
import { trackingInfo } from "../../values/tracking.ts";
import { cancelReason } from "../fields.ts";
import type { OrderContext } from "../state.ts";
import { orderStatuses } from "../status.ts";
import { STAFF } from "./command.ts";

interface Wish {
  readonly tracking?: z.output<typeof trackingInfo> | undefined;
  readonly reason?: z.output<typeof cancelReason> | undefined;
  readonly note?: string | undefined;
}

/** What each status that can be asked for really is. */
const meanings: Readonly<
  Partial<Record<string, (wish: Wish) => Pick<DomainCommand, "type" | "data">>>
> = {
  SHIPPED: ({ tracking }) => ({
    type: "ShipOrder",
    data: tracking === undefined ? {} : { tracking },
  }),
  DELIVERED: () => ({ type: "ConfirmDelivery", data: {} }),
  CANCELLED: ({ reason = "STAFF", note }) => ({
    type: "CancelOrder",
    data: { reason, ...(note === undefined ? {} : { note }) },
  }),
  REFUNDED: ({ note }) => ({ type: "RefundOrder", data: { reason: note ?? "refunded by staff" } }),
};

/** Never writes a status: statuses are derived, and each that can be wanted is a command. */
export const updateOrderStatus = aliasOf<OrderContext>()({
  description: "Does what leads to a status: ships, delivers, cancels or refunds the whole order.",
  scopes: STAFF,
  input: z.object({
    status: z.enum(orderStatuses),
    tracking: trackingInfo.optional(),
    reason: cancelReason.optional(),
    note: text(500).optional(),
  }),
  of: ["ShipOrder", "ConfirmDelivery", "CancelOrder", "RefundOrder"],
  resolve(_state, { status, ...wish }, command) {
    const meaning = meanings[status]?.(wish);
    if (meaning !== undefined) return { ...command, ...meaning };
    return refuse("INVALID_TRANSITION", `No command leads to ${status}: it comes by itself.`, {
      target: status,
      allowed: Object.keys(meanings),
    });
  },
});
