import { z } from "zod";
import { paymentMethod } from "../../values/payment-method.ts";
import { reasonText } from "../fields.ts";
import { minorUnits, moment } from "./parts.ts";

const ofAttempt = z.object({ attemptId: z.uuid() });
const amount = { minor: minorUnits.min(1), currency: z.string() };

/** A call of the provider with its frozen amount: the same in every repeat. */
const call = ofAttempt.extend({ ...amount, method: paymentMethod });

const ofRefund = z.object({ refundId: z.uuid() });
const refundCall = ofRefund.extend({ attemptId: z.uuid(), ...amount });

/** Facts of an order's money. Amounts are frozen in the event that requests the call. */
export const paymentEvents = {
  PaymentRequested: {
    schemaVersion: 1,
    regions: ["lifecycle", "payment"],
    schema: ofAttempt.extend({ method: paymentMethod, requestedAt: moment }),
  },
  PaymentAuthorisationRequested: { schemaVersion: 1, regions: ["payment"], schema: call },
  PaymentAuthorised: {
    schemaVersion: 1,
    regions: ["payment"],
    schema: ofAttempt.extend({ authorisedUntil: moment }),
  },
  PaymentDeclined: {
    schemaVersion: 1,
    regions: ["payment"],
    /** `expiresAt`: how long a confirmed order waits for another payment; null while pending. */
    schema: ofAttempt.extend({ reason: reasonText, expiresAt: moment.nullable() }),
  },
  PaymentActionRequired: {
    schemaVersion: 1,
    regions: ["payment"],
    schema: ofAttempt.extend({
      actionUrl: z.url().nullable(),
      actionExpiresAt: moment,
      retryAt: moment,
    }),
  },
  PaymentOutcomeUnknown: {
    schemaVersion: 1,
    regions: ["payment"],
    schema: ofAttempt.extend({ retryAt: moment }),
  },
  PaymentLookupRequested: {
    schemaVersion: 1,
    regions: ["payment"],
    schema: call.extend({ call: z.enum(["authorise", "capture", "void"]) }),
  },
  PaymentCaptureRequested: { schemaVersion: 1, regions: ["payment"], schema: call },
  PaymentCaptured: { schemaVersion: 1, regions: ["payment"], schema: ofAttempt },
  CaptureFailed: {
    schemaVersion: 1,
    regions: ["payment"],
    schema: ofAttempt.extend({ reason: reasonText }),
  },
  PaymentVoidRequested: {
    schemaVersion: 1,
    regions: ["payment"],
    schema: call.extend({
      cause: z.enum(["ORDER_ENDED", "ACTION_EXPIRED", "AUTHORISATION_EXPIRED", "CAPTURE_FAILED"]),
    }),
  },
  PaymentVoided: {
    schemaVersion: 1,
    regions: ["payment"],
    /** Null: the order has ended and waits for no other payment. */
    schema: ofAttempt.extend({ expiresAt: moment.nullable() }),
  },
  RefundRequested: {
    schemaVersion: 1,
    regions: ["lifecycle", "payment"],
    schema: refundCall.extend({
      origin: z.enum(["COMMAND", "CANCELLED_LINES", "CANCELLED_ORDER", "RETRY"]),
      reason: reasonText,
      /** Units that this refund pays back, where it was asked for by line. */
      lines: z.array(z.object({ lineId: z.uuid(), quantity: z.int().min(1) })),
      retryOf: z.uuid().nullable(),
    }),
  },
  RefundLookupRequested: { schemaVersion: 1, regions: ["payment"], schema: refundCall },
  Refunded: { schemaVersion: 1, regions: ["payment"], schema: ofRefund },
  RefundFailed: {
    schemaVersion: 1,
    regions: ["payment"],
    schema: ofRefund.extend({ reason: reasonText }),
  },
  RefundOutcomeUnknown: {
    schemaVersion: 1,
    regions: ["payment"],
    schema: ofRefund.extend({ retryAt: moment }),
  },
} as const;
