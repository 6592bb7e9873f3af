import type { OrderStatus } from "../../machines/index.ts";

const DAY_MS = 24 * 3_600_000;

const policy = {
  capture: "AT_ONCE",
  reservationTtlMs: DAY_MS,
  paymentActionTtlMs: DAY_MS,
  authorisationTtlMs: DAY_MS,
  lookupDelayMs: 1_000,
  attemptsMax: 3,
};
const soonExpired = { ...policy, reservationTtlMs: 1_000 };
const oneAttempt = { ...policy, attemptsMax: 1 };

/** What a customer and the staff do to one order, and how it may end. */
export interface Course {
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly policy: object;
  readonly token?: string;
  readonly then?: "ship" | "cancel";
  readonly ends: readonly OrderStatus[];
}

const items = (...skus: readonly string[]) => skus.map((sku) => ({ sku, quantity: 2 }));

export const courses: Readonly<Record<string, Course>> = {
  shipped: {
    items: items("SKU-1", "SKU-2", "SKU-3"),
    policy,
    token: "tok_approved",
    then: "ship",
    ends: ["SHIPPED"],
  },
  cancelled: {
    items: items("SKU-2", "SKU-1"),
    policy,
    token: "tok_approved",
    then: "cancel",
    ends: ["CANCELLED"],
  },
  declined: {
    items: items("SKU-1"),
    policy: oneAttempt,
    token: "tok_declined",
    ends: ["REJECTED"],
  },
  uncertain: {
    items: items("SKU-3"),
    policy,
    token: "tok_times_out_but_succeeds",
    ends: ["PROCESSING"],
  },
  uncaptured: {
    items: items("SKU-1"),
    policy: soonExpired,
    token: "tok_capture_declined",
    // On a slow machine it may expire before it is paid.
    ends: ["CANCELLED", "EXPIRED"],
  },
  unpaid: { items: items("SKU-1", "SKU-2"), policy: soonExpired, ends: ["EXPIRED"] },
  unavailable: { items: items("SKU-1", "GONE-1"), policy, ends: ["REJECTED"] },
};
