import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { currencyCode } from "../../values/currency.ts";
import { sku } from "../../values/sku.ts";
import { taxRate } from "../../values/tax.ts";
import { text } from "../../values/text.ts";
import { orderEvent } from "../events.ts";
import type { OrderEventData } from "../events.ts";
import { later } from "../events/parts.ts";
import {
  DEFAULT_POLICY,
  LINES_MAX,
  candidateLine,
  discounts,
  orderPersonal,
  orderPolicy,
  quantity,
} from "../fields.ts";
import { EVERYBODY, orderCommand } from "./command.ts";
import { asLine, costObjection, frozenLine } from "./frozen-line.ts";

/** How many taxes the shop charges on one line at most. */
const TAXES_MAX = 10;

const items = z
  .array(z.object({ sku, quantity }))
  .min(1)
  .max(LINES_MAX)
  .superRefine((given, check) => {
    const seen = new Set<string>();
    for (const [index, item] of given.entries()) {
      if (seen.has(item.sku)) {
        const message = "is in the list already: add up the quantities";
        check.addIssue({ code: "custom", path: [index, "sku"], message, input: item.sku });
      }
      seen.add(item.sku);
    }
  });

export const createOrder = orderCommand({
  description: "Places an order at today's prices and begins to reserve its stock.",
  scopes: EVERYBODY,
  creates: true,
  input: z.object({
    customerId: text(128).optional(),
    currency: currencyCode,
    items,
    /** Not for customers. */
    discounts: discounts.optional(),
    personal: orderPersonal,
  }),
  facts: z.object({
    orderNumber: z.string(),
    customerId: z.string(),
    lines: z.array(candidateLine),
    taxes: z.array(taxRate).max(TAXES_MAX).default([]),
    policy: orderPolicy.default(DEFAULT_POLICY),
  }),
  decide(_state, data, { by, now }) {
    if (by.scope === "customer" && data.customerId !== by.subject) {
      return refuse("FORBIDDEN", "A customer can only order for themselves.");
    }
    if (by.scope === "customer" && data.discounts !== undefined) {
      return refuse("FORBIDDEN", "A customer grants no discounts.");
    }
    const lines: OrderEventData<"OrderCreated">["lines"] = [];
    for (const item of data.items) {
      const candidate = data.lines.find((line) => line.sku === item.sku);
      if (candidate === undefined) {
        return refuse("PRODUCT_NOT_FOUND", `There is no product ${item.sku}.`, { sku: item.sku });
      }
      const { currency } = data;
      const line = frozenLine(candidate, { quantity: item.quantity, currency });
      if ("code" in line) return line;
      lines.push(line);
    }
    const { orderNumber, customerId, currency, personal, taxes, policy, discounts: off } = data;
    const terms = { currency, discounts: off ?? [], taxes };
    const objection = costObjection({ ...terms, lines: lines.map(asLine) });
    if (objection !== null) return objection;
    const expiresAt = later(now, policy.reservationTtlMs);
    const created = { orderNumber, customerId, lines, personal, createdAt: now, policy, expiresAt };
    return [orderEvent("OrderCreated", { ...created, ...terms })];
  },
});
