import { z } from "zod";
import type { DomainEvent } from "../../kernel/aggregate.ts";
import { orderEvent } from "../events.ts";
import { later } from "../events/parts.ts";
import { providerOutcome } from "../fields.ts";
import { isDead, isOutcomeUnknown, orderRegions, paymentState } from "../state.ts";
import type { OrderContext, OrderState, PaymentAttempt } from "../state.ts";
import { INTERNAL, orderCommand } from "./command.ts";

/** Doublings of the delay before a call is repeated. */
const BACKOFF_MAX = 8;

/** The outcome is a fact and not input: two reactors may get different answers for one event. */
const answer = {
  scopes: INTERNAL,
  isAnswer: true,
  facts: providerOutcome,
  input: z.object({ attemptId: z.uuid() }),
} as const;

type Report = z.output<typeof providerOutcome> & { readonly attemptId: string };

/** When to ask again after a number of answers that told nothing. */
function retryAt({ policy }: OrderContext, unknowns: number, now: string): string {
  return later(now, policy.lookupDelayMs * 2 ** Math.min(unknowns, BACKOFF_MAX));
}

function currentAttempt(
  state: OrderState,
  { attemptId }: Report,
  open: readonly string[],
): PaymentAttempt | null {
  const { attempt } = state.context;
  return attempt?.attemptId === attemptId && open.includes(paymentState(state)) ? attempt : null;
}

function unknown(
  state: OrderState,
  { attemptId, unknowns }: PaymentAttempt,
  now: string,
): readonly DomainEvent[] {
  const isCalling = paymentState(state) !== "requiresAction" && !isOutcomeUnknown(state);
  const again = retryAt(state.context, unknowns, now);
  return isCalling ? [orderEvent("PaymentOutcomeUnknown", { attemptId, retryAt: again })] : [];
}

/** How long an order that goes on waits for another payment; null when it does not. */
function patience(state: OrderState, now: string): string | null {
  const isConfirmed = orderRegions(state).lifecycle === "confirmed";
  return isConfirmed ? later(now, state.context.policy.reservationTtlMs) : null;
}

export const recordAuthorisation = orderCommand({
  ...answer,
  description: "What the provider says to an authorisation.",
  decide(state, report, { now }) {
    const attempt = currentAttempt(state, report, ["authorising", "requiresAction"]);
    if (attempt === null) return [];
    const { attemptId } = attempt;
    const { policy } = state.context;
    switch (report.outcome) {
      case "APPROVED": {
        const authorisedUntil = later(now, policy.authorisationTtlMs);
        return [orderEvent("PaymentAuthorised", { attemptId, authorisedUntil })];
      }
      case "DECLINED": {
        const expiresAt = patience(state, now);
        const reason = report.reason ?? "declined";
        return [orderEvent("PaymentDeclined", { attemptId, reason, expiresAt })];
      }
      case "ACTION_REQUIRED": {
        if (paymentState(state) === "requiresAction") return [];
        const { actionExpiresAt } = attempt;
        return [
          orderEvent("PaymentActionRequired", {
            attemptId,
            actionUrl: report.actionUrl ?? attempt.actionUrl,
            // Absolute: asking again gives nobody more time.
            actionExpiresAt: actionExpiresAt ?? later(now, policy.paymentActionTtlMs),
            retryAt: retryAt(state.context, attempt.unknowns, now),
          }),
        ];
      }
      case "UNKNOWN":
        return unknown(state, attempt, now);
    }
  },
});

export const recordCapture = orderCommand({
  ...answer,
  description: "What the provider says to a capture.",
  decide(state, report, { now }) {
    const attempt = currentAttempt(state, report, ["capturing"]);
    if (attempt === null) return [];
    const { attemptId, method, minor } = attempt;
    if (report.outcome === "APPROVED") return [orderEvent("PaymentCaptured", { attemptId })];
    if (report.outcome !== "DECLINED") return unknown(state, attempt, now);
    const { currency } = state.context;
    const call = { attemptId, method, minor, currency };
    return [
      orderEvent("CaptureFailed", { attemptId, reason: report.reason ?? "capture failed" }),
      orderEvent("PaymentVoidRequested", { ...call, cause: "CAPTURE_FAILED" }),
    ];
  },
});

/** A void that is refused is asked for again: money that is held has to be let go of. */
export const recordVoid = orderCommand({
  ...answer,
  description: "What the provider says to a void.",
  decide(state, report, { now }) {
    const attempt = currentAttempt(state, report, ["voiding"]);
    if (attempt === null) return [];
    if (report.outcome !== "APPROVED") return unknown(state, attempt, now);
    const expiresAt = isDead(state) ? null : patience(state, now);
    return [orderEvent("PaymentVoided", { attemptId: attempt.attemptId, expiresAt })];
  },
});

export const recordRefund = orderCommand({
  ...answer,
  description: "What the provider says to a refund.",
  input: z.object({ refundId: z.uuid() }),
  decide({ context }, { refundId, outcome, reason }, { now }) {
    const refund = context.refunds.find((one) => one.refundId === refundId);
    if (refund?.status !== "REQUESTED" && refund?.status !== "UNKNOWN") return [];
    if (outcome === "APPROVED") return [orderEvent("Refunded", { refundId })];
    if (outcome === "DECLINED") {
      return [orderEvent("RefundFailed", { refundId, reason: reason ?? "refused" })];
    }
    if (refund.status === "UNKNOWN") return [];
    const again = retryAt(context, refund.unknowns, now);
    return [orderEvent("RefundOutcomeUnknown", { refundId, retryAt: again })];
  },
});
