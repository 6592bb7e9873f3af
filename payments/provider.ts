/** Integer minor units of an ISO 4217 currency, more than nothing: 1999 EUR is 19.99 EUR. */
export interface Amount {
  readonly minor: number;
  readonly currency: string;
}

/**
 * What a provider says to any call. `UNKNOWN` says nothing about the money: only the same call
 * with the same key finds out. The names are those of the order's Record commands.
 */
export type PaymentOutcome =
  | { readonly outcome: "APPROVED" }
  | { readonly outcome: "DECLINED"; readonly reason: string }
  | { readonly outcome: "ACTION_REQUIRED"; readonly actionUrl?: string }
  | { readonly outcome: "UNKNOWN"; readonly reason: string };

export interface AuthoriseRequest {
  /** Of the attempt; capture and void name the payment by it. */
  readonly key: string;
  readonly amount: Amount;
  /** The provider's name for the card or account; never its number. */
  readonly token: string;
  /** For a provider that tells what it decides by itself: what to name the payment by, as well. */
  readonly reference?: string;
}

export interface CaptureRequest {
  readonly key: string;
  readonly amount: Amount;
}

export interface VoidRequest {
  readonly key: string;
}

export interface RefundRequest {
  /** Of this refund, not of the payment. */
  readonly key: string;
  readonly paymentKey: string;
  readonly amount: Amount;
}

/**
 * Where the money is. Each call is idempotent by its key: the first decision stands for ever, and a
 * repeat, whenever it comes, is told that decision. Each answers within a short deadline of its
 * own, past which the outcome is `UNKNOWN`; a provider that is down is `UNKNOWN` too. The calls
 * throw a `PaymentError` for requests that no provider could ever judge, and nothing else.
 */
export interface PaymentProvider {
  /** Holds an amount. `ACTION_REQUIRED` becomes another outcome once the person has acted. */
  authorise(request: AuthoriseRequest): Promise<PaymentOutcome>;
  /** Takes a held amount or a part of it, once for each payment; what is left is set free. */
  capture(request: CaptureRequest): Promise<PaymentOutcome>;
  /**
   * `APPROVED`: nothing is held under this key, nor ever will be. A declined void has changed
   * nothing and is the one decision that may be another when repeated, unless it was captured.
   */
  void(request: VoidRequest): Promise<PaymentOutcome>;
  /** Gives back of what was captured; all refunds together never more than that. */
  refund(request: RefundRequest): Promise<PaymentOutcome>;
}
