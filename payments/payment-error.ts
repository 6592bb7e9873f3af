/**
 * `KEY_REUSED`: this key belongs to a call with another amount, token or payment, whose outcome it
 * keeps; `REQUEST_INVALID`: no payment can look like that. Both are faults of the caller, and
 * neither says anything about money: to record them as a decline would be wrong.
 */
type PaymentErrorCode = "KEY_REUSED" | "REQUEST_INVALID";

/** A request that was not judged; the same request never will be. */
export class PaymentError extends Error {
  readonly code: PaymentErrorCode;

  constructor(code: PaymentErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "PaymentError";
    this.code = code;
  }
}
