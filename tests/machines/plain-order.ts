/**
 * An order of one line once more, as a plain program without a statechart, written from the tables
 * and not from the code: what it is.
 */
export type Outcome = "APPROVED" | "DECLINED" | "ACTION_REQUIRED" | "UNKNOWN";

export type Ask =
  | { readonly ask: "pay" | "cancel" | "hold" | "release" | "expire" | "resolve" | "retryRefund" }
  | { readonly ask: "expireAction" | "expireAuthorisation" | "resolveRefund" }
  | { readonly ask: "reserved" | "refused" | "committed" | "commitDeclined" }
  | { readonly ask: "released" | "consumed"; readonly units: number }
  | { readonly ask: "ship" | "deliver" | "cancelUnits"; readonly units: number }
  | { readonly ask: "authorisation" | "capture" | "void"; readonly outcome: Outcome }
  | { readonly ask: "refunded"; readonly outcome: Outcome }
  | { readonly ask: "refund"; readonly minor: number };

export const UNITS = 4;
export const UNIT_MINOR = 1250;
export const ATTEMPTS = 2;

export interface PlainRefund {
  minor: number;
  status: "REQUESTED" | "UNKNOWN" | "REFUNDED" | "FAILED" | "RETRIED";
}

export interface PlainOrder {
  capture: "AT_ONCE" | "ON_SHIPMENT";
  life: string;
  phase: string;
  pay: string;
  isUnknown: boolean;
  isHeld: boolean;
  stock: string;
  held: number;
  releasing: number;
  shipped: number;
  consumed: number;
  delivered: number;
  cancelled: number;
  attempts: number;
  attemptMinor: number;
  captureMinor: number;
  isAuthorised: boolean;
  authorised: number;
  voided: number;
  captured: number;
  owed: number;
  refunds: PlainRefund[];
  told: string[];
}

export function newPlainOrder(capture: PlainOrder["capture"]): PlainOrder {
  const counters = { held: 0, releasing: 0, shipped: 0, consumed: 0, delivered: 0, cancelled: 0 };
  const sums = { attemptMinor: 0, captureMinor: 0, authorised: 0, voided: 0, captured: 0, owed: 0 };
  const flags = { isUnknown: false, isHeld: false, isAuthorised: false };
  const where = { life: "pending", phase: "reserving", pay: "unpaid", stock: "requested" };
  return { capture, ...where, ...flags, ...counters, ...sums, attempts: 0, refunds: [], told: [] };
}

export const dead = ["rejected", "expired", "cancelling", "cancelled"];
export const taken = ["captured", "partiallyRefunded", "refunded"];

export function endPaying(o: PlainOrder): void {
  if (o.pay === "requested") o.pay = "unpaid";
}

export function startCancelling(o: PlainOrder): void {
  o.told.push("OrderCancellationRequested");
  Object.assign(o, { life: "cancelling", phase: "releasing" });
  endPaying(o);
}

export function due(o: PlainOrder): number {
  return (UNITS - o.cancelled) * UNIT_MINOR;
}

export function startVoid(o: PlainOrder): void {
  o.told.push("PaymentVoidRequested");
  Object.assign(o, { pay: "voiding", isUnknown: false });
}
