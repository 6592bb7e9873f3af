import { z } from "zod";
import { refuse } from "../../kernel/refusal.ts";
import { orderEvent } from "../events.ts";
import { isShipped } from "../lines.ts";
import { isOutcomeUnknown, orderRegions, paymentState } from "../state.ts";
import type { OrderState } from "../state.ts";
import { INTERNAL, notDue, orderCommand } from "./command.ts";

export const expireOrder = orderCommand({
  description: "Ends an order that was not paid in time.",
  scopes: INTERNAL,
  input: z.object({}),
  facts: z.object({}),
  objection(state) {
    const isPending = orderRegions(state).lifecycle === "pending";
    const isUnpaid = paymentState(state) === "failed" && !isShipped(state.context);
    return isPending || isUnpaid ? null : refuse("INVALID_TRANSITION", "The order is being paid.");
  },
  decide(state, _data, { now }) {
    const early = notDue(state.context.expiresAt, now);
    if (early !== null) return early;
    return orderRegions(state).lifecycle === "pending"
      ? [orderEvent("OrderExpired", { expiredAt: now })]
      : [orderEvent("OrderCancellationRequested", { reason: "PAYMENT", requestedAt: now })];
  },
});

/** What the void of the current attempt has to tell; null when there is none. */
function voidCall({ context }: OrderState) {
  if (context.attempt === null) return null;
  const { attemptId, method, minor } = context.attempt;
  return { attemptId, method, minor, currency: context.currency };
}

function stillPending(state: OrderState) {
  return orderRegions(state).lifecycle === "confirmed"
    ? null
    : refuse("INVALID_TRANSITION", "Only a confirmed order gives up a payment and keeps going.");
}

export const expirePaymentAction = orderCommand({
  description: "Gives up a payment that nobody confirmed.",
  scopes: INTERNAL,
  input: z.object({}),
  facts: z.object({}),
  objection: stillPending,
  decide(state, _data, { now }) {
    const early = notDue(state.context.attempt?.actionExpiresAt, now);
    const call = voidCall(state);
    if (early !== null) return early;
    return call === null
      ? []
      : [orderEvent("PaymentVoidRequested", { ...call, cause: "ACTION_EXPIRED" })];
  },
});

export const expireAuthorisation = orderCommand({
  description: "Gives up an authorisation before it lapses at the provider.",
  scopes: INTERNAL,
  input: z.object({}),
  facts: z.object({}),
  objection: stillPending,
  decide(state, _data, { now }) {
    const early = notDue(state.context.attempt?.authorisedUntil, now);
    const call = voidCall(state);
    if (early !== null) return early;
    return call === null
      ? []
      : [orderEvent("PaymentVoidRequested", { ...call, cause: "AUTHORISATION_EXPIRED" })];
  },
});

const calls = { authorising: "authorise", capturing: "capture", voiding: "void" } as const;

export const resolvePayment = orderCommand({
  description: "Repeats a call of the provider whose outcome is not known.",
  scopes: INTERNAL,
  input: z.object({}),
  facts: z.object({}),
  decide(state, _data, { now }) {
    const early = notDue(state.context.attempt?.retryAt, now);
    const call = voidCall(state);
    if (early !== null) return early;
    if (call === null) return [];
    const payment = paymentState(state);
    if (isOutcomeUnknown(state) && payment in calls) {
      const kind = calls[payment as keyof typeof calls];
      const { captureMinor = 0 } = state.context.attempt ?? {};
      const minor = kind === "capture" ? captureMinor : call.minor;
      return [orderEvent("PaymentLookupRequested", { ...call, minor, call: kind })];
    }
    return [orderEvent("PaymentLookupRequested", { ...call, call: "authorise" })];
  },
});

export const resolveRefund = orderCommand({
  description: "Repeats the call of a refund whose outcome is not known.",
  scopes: INTERNAL,
  input: z.object({ refundId: z.uuid() }),
  facts: z.object({}),
  decide({ context }, { refundId }, { now }) {
    const refund = context.refunds.find((one) => one.refundId === refundId);
    if (refund?.status !== "UNKNOWN") {
      return refuse("INVALID_TRANSITION", "The refund's outcome is not open.");
    }
    const early = notDue(refund.retryAt, now);
    const { attemptId, minor } = refund;
    const { currency } = context;
    return early ?? [orderEvent("RefundLookupRequested", { refundId, attemptId, minor, currency })];
  },
});
