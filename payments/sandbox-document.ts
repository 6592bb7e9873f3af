import { Long } from "mongodb";
import { refundedMinor, type SandboxPayment } from "./sandbox-payment.ts";

export type LedgerColumn = "authorised" | "voided" | "captured" | "refunded" | "held";

/** A payment as MongoDB holds it. Its ledger is derived, so that the server can add it up. */
export interface SandboxDocument extends SandboxPayment {
  readonly _id: string;
  /** Grows by one with every change: the guard of each. */
  readonly revision: number;
  /** Null where nothing was ever asked for but the void. */
  readonly currency: string | null;
  readonly ledger: Readonly<Record<LedgerColumn, Long | number>>;
}

/** The document of a payment's next revision. */
export function toDocument(
  key: string,
  revision: number,
  payment: SandboxPayment,
): SandboxDocument {
  const { token, reference, authorisation, capture, voiding, refunds } = payment;
  return {
    _id: key,
    revision,
    ...{ token, reference, authorisation, capture, voiding, refunds },
    currency: authorisation?.amount.currency ?? null,
    ledger: ledgerOf(payment),
  };
}

/** What the decisions about a payment come to. */
function ledgerOf(payment: SandboxPayment): Record<LedgerColumn, Long> {
  const { authorisation, voiding, capture } = payment;
  const authorised = authorisation?.outcome === "APPROVED" ? authorisation.amount.minor : 0;
  const voided = voiding?.outcome === "APPROVED" ? authorised : 0;
  const isCaptured = capture?.outcome === "APPROVED";
  return {
    authorised: Long.fromNumber(authorised),
    voided: Long.fromNumber(voided),
    captured: Long.fromNumber(isCaptured ? capture.amount.minor : 0),
    refunded: Long.fromNumber(refundedMinor(payment)),
    held: Long.fromNumber(isCaptured ? 0 : authorised - voided),
  };
}
