import { chart, fold } from "../chart.ts";

const told = (command: string, target?: string) => ({
  ...(target === undefined ? {} : { target }),
  actions: fold,
  meta: { command },
});

const requested = {
  PaymentRequested: {
    target: "requested",
    actions: fold,
    meta: { command: "ProcessPayment" },
  },
} as const;

const RESOLVE = { id: "lookup", command: "ResolvePayment", due: "attempt.retryAt" };

/** A call of the provider: asked, or asked without learning the outcome. */
const call = (record: string) => ({
  initial: "asked",
  states: {
    asked: { on: { PaymentOutcomeUnknown: told(record, "unknown") } },
    unknown: {
      meta: { timers: [RESOLVE] },
      on: { PaymentLookupRequested: told("ResolvePayment", "asked") },
    },
  },
});

const voided = (command: string | readonly string[] = []) => ({
  PaymentVoidRequested: { target: "voiding", actions: fold, meta: { command } },
});

const refunding = (commands: readonly string[]) => ({
  RefundRequested: { actions: fold, meta: { command: commands } },
  Refunded: [
    {
      guard: "isAllRefunded" as const,
      target: "refunded",
      actions: fold,
      meta: { command: "RecordRefund" },
    },
    { target: "partiallyRefunded", actions: fold, meta: { command: "RecordRefund" } },
  ],
  RefundFailed: told("RecordRefund"),
  RefundOutcomeUnknown: told("RecordRefund"),
  RefundLookupRequested: told("ResolveRefund"),
});

/** Only the provider's decision ends an attempt; unknown is not a decline. */
export const payment = chart.createStateConfig({
  initial: "unpaid",
  states: {
    unpaid: { on: requested },
    requested: {
      on: {
        PaymentAuthorisationRequested: { target: "authorising", actions: fold },
        OrderRejected: { target: "unpaid" },
        OrderExpired: { target: "unpaid" },
        OrderCancellationRequested: { target: "unpaid" },
      },
    },
    authorising: {
      ...call("RecordAuthorisation"),
      on: {
        PaymentAuthorised: told("RecordAuthorisation", "authorised"),
        PaymentDeclined: told("RecordAuthorisation", "failed"),
        PaymentActionRequired: told("RecordAuthorisation", "requiresAction"),
      },
    },
    requiresAction: {
      meta: {
        timers: [
          RESOLVE,
          {
            id: "payment-action",
            command: "ExpirePaymentAction",
            due: "attempt.actionExpiresAt",
          },
        ],
      },
      on: {
        ...voided("ExpirePaymentAction"),
        PaymentAuthorised: told("RecordAuthorisation", "authorised"),
        PaymentDeclined: told("RecordAuthorisation", "failed"),
        PaymentLookupRequested: told("ResolvePayment", "authorising"),
      },
    },
    authorised: {
      meta: {
        timers: [
          {
            id: "authorisation",
            command: "ExpireAuthorisation",
            due: "attempt.authorisedUntil",
          },
        ],
      },
      on: {
        ...voided("ExpireAuthorisation"),
        PaymentCaptureRequested: { target: "capturing", actions: fold },
      },
    },
    capturing: {
      ...call("RecordCapture"),
      on: {
        PaymentCaptured: told("RecordCapture", "captured"),
        CaptureFailed: told("RecordCapture", "authorised"),
      },
    },
    captured: { on: refunding(["RefundOrder", "RetryRefund"]) },
    partiallyRefunded: { on: refunding(["RefundOrder", "RetryRefund"]) },
    refunded: {},
    voiding: {
      ...call("RecordVoid"),
      on: {
        PaymentVoided: [
          {
            guard: "isPayable",
            target: "failed",
            actions: fold,
            meta: { command: "RecordVoid" },
          },
          { target: "voided", actions: fold, meta: { command: "RecordVoid" } },
        ],
      },
    },
    failed: {
      meta: { timers: [{ id: "repayment", command: "ExpireOrder", due: "expiresAt" }] },
      on: requested,
    },
    voided: {},
  },
});
