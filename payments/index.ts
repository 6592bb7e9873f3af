/**
 * The payment provider: the port that the reactor calls, and a sandbox behind it that keeps its
 * payments in a collection of its own. Every call is idempotent by its key and answers within a
 * deadline; past it the outcome is unknown, which is no decline. The room knows no order, decides
 * nothing about one and reads no event: an order judges what an outcome means. Let a repeated key
 * decide twice, or an unknown outcome pass for a decline, and money is taken twice or held for
 * nobody. How a real provider takes the sandbox's place is in docs/payments.md.
 */
export { withDeadline } from "./deadline.ts";
export { NoticeError } from "./notice.ts";
export type { DeliveredNotice, PaymentNotice, PaymentNotices } from "./notice.ts";
export { PaymentError } from "./payment-error.ts";
export type {
  Amount,
  AuthoriseRequest,
  CaptureRequest,
  PaymentOutcome,
  PaymentProvider,
  RefundRequest,
  VoidRequest,
} from "./provider.ts";
export type { LedgerEntry, LedgerSums, SandboxLedger } from "./sandbox-ledger.ts";
export { createSandboxProvider } from "./sandbox-provider.ts";
export type { Clock, SandboxOptions, SandboxProvider } from "./sandbox-provider.ts";
export { createWebhookSender } from "./sandbox-webhook.ts";
export { createSignedNotices, SIGNATURE_HEADER, signatureOf } from "./signed-notices.ts";
