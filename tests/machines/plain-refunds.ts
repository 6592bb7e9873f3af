/** The refunds of a plain order. Commands about one refund are about the first that they fit. */
import type { Outcome, PlainOrder } from "./plain-order.ts";

const NO = "INVALID_TRANSITION";

export function refundsOf(o: PlainOrder) {
  const sumOf = (...statuses: string[]) =>
    o.refunds.reduce((sum, one) => sum + (statuses.includes(one.status) ? one.minor : 0), 0);
  const first = (...statuses: string[]) => o.refunds.find((one) => statuses.includes(one.status));
  const done = sumOf("REFUNDED");
  const pending = sumOf("REQUESTED", "UNKNOWN");
  const limit = o.captured - done - pending - o.owed;
  const isOpen = o.pay === "captured" || o.pay === "partiallyRefunded";
  const request = (minor: number): void => {
    o.told.push("RefundRequested");
    o.refunds.push({ minor, status: "REQUESTED" });
  };
  return {
    done,
    pending,
    failed: sumOf("FAILED"),
    limit,
    ask(minor: number): string | null {
      if (!isOpen || (o.life !== "confirmed" && o.life !== "completed")) return NO;
      if (o.delivered + o.cancelled === 0) return "GUARD_FAILED";
      if (minor > limit) return "AMOUNT_EXCEEDS_DUE";
      request(minor);
      return null;
    },
    report(outcome: Outcome): void {
      const refund = first("REQUESTED", "UNKNOWN");
      if (refund === undefined) return;
      if (outcome === "APPROVED") {
        o.told.push("Refunded");
        refund.status = "REFUNDED";
        o.pay = sumOf("REFUNDED") === o.captured ? "refunded" : "partiallyRefunded";
      } else if (outcome === "DECLINED") {
        o.told.push("RefundFailed");
        refund.status = "FAILED";
      } else if (refund.status === "REQUESTED") {
        o.told.push("RefundOutcomeUnknown");
        refund.status = "UNKNOWN";
      }
    },
    retry(): string | null {
      const isAlive = ["confirmed", "completed", "cancelling"].includes(o.life);
      const refund = first("FAILED");
      if (!isOpen || !isAlive || refund === undefined) return NO;
      const minor = Math.min(refund.minor, limit);
      if (minor <= 0) return "AMOUNT_EXCEEDS_DUE";
      refund.status = "RETRIED";
      request(minor);
      return null;
    },
    resolve(): string | null {
      const refund = first("UNKNOWN");
      if (!isOpen || refund === undefined) return NO;
      o.told.push("RefundLookupRequested");
      refund.status = "REQUESTED";
      return null;
    },
  };
}
