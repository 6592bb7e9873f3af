import { amountDue, isCaptured, isDead, refundLimit } from "../../machines/index.ts";
import type { OrderContext, OrderRefund, PaymentAttempt } from "../../machines/index.ts";
import type { EntityView } from "../../projections/index.ts";
import { builder } from "./builder.ts";
import { moneyType } from "./money.ts";
import { moneyIn } from "./order-costs.ts";
import { paymentMethodKindType } from "./order-enums.ts";

type OrderState = EntityView<OrderContext>["state"];

/** The provider's token stays inside: whoever has it can pay with it. */
const methodType = builder.objectRef<PaymentAttempt["method"]>("PaymentMethod").implement({
  description: "How an order is paid. The provider's token is never shown.",
  fields: (t) => ({
    kind: t.field({ type: paymentMethodKindType, resolve: ({ kind }) => kind }),
    label: t.string({ nullable: true, resolve: ({ label }) => label }),
  }),
});

interface AttemptOf {
  readonly attempt: PaymentAttempt;
  readonly order: OrderContext;
}

const attemptType = builder.objectRef<AttemptOf>("PaymentAttempt").implement({
  description: "The payment attempt that counts; earlier ones have ended.",
  fields: (t) => ({
    id: t.field({ type: "UUID", resolve: ({ attempt }) => attempt.attemptId }),
    method: t.field({ type: methodType, resolve: ({ attempt }) => attempt.method }),
    amount: t.field({
      type: moneyType,
      nullable: true,
      description: "What the provider was asked for; null before it was asked.",
      resolve: ({ attempt, order }) => (attempt.minor > 0 ? moneyIn(order)(attempt.minor) : null),
    }),
    isAuthorised: t.boolean({ resolve: ({ attempt }) => attempt.isAuthorised }),
    authorisedUntil: t.field({
      type: "DateTime",
      nullable: true,
      description: "When the authorisation is given up.",
      resolve: ({ attempt }) => attempt.authorisedUntil,
    }),
    actionUrl: t.string({
      nullable: true,
      description: "Where the person who pays has to confirm.",
      resolve: ({ attempt }) => attempt.actionUrl,
    }),
    actionExpiresAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "Until when that is waited for.",
      resolve: ({ attempt }) => attempt.actionExpiresAt,
    }),
    retryAt: t.field({
      type: "DateTime",
      nullable: true,
      description:
        "When the provider is asked again, because it has not told or a person has to act.",
      resolve: ({ attempt }) => attempt.retryAt,
    }),
    failure: t.string({ nullable: true, resolve: ({ attempt }) => attempt.failure }),
  }),
});

const capturePolicyType = builder.enumType("CapturePolicy", {
  description: "When the money is taken: at once, or when the first units are shipped.",
  values: ["AT_ONCE", "ON_SHIPMENT"] as const,
});

export const paymentType = builder.objectRef<OrderContext>("Payment").implement({
  description: "How the order is being paid.",
  fields: (t) => ({
    capture: t.field({ type: capturePolicyType, resolve: ({ policy }) => policy.capture }),
    attempt: t.field({
      type: attemptType,
      nullable: true,
      resolve: (order) => order.attempt && { attempt: order.attempt, order },
    }),
    attemptCount: t.exposeInt("attemptCount"),
    attemptsMax: t.int({ resolve: ({ policy }) => policy.attemptsMax }),
  }),
});

const refundStatusType = builder.enumType("RefundStatus", {
  description: "UNKNOWN: the provider has not told and is asked again. RETRIED: another took over.",
  values: ["REQUESTED", "UNKNOWN", "REFUNDED", "FAILED", "RETRIED"] as const,
});

/** A refund with the order whose currency it is in. */
export interface RefundOf {
  readonly refund: OrderRefund;
  readonly order: OrderContext;
}

export const refundType = builder.objectRef<RefundOf>("Refund").implement({
  description: "Money on its way back.",
  fields: (t) => ({
    id: t.field({ type: "UUID", resolve: ({ refund }) => refund.refundId }),
    amount: t.field({
      type: moneyType,
      resolve: ({ refund, order }) => moneyIn(order)(refund.minor),
    }),
    status: t.field({ type: refundStatusType, resolve: ({ refund }) => refund.status }),
    reason: t.string({ resolve: ({ refund }) => refund.reason }),
    retryAt: t.field({
      type: "DateTime",
      nullable: true,
      resolve: ({ refund }) => refund.retryAt,
    }),
  }),
});

export const ledgerType = builder.objectRef<OrderState>("MoneyLedger").implement({
  description: "Sums over the order's life. Authorised is never less than captured plus voided.",
  fields: (t) => {
    const sum = (minorOf: (state: OrderState) => number, description: string) =>
      t.field({
        type: moneyType,
        description,
        resolve: (state) => moneyIn(state.context)(minorOf(state)),
      });
    return {
      due: sum(stillDue, "What is still to be paid; nothing once it is captured or has ended."),
      authorised: sum(({ context }) => context.money.authorised, "Held for the order, ever."),
      voided: sum(({ context }) => context.money.voided, "Of that, set free again."),
      captured: sum(({ context }) => context.money.captured, "Taken."),
      cancelled: sum(({ context }) => context.money.cancelled, "What cancelled units were worth."),
      owed: sum(({ context }) => context.money.owed, "To go back and not asked for yet."),
      refundPending: sum(({ context }) => context.money.refundPending, "On its way back."),
      refunded: sum(({ context }) => context.money.refunded, "Paid back."),
      refundable: sum(({ context }) => refundLimit(context), "Most that can be paid back now."),
    };
  },
});

function stillDue(state: OrderState): number {
  return isCaptured(state) || isDead(state) ? 0 : amountDue(state.context);
}
