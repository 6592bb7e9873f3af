import type { DomainEvent } from "../../kernel/aggregate.ts";
import { orderEvent } from "../events.ts";
import { isCommitted, isStockGone, nextToReserve, surplusOf } from "../lines.ts";
import { orderRegions } from "../state.ts";
import type { OrderState } from "../state.ts";

/** Gives back what is held for no reason any longer. */
export function releaseStock(state: OrderState): readonly DomainEvent[] {
  const { lines, leaving } = state.context;
  return [...lines, ...leaving].flatMap((line) => {
    const quantity = surplusOf(state, line);
    const { lineId, productId } = line;
    return quantity > 0
      ? [orderEvent("LineReleaseRequested", { lineId, productId, quantity })]
      : [];
  });
}

/** Asks for one line at a time. */
export function reserveNextLine(state: OrderState): readonly DomainEvent[] {
  const line = orderRegions(state).lifecycle === "pending" ? nextToReserve(state) : null;
  if (line === null) return [];
  const { lineId, productId, ordered } = line;
  return [orderEvent("LineReservationRequested", { lineId, productId, quantity: ordered })];
}

/** All lines are held. */
export function completeReservation(state: OrderState): readonly DomainEvent[] {
  const isOpen = orderRegions(state).reservation === "reserving";
  const isWhole = state.context.lines.every(({ stock }) => stock === "reserved");
  const isPending = orderRegions(state).lifecycle === "pending";
  return isPending && isOpen && isWhole ? [orderEvent("OrderStockReserved", {})] : [];
}

/** Asks all products of a confirmed order to promise what they hold. */
export function requestCommits(state: OrderState): readonly DomainEvent[] {
  if (orderRegions(state).lifecycle !== "confirmed") return [];
  return state.context.lines
    .filter(({ stock }) => stock === "reserved")
    .map(({ lineId, productId, ordered }) =>
      orderEvent("LineCommitRequested", { lineId, productId, quantity: ordered }),
    );
}

/** All lines are promised. */
export function completeCommitment(state: OrderState): readonly DomainEvent[] {
  const { lifecycle, reservation } = orderRegions(state);
  const isOpen = reservation === "reserved" || reservation === "backordered";
  return lifecycle === "confirmed" && isOpen && isCommitted(state.context)
    ? [orderEvent("OrderStockCommitted", {})]
    : [];
}

/** All that was promised has left. */
export function completeConsumption(state: OrderState): readonly DomainEvent[] {
  const isGone = state.context.lines.every(
    ({ ordered, cancelled, consumed, reserved }) =>
      consumed === ordered - cancelled && reserved === 0,
  );
  return orderRegions(state).reservation === "committed" && isGone
    ? [orderEvent("OrderStockConsumed", {})]
    : [];
}

/** All that was held is given back. */
export function completeRelease(state: OrderState): readonly DomainEvent[] {
  return orderRegions(state).reservation === "releasing" && isStockGone(state.context)
    ? [orderEvent("OrderStockReleased", {})]
    : [];
}
