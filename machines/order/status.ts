import { isCaptured, isOutcomeUnknown, orderRegions, paymentState } from "./state.ts";
import type { OrderLine, OrderState } from "./state.ts";

/** What a simple client wants to know, derived from the regions and counters. */
export const orderStatuses = [
  "PENDING",
  "CONFIRMED",
  "PROCESSING",
  "ON_HOLD",
  "PARTIALLY_SHIPPED",
  "SHIPPED",
  "PARTIALLY_DELIVERED",
  "DELIVERED",
  "PARTIALLY_RETURNED",
  "RETURNED",
  "REFUNDED",
  "CANCELLING",
  "CANCELLED",
  "REJECTED",
  "EXPIRED",
] as const;

export type OrderStatus = (typeof orderStatuses)[number];

const ends: Readonly<Partial<Record<string, OrderStatus>>> = {
  rejected: "REJECTED",
  expired: "EXPIRED",
  cancelling: "CANCELLING",
  cancelled: "CANCELLED",
};

/** The one simple status of an order; an order before its first event counts as pending. */
export function orderStatus(state: OrderState): OrderStatus {
  const { lifecycle, payment, hold } = orderRegions(state);
  const end = ends[lifecycle];
  if (end !== undefined) return end;
  if (payment === "refunded") return "REFUNDED";
  const goods = goodsStatus(state.context.lines);
  if (goods !== null) return goods;
  if (hold === "held") return "ON_HOLD";
  if (lifecycle !== "confirmed") return "PENDING";
  return isPaid(state) ? "PROCESSING" : "CONFIRMED";
}

function goodsStatus(lines: readonly OrderLine[]): OrderStatus | null {
  const kept = lines.filter(({ ordered, cancelled }) => ordered > cancelled);
  const reached = (counter: "shipped" | "delivered" | "returned") => ({
    some: kept.some((line) => line[counter] > 0),
    all: kept.length > 0 && kept.every((line) => line[counter] === line.ordered - line.cancelled),
  });
  const returned = reached("returned");
  if (returned.some) return returned.all ? "RETURNED" : "PARTIALLY_RETURNED";
  const delivered = reached("delivered");
  if (delivered.some) return delivered.all ? "DELIVERED" : "PARTIALLY_DELIVERED";
  const shipped = reached("shipped");
  if (shipped.some) return shipped.all ? "SHIPPED" : "PARTIALLY_SHIPPED";
  return null;
}

/** Stock and money stand ready, as the order's policy asks for it. */
function isPaid(state: OrderState): boolean {
  const { policy } = state.context;
  const isReady = orderRegions(state).reservation === "committed";
  const isHeld = policy.capture === "ON_SHIPMENT" && paymentState(state) === "authorised";
  return isReady && (isCaptured(state) || isHeld);
}

/**
 * Whether the coordination that runs by itself has ended: no product and no provider is being
 * asked, and the next step is a person's or a far deadline's.
 */
export function isSettled(state: OrderState): boolean {
  const { context } = state;
  const { lifecycle, reservation } = orderRegions(state);
  if (reservation === "reserving" && lifecycle === "pending") return false;
  const isLineOpen = [...context.lines, ...context.leaving].some(
    ({ stock, releasing, shipped, consumed }) =>
      stock === "requested" || stock === "committing" || releasing > 0 || shipped > consumed,
  );
  if (isLineOpen || isOutcomeUnknown(state)) return false;
  const payment = paymentState(state);
  if (payment === "authorising" || payment === "capturing" || payment === "voiding") return false;
  return context.refunds.every(({ status }) => status !== "REQUESTED" && status !== "UNKNOWN");
}
