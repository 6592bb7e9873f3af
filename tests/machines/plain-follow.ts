/** What follows by itself from where a plain order stands. */
import {
  ATTEMPTS,
  UNITS,
  dead,
  due,
  endPaying,
  startCancelling,
  startVoid,
  taken,
} from "./plain-order.ts";
import type { PlainOrder } from "./plain-order.ts";
import { refundsOf } from "./plain-refunds.ts";

/** What follows by itself, until nothing does. */
export function follow(o: PlainOrder): void {
  for (let before = -1; before !== o.told.length;) {
    before = o.told.length;
    followStock(o);
    followMoney(o);
    followLife(o);
  }
}

function followStock(o: PlainOrder): void {
  const needed = dead.includes(o.life) ? o.shipped : UNITS - o.cancelled;
  const surplus = o.held - o.releasing - (needed - o.consumed);
  if (surplus > 0) {
    o.told.push("LineReleaseRequested");
    o.releasing += surplus;
  }
  if (o.life === "pending" && o.phase === "reserving" && o.stock === "reserved") {
    o.told.push("OrderStockReserved");
    o.phase = "reserved";
  }
  if (o.life === "confirmed" && o.stock === "reserved") {
    o.told.push("LineCommitRequested");
    o.stock = "committing";
  }
  if (o.life === "confirmed" && o.phase === "reserved" && o.stock === "committed") {
    o.told.push("OrderStockCommitted");
    o.phase = "committed";
  }
  if (o.phase === "committed" && o.held === 0 && o.consumed === UNITS - o.cancelled) {
    o.told.push("OrderStockConsumed");
    o.phase = "consumed";
  }
  if (o.phase === "releasing" && o.held === 0 && o.stock !== "requested") {
    o.told.push("OrderStockReleased");
    o.phase = "released";
  }
}

function followMoney(o: PlainOrder): void {
  const refunds = refundsOf(o);
  const isSure = o.phase === "committed" || o.phase === "consumed";
  const isTime = o.capture === "AT_ONCE" ? isSure : o.shipped > 0;
  const isDead = dead.includes(o.life);
  if (o.pay === "requested" && o.phase !== "reserving") {
    o.told.push("PaymentAuthorisationRequested");
    Object.assign(o, { pay: "authorising", attemptMinor: due(o) });
  }
  if (o.life === "confirmed" && o.pay === "authorised" && isTime) {
    o.told.push("PaymentCaptureRequested");
    Object.assign(o, { pay: "capturing", captureMinor: due(o), isUnknown: false });
  }
  if (isDead && (o.pay === "authorised" || o.pay === "requiresAction")) startVoid(o);
  if (o.pay !== "captured" && o.pay !== "partiallyRefunded") return;
  const rest = o.captured - refunds.done - refunds.pending - refunds.failed;
  if (isDead && rest > 0) {
    o.told.push("RefundRequested");
    o.refunds.push({ minor: rest, status: "REQUESTED" });
    o.owed = 0;
  } else if (!isDead && o.owed > 0) {
    o.told.push("RefundRequested");
    o.refunds.push({ minor: o.owed, status: "REQUESTED" });
    o.owed = 0;
  }
}

function followLife(o: PlainOrder): void {
  if (o.life === "pending" && o.stock === "refused") {
    o.told.push("OrderRejected");
    Object.assign(o, { life: "rejected", phase: "refused" });
    endPaying(o);
  }
  if (o.life === "pending" && o.pay === "failed" && o.attempts >= ATTEMPTS) {
    o.told.push("OrderRejected");
    Object.assign(o, { life: "rejected", phase: "releasing" });
  }
  if (o.life === "pending" && o.pay === "authorised") {
    o.told.push("OrderConfirmed");
    o.life = "confirmed";
  }
  if (o.life === "confirmed" && o.stock === "declined") startCancelling(o);
  const isMoneyBack = ["unpaid", "failed", "voided", "refunded"].includes(o.pay);
  if (o.life === "cancelling" && o.phase === "released" && isMoneyBack) {
    o.told.push("OrderCancelled");
    o.life = "cancelled";
  }
  const isArrived = o.delivered > 0 && o.delivered === UNITS - o.cancelled;
  if (o.life === "confirmed" && isArrived && taken.includes(o.pay)) {
    o.told.push("OrderCompleted");
    o.life = "completed";
  }
}
