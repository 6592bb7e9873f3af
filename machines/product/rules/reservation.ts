import { z } from "zod";
import { productEvent } from "../events.ts";
import { RESERVATIONS_MAX, heldQuantity } from "../fields.ts";
import { reservationIn } from "../reservations.ts";
import {
  backorderRoom,
  isSellable,
  productAvailable,
  productRegions,
  productSellable,
} from "../state.ts";
import type { ProductState } from "../state.ts";
import { INTERNAL, productCommand } from "./command.ts";

const ofLine = z.object({ orderId: z.uuid(), lineId: z.uuid() });
const units = ofLine.extend({ quantity: heldQuantity });

/** Sent by reactions: each ends in an event that the order is told, a refusal too. */
const asked = { scopes: INTERNAL, isAnswer: true, facts: z.object({}) } as const;

export const reserveStock = productCommand({
  ...asked,
  description: "Holds units for a line of an order.",
  creates: true,
  input: units,
  decide(state, { orderId, lineId, quantity }) {
    const { context } = state;
    const code = whyNot(state, { lineId, quantity });
    const available = productSellable(context);
    if (code !== null) {
      const declined = { orderId, lineId, code, requested: quantity, available };
      return [productEvent("StockReservationDeclined", declined)];
    }
    const isThere = Math.max(0, productAvailable(context));
    const backordered = Math.max(0, quantity - isThere);
    return [productEvent("StockReserved", { orderId, lineId, quantity, backordered })];
  },
});

function whyNot(
  state: ProductState,
  { lineId, quantity }: { lineId: string; quantity: number },
): string | null {
  const { context } = state;
  if (productRegions(state).lifecycle === "none") return "PRODUCT_NOT_FOUND";
  if (!isSellable(state)) return "PRODUCT_NOT_SELLABLE";
  if (reservationIn(context.reservations, lineId) !== undefined) return "ALREADY_RESERVED";
  if (quantity > productSellable(context)) return "INSUFFICIENT_STOCK";
  return context.reservationCount < RESERVATIONS_MAX ? null : "TOO_MANY_RESERVATIONS";
}

export const commitReservation = productCommand({
  ...asked,
  description: "Promises held units to a confirmed order.",
  input: ofLine,
  decide(state, { orderId, lineId }) {
    const { context } = state;
    const { committed, damaged, onHand } = context.stock;
    const held = reservationIn(context.reservations, lineId);
    const isLive = held?.orderId === orderId && !held.isCommitted;
    const room = onHand - damaged + backorderRoom(context) - committed;
    if (isLive && held.quantity <= room)
      return [productEvent("ReservationCommitted", { orderId, lineId })];
    const code = isLive ? "INSUFFICIENT_STOCK" : "RESERVATION_NOT_FOUND";
    return [productEvent("ReservationCommitDeclined", { orderId, lineId, code })];
  },
});

export const releaseReservation = productCommand({
  ...asked,
  description: "Gives up units held for a line, reserved or committed; none when nothing is held.",
  input: units,
  decide({ context }, { orderId, lineId, quantity }) {
    const held = reservationIn(context.reservations, lineId);
    const found = held?.orderId === orderId ? Math.min(quantity, held.quantity) : 0;
    const released = { orderId, lineId, requested: quantity, quantity: found };
    return [productEvent("ReservationReleased", released)];
  },
});

export const consumeReservation = productCommand({
  ...asked,
  description: "Takes shipped units out of stock.",
  input: units,
  decide({ context }, { orderId, lineId, quantity }) {
    const held = reservationIn(context.reservations, lineId);
    const isCommitted = held?.orderId === orderId && held.isCommitted;
    const found = isCommitted ? Math.min(quantity, held.quantity) : 0;
    const shortfall = Math.max(0, quantity - context.stock.onHand);
    const consumed = { orderId, lineId, requested: quantity, quantity: found, shortfall };
    return [productEvent("ReservationConsumed", consumed)];
  },
});

export const restock = productCommand({
  ...asked,
  description: "Takes returned units back into stock, to be sold again or as damaged.",
  input: units.extend({ returnId: z.uuid(), isDamaged: z.boolean() }),
  decide: (_state, data) => [productEvent("StockRestocked", data)],
});
