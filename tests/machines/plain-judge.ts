/** What each command to a plain order leads to, or the code of its refusal. */
import { follow } from "./plain-follow.ts";
import {
  ATTEMPTS,
  UNITS,
  UNIT_MINOR,
  endPaying,
  startCancelling,
  startVoid,
  taken,
} from "./plain-order.ts";
import type { Ask, Outcome, PlainOrder } from "./plain-order.ts";
import { refundsOf } from "./plain-refunds.ts";

/** The refusal's code, or null when the command is taken. Events are left in `told`. */
export function take(o: PlainOrder, asked: Ask): string | null {
  o.told = [];
  const code = judge(o, asked);
  if (code === null && o.told.length > 0) follow(o);
  return code;
}

const NO = "INVALID_TRANSITION";

function judge(o: PlainOrder, asked: Ask): string | null {
  switch (asked.ask) {
    case "pay":
    case "expire":
    case "expireAction":
    case "expireAuthorisation":
    case "resolve":
      return judgePaying(o, asked.ask);
    case "hold":
    case "release":
      return judgeHold(o, asked.ask === "hold");
    case "cancel":
    case "ship":
    case "deliver":
    case "cancelUnits":
      return judgeGoods(o, asked.ask, "units" in asked ? asked.units : 0);
    case "authorisation":
    case "capture":
    case "void":
      report(o, asked.ask, asked.outcome);
      return null;
    case "refund":
      return refundsOf(o).ask(asked.minor);
    case "refunded":
      refundsOf(o).report(asked.outcome);
      return null;
    case "retryRefund":
      return refundsOf(o).retry();
    case "resolveRefund":
      return refundsOf(o).resolve();
    case "reserved":
    case "refused":
    case "committed":
    case "commitDeclined":
    case "released":
    case "consumed":
      tell(o, asked.ask, "units" in asked ? asked.units : 0);
      return null;
  }
}

function judgePaying(o: PlainOrder, ask: string): string | null {
  const isAlive = o.life === "pending" || o.life === "confirmed";
  if (ask === "pay") {
    if (!isAlive || (o.pay !== "unpaid" && o.pay !== "failed")) return NO;
    if (o.attempts >= ATTEMPTS) return "TOO_MANY_ATTEMPTS";
    o.told.push("PaymentRequested");
    const blank = { attemptMinor: 0, captureMinor: 0, isAuthorised: false, isUnknown: false };
    Object.assign(o, { pay: "requested", attempts: o.attempts + 1, ...blank });
    return null;
  }
  if (ask === "expire") {
    if (o.life === "confirmed" && o.pay === "failed" && o.shipped === 0) startCancelling(o);
    else if (o.life === "pending") {
      o.told.push("OrderExpired");
      Object.assign(o, { life: "expired", phase: "releasing" });
      endPaying(o);
    } else return NO;
    return null;
  }
  if (ask === "resolve") {
    const isOpen = o.isUnknown || o.pay === "requiresAction";
    if (!isOpen) return NO;
    o.told.push("PaymentLookupRequested");
    if (o.pay === "requiresAction") o.pay = "authorising";
    o.isUnknown = false;
    return null;
  }
  const wanted = ask === "expireAction" ? "requiresAction" : "authorised";
  if (o.life !== "confirmed" || o.pay !== wanted) return NO;
  startVoid(o);
  return null;
}

function judgeHold(o: PlainOrder, isHold: boolean): string | null {
  const isAlive = o.life === "pending" || o.life === "confirmed";
  if (!isAlive || o.isHeld === isHold) return NO;
  o.isHeld = isHold;
  o.told.push(isHold ? "OrderHeld" : "HoldReleased");
  return null;
}

function judgeGoods(o: PlainOrder, ask: string, units: number): string | null {
  const unshipped = UNITS - o.shipped - o.cancelled;
  const isAlive = o.life === "pending" || o.life === "confirmed";
  if (ask === "cancel" || ask === "cancelUnits") {
    if (!isAlive) return NO;
    if (unshipped === 0) return "ALREADY_SHIPPED";
    return ask === "cancel" ? cancelAll(o) : cancelSome(o, units, unshipped);
  }
  if (o.life !== "confirmed") return NO;
  if (ask === "deliver") {
    const onTheWay = o.shipped - o.delivered;
    const isArrived = o.delivered === UNITS - o.cancelled;
    if (o.shipped === 0 || isArrived) return NO;
    if (onTheWay === 0 || units > onTheWay) return "QUANTITY_EXCEEDS";
    o.delivered += units;
    o.told.push("DeliveryConfirmed");
    return null;
  }
  if (unshipped === 0) return NO;
  if (o.isHeld) return "ORDER_ON_HOLD";
  if (o.stock !== "committed") return "GUARD_FAILED";
  const isPaid = taken.includes(o.pay) || (o.capture === "ON_SHIPMENT" && o.pay === "authorised");
  if (!isPaid) return "NOT_PAID";
  if (units > unshipped) return "QUANTITY_EXCEEDS";
  o.shipped += units;
  o.told.push("OrderShipped");
  return null;
}

function cancelAll(o: PlainOrder): string | null {
  if (o.shipped > 0) return "ALREADY_SHIPPED";
  startCancelling(o);
  return null;
}

function cancelSome(o: PlainOrder, units: number, unshipped: number): string | null {
  if (units > unshipped) return "QUANTITY_EXCEEDS";
  if (o.life !== "confirmed" || o.stock !== "committed") return "GUARD_FAILED";
  if (units === UNITS - o.cancelled) return "GUARD_FAILED";
  const worth = units * UNIT_MINOR;
  const refunds = refundsOf(o);
  if (o.pay === "capturing") o.owed += Math.min(worth, o.captureMinor - o.owed);
  else if (taken.includes(o.pay)) o.owed += Math.min(worth, refunds.limit);
  o.cancelled += units;
  o.told.push("OrderLinesCancelled");
  return null;
}

function tell(o: PlainOrder, ask: string, units: number): void {
  const told = (type: string, change: Partial<PlainOrder>): void => {
    o.told.push(type);
    Object.assign(o, change);
  };
  if (ask === "reserved" && o.stock === "requested") {
    told("LineReserved", { stock: "reserved", held: UNITS });
  } else if (ask === "refused" && o.stock === "requested") {
    told("LineRefused", { stock: "refused" });
  } else if (ask === "committed" && o.stock === "committing") {
    told("LineCommitted", { stock: "committed" });
  } else if (ask === "commitDeclined" && o.stock === "committing") {
    told("LineCommitDeclined", { stock: "declined" });
  } else if (ask === "released" && units <= o.releasing) {
    told("LineReleased", { releasing: o.releasing - units, held: o.held - units });
  } else if (ask === "consumed" && units <= o.shipped - o.consumed) {
    told("LineConsumed", { consumed: o.consumed + units, held: o.held - units });
  }
}

function report(o: PlainOrder, call: string, outcome: Outcome): void {
  const mayAct = call === "authorisation" && outcome === "ACTION_REQUIRED";
  const isAuthorising = o.pay === "authorising" || o.pay === "requiresAction";
  const isMine =
    (call === "authorisation" && isAuthorising) ||
    (call === "capture" && o.pay === "capturing") ||
    (call === "void" && o.pay === "voiding");
  if (!isMine) return;
  const isOpen = outcome === "UNKNOWN" || (outcome === "ACTION_REQUIRED" && !mayAct);
  if (isOpen || (call === "void" && outcome === "DECLINED")) {
    if (o.isUnknown || o.pay === "requiresAction") return;
    o.told.push("PaymentOutcomeUnknown");
    o.isUnknown = true;
    return;
  }
  if (mayAct) {
    if (o.pay === "requiresAction") return;
    o.told.push("PaymentActionRequired");
    Object.assign(o, { pay: "requiresAction", isUnknown: false });
    return;
  }
  o.isUnknown = false;
  if (call === "void") voided(o);
  else if (call === "authorisation") authorised(o, outcome === "APPROVED");
  else captured(o, outcome === "APPROVED");
}

function authorised(o: PlainOrder, isApproved: boolean): void {
  o.told.push(isApproved ? "PaymentAuthorised" : "PaymentDeclined");
  o.pay = isApproved ? "authorised" : "failed";
  o.isAuthorised = isApproved;
  if (isApproved) o.authorised += o.attemptMinor;
}

function captured(o: PlainOrder, isApproved: boolean): void {
  o.told.push(isApproved ? "PaymentCaptured" : "CaptureFailed");
  if (isApproved) {
    o.captured += o.captureMinor;
    o.pay = "captured";
    return;
  }
  Object.assign(o, { captureMinor: 0, owed: 0 });
  startVoid(o);
}

function voided(o: PlainOrder): void {
  o.told.push("PaymentVoided");
  if (o.isAuthorised) o.voided += o.attemptMinor;
  o.isAuthorised = false;
  o.pay = o.life === "confirmed" ? "failed" : "voided";
}
