import type { OrderStatus } from "../generated/documents.ts";

/** Statuses of orders for which somebody or something still has to act, in the order of the way. */
export const openStatuses: readonly OrderStatus[] = [
  "PENDING",
  "CONFIRMED",
  "PROCESSING",
  "ON_HOLD",
  "PARTIALLY_SHIPPED",
  "SHIPPED",
  "PARTIALLY_DELIVERED",
  "CANCELLING",
];

/** Statuses in which an order may rest for ever. */
export const endedStatuses: readonly OrderStatus[] = [
  "DELIVERED",
  "PARTIALLY_RETURNED",
  "RETURNED",
  "REFUNDED",
  "CANCELLED",
  "REJECTED",
  "EXPIRED",
];

export const allStatuses: readonly OrderStatus[] = [...openStatuses, ...endedStatuses];
