import type { PaymentOutcome, PaymentProvider } from "./provider.ts";

/** What a provider tells by itself: what became of one call, named by the call's own key. */
export interface PaymentNotice {
  /** The provider's name of the notice: one that is delivered twice has the same. */
  readonly id: string;
  /** What the payment was made for: the `reference` of its authorisation. */
  readonly orderId: string;
  readonly call: keyof PaymentProvider;
  /** The attempt's id, for a refund the refund's. */
  readonly key: string;
  /** A decision. That nothing is known is no news. */
  readonly outcome: Exclude<PaymentOutcome, { readonly outcome: "UNKNOWN" }>;
}

/** A notice as it came over the wire. */
export interface DeliveredNotice {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body byte for byte: a signature covers nothing else. */
  readonly rawBody: Buffer;
}

/** How notices of one provider are recognised and read. */
export interface PaymentNotices {
  /** Throws a `NoticeError` for what the provider did not sign, or signed long ago. */
  read(delivered: DeliveredNotice): PaymentNotice;
}

/**
 * `SIGNATURE_MISSING`, `SIGNATURE_INVALID`: not the provider's; `SIGNATURE_EXPIRED`: its moment is
 * too far from now; `NOTICE_MALFORMED`: signed, and yet no notice.
 */
type NoticeErrorCode =
  "SIGNATURE_MISSING" | "SIGNATURE_INVALID" | "SIGNATURE_EXPIRED" | "NOTICE_MALFORMED";

/** A notice that is not recorded. */
export class NoticeError extends Error {
  readonly code: NoticeErrorCode;

  constructor(code: NoticeErrorCode, message: string) {
    super(message);
    this.name = "NoticeError";
    this.code = code;
  }
}
