import type { OrderStatus } from "../generated/documents.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How long nothing may happen to an order of a status before somebody should look at it. */
const PATIENCE_MS: Readonly<Partial<Record<OrderStatus, number>>> = {
  PENDING: 20 * MINUTE_MS,
  CONFIRMED: DAY_MS,
  PROCESSING: 60 * MINUTE_MS,
  ON_HOLD: DAY_MS,
  PARTIALLY_SHIPPED: 3 * DAY_MS,
  SHIPPED: 7 * DAY_MS,
  PARTIALLY_DELIVERED: 7 * DAY_MS,
  CANCELLING: 10 * MINUTE_MS,
};

interface Waiting {
  readonly status: OrderStatus;
  readonly updatedAt: string;
}

/** How long nothing has happened to an order. */
export function quietMs({ updatedAt }: Waiting, now: number): number {
  return Math.max(0, now - Date.parse(updatedAt));
}

/** Whether an order waits longer than its status should last. */
export function isStuck(order: Waiting, now: number): boolean {
  const patienceMs = PATIENCE_MS[order.status];
  return patienceMs !== undefined && quietMs(order, now) > patienceMs;
}
