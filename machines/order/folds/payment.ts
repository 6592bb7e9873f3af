import type { MoneyLedger, OrderContext, OrderRefund, PaymentAttempt } from "../state.ts";
import { addedUnits } from "./fulfilment.ts";
import type { Folds } from "./fold.ts";

function withAttempt(
  { attempt }: OrderContext,
  change: Partial<PaymentAttempt>,
): Pick<OrderContext, "attempt"> {
  return { attempt: attempt === null ? null : { ...attempt, ...change } };
}

function withMoney(
  { money }: OrderContext,
  change: Partial<MoneyLedger>,
): Pick<OrderContext, "money"> {
  return { money: { ...money, ...change } };
}

function withRefund(
  { refunds }: OrderContext,
  refundId: string,
  change: Partial<OrderRefund>,
): Pick<OrderContext, "refunds"> {
  return {
    refunds: refunds.map((one) => (one.refundId === refundId ? { ...one, ...change } : one)),
  };
}

function refundMinor({ refunds }: OrderContext, refundId: string): number {
  return refunds.find((one) => one.refundId === refundId)?.minor ?? 0;
}

const settled = { retryAt: null, unknowns: 0 } as const;

/** What happens to an order's money. */
export const paymentFolds = {
  PaymentRequested: ({ attemptCount }, { attemptId, method }) => ({
    attemptCount: attemptCount + 1,
    attempt: {
      attemptId,
      method,
      minor: 0,
      isAuthorised: false,
      captureMinor: 0,
      authorisedUntil: null,
      actionUrl: null,
      actionExpiresAt: null,
      failure: null,
      ...settled,
    },
  }),
  PaymentAuthorisationRequested: (context, { minor }) => withAttempt(context, { minor }),
  PaymentAuthorised: (context, { authorisedUntil }) => ({
    ...withAttempt(context, { isAuthorised: true, authorisedUntil, actionUrl: null, ...settled }),
    ...withMoney(context, {
      authorised: context.money.authorised + (context.attempt?.minor ?? 0),
    }),
  }),
  PaymentDeclined: (context, { reason, expiresAt }) => ({
    ...withAttempt(context, { failure: reason, actionUrl: null, ...settled }),
    ...(expiresAt === null ? {} : { expiresAt }),
  }),
  PaymentActionRequired: (context, { actionUrl, actionExpiresAt, retryAt }) =>
    withAttempt(context, {
      actionUrl,
      actionExpiresAt,
      retryAt,
      unknowns: (context.attempt?.unknowns ?? 0) + 1,
    }),
  PaymentOutcomeUnknown: (context, { retryAt }) =>
    withAttempt(context, { retryAt, unknowns: (context.attempt?.unknowns ?? 0) + 1 }),
  PaymentLookupRequested: (context) => withAttempt(context, { retryAt: null }),
  PaymentCaptureRequested: (context, { minor }) =>
    withAttempt(context, { captureMinor: minor, ...settled }),
  PaymentCaptured: (context) => ({
    ...withAttempt(context, settled),
    ...withMoney(context, {
      captured: context.money.captured + (context.attempt?.captureMinor ?? 0),
    }),
  }),
  CaptureFailed: (context, { reason }) => ({
    ...withAttempt(context, { captureMinor: 0, failure: reason, ...settled }),
    ...withMoney(context, { owed: 0 }),
  }),
  PaymentVoidRequested: (context) => withAttempt(context, { actionUrl: null, ...settled }),
  PaymentVoided(context, { expiresAt }) {
    const { attempt, money } = context;
    const minor = attempt?.isAuthorised === true ? attempt.minor : 0;
    return {
      ...withAttempt(context, { isAuthorised: false, ...settled }),
      ...withMoney(context, { voided: money.voided + minor }),
      ...(expiresAt === null ? {} : { expiresAt }),
    };
  },
  RefundRequested(context, { refundId, attemptId, minor, reason, origin, lines, retryOf }) {
    const { money, refunds } = context;
    const retried = refunds.map((one) =>
      one.refundId === retryOf ? { ...one, status: "RETRIED" as const } : one,
    );
    const owed = { CANCELLED_LINES: money.owed - minor, CANCELLED_ORDER: 0 };
    return {
      refunds: [
        ...retried,
        { refundId, attemptId, minor, reason, status: "REQUESTED", ...settled },
      ],
      lines: addedUnits(context.lines, lines, "refunded"),
      ...withMoney(context, {
        refundPending: money.refundPending + minor,
        ...(origin in owed ? { owed: owed[origin as keyof typeof owed] } : {}),
      }),
    };
  },
  RefundLookupRequested: (context, { refundId }) =>
    withRefund(context, refundId, { status: "REQUESTED", retryAt: null }),
  Refunded(context, { refundId }) {
    const { refundPending, refunded } = context.money;
    const minor = refundMinor(context, refundId);
    return {
      ...withRefund(context, refundId, { status: "REFUNDED", ...settled }),
      ...withMoney(context, {
        refundPending: refundPending - minor,
        refunded: refunded + minor,
      }),
    };
  },
  RefundFailed: (context, { refundId }) => ({
    ...withRefund(context, refundId, { status: "FAILED", ...settled }),
    ...withMoney(context, {
      refundPending: context.money.refundPending - refundMinor(context, refundId),
    }),
  }),
  RefundOutcomeUnknown: (context, { refundId, retryAt }) => {
    const known = context.refunds.find((one) => one.refundId === refundId);
    const unknowns = (known?.unknowns ?? 0) + 1;
    return withRefund(context, refundId, { status: "UNKNOWN", retryAt, unknowns });
  },
} satisfies Partial<Folds>;
