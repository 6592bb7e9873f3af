import { z } from "zod";
import { address, phone } from "../values/address.ts";
import { price } from "../values/money.ts";
import { personal } from "../values/personal.ts";
import { text } from "../values/text.ts";

/** How many units of one line may be ordered. */
export const quantity = z.int().min(1).max(1_000_000);

/** How many lines an order has at most, those that are on their way out included. */
export const LINES_MAX = 100;

/** How many discounts an order has at most. */
const DISCOUNTS_MAX = 10;

/** How many shipments, returns and refunds an order has at most, of each. */
export const DEALINGS_MAX = 200;

export const cancelReason = z.enum(["CUSTOMER", "FRAUD", "INVENTORY", "PAYMENT", "STAFF", "OTHER"]);

export const reasonText = text(500);

/** A line before it is on an order, with what the gateway knows of its product. */
export const candidateLine = z.object({
  lineId: z.uuid(),
  productId: z.uuid(),
  sku: z.string(),
  /** Null = the gateway found no such product. */
  product: z
    .object({
      name: z.string(),
      category: z.string(),
      unitPrice: price,
      isSellable: z.boolean(),
    })
    .nullable(),
});

export type CandidateLine = z.output<typeof candidateLine>;

/** Units of lines, each line once. */
export const lineQuantities = z
  .array(z.object({ lineId: z.uuid().toLowerCase(), quantity }))
  .min(1)
  .max(LINES_MAX)
  .superRefine((given, check) => {
    const seen = new Set<string>();
    for (const [index, { lineId }] of given.entries()) {
      if (seen.has(lineId)) {
        const message = "is in the list already: add up the quantities";
        check.addIssue({ code: "custom", path: [index, "lineId"], message, input: lineId });
      }
      seen.add(lineId);
    }
  });

export type LineQuantity = z.output<typeof lineQuantities>[number];

/** What happens to goods that came back. */
export const disposition = z.enum(["RESTOCK", "DAMAGED", "WRITTEN_OFF"]);

/** An amount off the whole order, in minor units of its currency. */
export const discounts = z
  .array(z.object({ code: text(64), minor: price.shape.minor }))
  .max(DISCOUNTS_MAX);

const durationMs = z
  .int()
  .min(1_000)
  .max(366 * 24 * 3_600_000);

/** The shop's rules as they were when the order was placed; they stay with the order. */
export const orderPolicy = z.object({
  capture: z.enum(["AT_ONCE", "ON_SHIPMENT"]),
  /** For stock that is reserved and not paid for, and for a payment that failed later. */
  reservationTtlMs: durationMs,
  /** For a person to confirm a payment at their bank. */
  paymentActionTtlMs: durationMs,
  authorisationTtlMs: durationMs,
  /** Before a call without an outcome is repeated; doubles with each further one. */
  lookupDelayMs: durationMs,
  attemptsMax: z.int().min(1).max(20),
});

export type OrderPolicy = z.output<typeof orderPolicy>;

/** The rules of a shop that has set none. */
export const DEFAULT_POLICY: OrderPolicy = {
  capture: "AT_ONCE",
  reservationTtlMs: 15 * 60_000,
  paymentActionTtlMs: 15 * 60_000,
  authorisationTtlMs: 6 * 24 * 3_600_000,
  lookupDelayMs: 5_000,
  attemptsMax: 3,
};

/** What a payment provider says to any call. Unknown is not a decline. */
export const providerOutcome = z.object({
  outcome: z.enum(["APPROVED", "DECLINED", "ACTION_REQUIRED", "UNKNOWN"]),
  reason: reasonText.optional(),
  /** Where the person confirms, when action is required. */
  actionUrl: z.url().max(2_000).optional(),
});

/** Everything personal that an order begins with. */
export const orderPersonal = personal(
  z.object({
    contact: z.object({
      name: text(200),
      email: z.email().max(254),
      phone: phone.optional(),
    }),
    shippingAddress: address,
  }),
  ({ shippingAddress }) => shippingAddress.country,
);

/** An order's personal fields as they were before they were sealed. */
export type OrderPersonal = z.output<typeof orderPersonal>;

/** Everything personal in a change of address. */
export const changedAddress = personal(
  z.object({ shippingAddress: address }),
  ({ shippingAddress }) => shippingAddress.country,
);
