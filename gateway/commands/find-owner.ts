import type { EventStore } from "../../log/index.ts";
import type { FindOwner } from "./facts.ts";

/**
 * Finds an order's customer in its first commit, which is there as soon as anybody knows the order.
 * Throws `STORE_UNAVAILABLE`.
 */
export function findOwnerIn(store: Pick<EventStore, "read">): FindOwner {
  return async (orderId) => {
    const [first] = await store.read(orderId.toLowerCase(), 0, 1);
    const created = first?.events.find(({ type }) => type === "OrderCreated");
    const { customerId } = (created?.data ?? {}) as { readonly customerId?: string };
    return customerId ?? null;
  };
}
