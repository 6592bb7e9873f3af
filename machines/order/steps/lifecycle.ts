import type { DomainEvent } from "../../kernel/aggregate.ts";
import { orderEvent } from "../events.ts";
import { isStockGone } from "../lines.ts";
import { isCaptured, orderRegions, paymentState } from "../state.ts";
import type { OrderContext, OrderState } from "../state.ts";
import { discountMinor, orderTotals } from "../totals.ts";

/** An added line goes alone; one that the order began with takes the order with it. */
export function refuseLine(state: OrderState, now: string): readonly DomainEvent[] {
  const { context } = state;
  const refused = context.lines.find(({ stock }) => stock === "refused");
  if (orderRegions(state).lifecycle !== "pending" || refused === undefined) return [];
  const code = refused.refusal?.code ?? "PRODUCT_REFUSED";
  const rest = context.lines.filter((line) => line !== refused);
  if (refused.isAdded && isPayable({ ...context, lines: rest })) {
    return [orderEvent("OrderItemRemoved", { lineId: refused.lineId, reason: code })];
  }
  const { requested, available } = refused.refusal ?? {};
  return [
    orderEvent("OrderRejected", {
      code,
      sku: refused.sku,
      ...(requested === undefined ? {} : { requested }),
      ...(available === undefined ? {} : { available }),
      rejectedAt: now,
    }),
  ];
}

function isPayable(context: OrderContext): boolean {
  const totals = orderTotals(context);
  return totals !== null && totals.subtotal > discountMinor(context.discounts);
}

/** The last attempt has ended, and nobody is left to pay. */
export function giveUpPaying(state: OrderState, now: string): readonly DomainEvent[] {
  const { attemptCount, policy } = state.context;
  const isOver = paymentState(state) === "failed" && attemptCount >= policy.attemptsMax;
  return isOver && orderRegions(state).lifecycle === "pending"
    ? [orderEvent("OrderRejected", { code: "PAYMENT_DECLINED", rejectedAt: now })]
    : [];
}

/** Paid for: from here on only a cancellation ends the order. */
export function confirm(state: OrderState): readonly DomainEvent[] {
  const isPending = orderRegions(state).lifecycle === "pending";
  const isPaid = paymentState(state) === "authorised";
  return isPending && isPaid ? [orderEvent("OrderConfirmed", {})] : [];
}

/** What was reserved is gone after all, though it is paid for: everything goes back. */
export function cancelForStock(state: OrderState, now: string): readonly DomainEvent[] {
  const isConfirmed = orderRegions(state).lifecycle === "confirmed";
  const isDeclined = state.context.lines.some(({ stock }) => stock === "declined");
  return isConfirmed && isDeclined
    ? [orderEvent("OrderCancellationRequested", { reason: "INVENTORY", requestedAt: now })]
    : [];
}

/** Cancelled only when nothing is open any more: no stock, no money. */
export function finishCancelling(state: OrderState, now: string): readonly DomainEvent[] {
  const { context } = state;
  const payment = paymentState(state);
  const isMoneyBack =
    payment === "unpaid" || payment === "failed" || payment === "voided" || payment === "refunded";
  const isOver = isMoneyBack && isStockGone(context);
  if (orderRegions(state).lifecycle !== "cancelling" || !isOver) return [];
  const { reason = "OTHER", note } = context.cancellation ?? {};
  const why = { reason, ...(note === undefined ? {} : { note }) };
  return [orderEvent("OrderCancelled", { ...why, cancelledAt: now })];
}

/** All that remains has arrived and is paid. */
export function complete(state: OrderState, now: string): readonly DomainEvent[] {
  const { lifecycle, fulfilment } = orderRegions(state);
  const isOver = lifecycle === "confirmed" && fulfilment === "delivered" && isCaptured(state);
  return isOver ? [orderEvent("OrderCompleted", { completedAt: now })] : [];
}
