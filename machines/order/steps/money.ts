import type { DomainEvent } from "../../kernel/aggregate.ts";
import { refundIdOf } from "../../values/ids.ts";
import { orderEvent } from "../events.ts";
import { isShipped } from "../lines.ts";
import { isDead, orderRegions, paymentState } from "../state.ts";
import type { OrderContext, OrderState, PaymentAttempt } from "../state.ts";
import { amountDue } from "../totals.ts";

/** The amount is frozen here, and so in every repeat of the call. */
export function requestAuthorisation(state: OrderState): readonly DomainEvent[] {
  const { context } = state;
  const { attempt } = context;
  const isReserved = orderRegions(state).reservation !== "reserving";
  if (paymentState(state) !== "requested" || attempt === null || !isReserved) return [];
  const call = { ...providerCall(context, attempt), minor: amountDue(context) };
  return [orderEvent("PaymentAuthorisationRequested", call)];
}

function providerCall({ currency }: OrderContext, { attemptId, method, minor }: PaymentAttempt) {
  return { attemptId, method, minor, currency };
}

/** Takes the money once stock is sure, or once the first units have left. */
export function requestCapture(state: OrderState): readonly DomainEvent[] {
  const { context } = state;
  const { attempt, policy } = context;
  const { lifecycle } = orderRegions(state);
  const isDue = policy.capture === "AT_ONCE" ? isStockCommitted(state) : isShipped(context);
  if (lifecycle !== "confirmed" || paymentState(state) !== "authorised") return [];
  if (attempt === null || !isDue) return [];
  const call = { ...providerCall(context, attempt), minor: amountDue(context) };
  return [orderEvent("PaymentCaptureRequested", call)];
}

function isStockCommitted(state: OrderState): boolean {
  const { reservation } = orderRegions(state);
  return reservation === "committed" || reservation === "consumed";
}

/** Voids only what it was told is authorised or awaiting a person; anything else is waited for. */
export function voidForDead(state: OrderState): readonly DomainEvent[] {
  const { attempt } = state.context;
  const payment = paymentState(state);
  const isOpen = payment === "authorised" || payment === "requiresAction";
  if (!isDead(state) || !isOpen || attempt === null) return [];
  const call = providerCall(state.context, attempt);
  return [orderEvent("PaymentVoidRequested", { ...call, cause: "ORDER_ENDED" })];
}

/** A refund that failed is not requested again by itself: that could go on for ever. */
export function refundDead(state: OrderState): readonly DomainEvent[] {
  const { captured, refunded, refundPending } = state.context.money;
  const failed = state.context.refunds
    .filter(({ status }) => status === "FAILED")
    .reduce((sum, { minor }) => sum + minor, 0);
  const minor = captured - refunded - refundPending - failed;
  return isDead(state) ? compensation(state, { minor, origin: "CANCELLED_ORDER" }) : [];
}

/** Pays back units that were cancelled. */
export function refundOwed(state: OrderState): readonly DomainEvent[] {
  const minor = state.context.money.owed;
  return isDead(state) ? [] : compensation(state, { minor, origin: "CANCELLED_LINES" });
}

function compensation(
  state: OrderState,
  { minor, origin }: { minor: number; origin: "CANCELLED_ORDER" | "CANCELLED_LINES" },
): readonly DomainEvent[] {
  const { attempt, orderNumber, currency, refunds, cancellation } = state.context;
  const payment = paymentState(state);
  const isOpen = payment === "captured" || payment === "partiallyRefunded";
  if (!isOpen || minor <= 0 || attempt === null) return [];
  return [
    orderEvent("RefundRequested", {
      refundId: refundIdOf(orderNumber, refunds.length + 1),
      attemptId: attempt.attemptId,
      minor,
      currency,
      origin,
      reason: cancellation?.reason ?? "CANCELLED_LINES",
      lines: [],
      retryOf: null,
    }),
  ];
}
