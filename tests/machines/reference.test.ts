import fc from "fast-check";
import { expect, it } from "vitest";
import { decide, initialState, orderAggregate } from "../../machines/index.ts";
import type { DomainCommand, EntityState, OrderContext } from "../../machines/index.ts";
import { sampleSize } from "../support/sample-size.ts";
import { ada, command, createOrder, policy } from "./samples.ts";
import { take } from "./plain-judge.ts";
import { UNITS, newPlainOrder } from "./plain-order.ts";
import type { Ask, Outcome, PlainOrder } from "./plain-order.ts";
import { internal, lineIdOfSku } from "./story.ts";

const LATER = "2028-01-01T00:00:00.000Z";
const NOBODY = "00000000-0000-4000-8000-000000000000";
const reason = "for some reason";

const units = fc.integer({ min: 1, max: UNITS });
const outcome = fc.constantFrom<Outcome>(
  "APPROVED",
  "APPROVED",
  "DECLINED",
  "ACTION_REQUIRED",
  "UNKNOWN",
);
const asks: fc.Arbitrary<Ask> = fc.oneof(
  fc.record({
    ask: fc.constantFrom(
      ...(["pay", "pay", "cancel", "hold", "release", "expire", "resolve"] as const),
      ...(["reserved", "reserved", "refused", "committed", "commitDeclined"] as const),
      ...(["expireAction", "expireAuthorisation", "retryRefund", "resolveRefund"] as const),
    ),
  }),
  fc.record({ ask: fc.constantFrom("released", "consumed"), units }),
  fc.record({ ask: fc.constantFrom("ship", "deliver", "cancelUnits"), units }),
  fc.record({ ask: fc.constantFrom("authorisation", "capture", "void"), outcome }),
  fc.record({ ask: fc.constant("refunded" as const), outcome }),
  fc.record({ ask: fc.constant("refund" as const), minor: fc.integer({ min: 1, max: 3000 }) }),
);

/** The way on that most orders take, so that sequences get far; anything may come between. */
const usual: readonly Ask[] = [
  { ask: "pay" },
  { ask: "reserved" },
  { ask: "authorisation", outcome: "APPROVED" },
  { ask: "committed" },
  { ask: "capture", outcome: "APPROVED" },
  { ask: "ship", units: 1 },
  { ask: "consumed", units: 1 },
  { ask: "deliver", units: 1 },
  { ask: "refund", minor: 1000 },
  { ask: "refunded", outcome: "DECLINED" },
  { ask: "retryRefund" },
  { ask: "ship", units: 3 },
  { ask: "deliver", units: 3 },
];

const sequence = fc
  .tuple(fc.nat(usual.length), fc.array(fc.tuple(asks, fc.nat(9)), { maxLength: 40 }))
  .map(([upTo, others]) => {
    const steps = [...usual.slice(0, upTo)];
    for (const [ask, place] of others) steps.splice(Math.max(0, steps.length - place), 0, ask);
    return steps;
  });

function commandOf(asked: Ask, { attempt, refunds }: OrderContext): DomainCommand {
  const lineId = lineIdOfSku("A");
  const attemptId = attempt?.attemptId ?? NOBODY;
  const refundId = (...statuses: string[]) =>
    refunds.find(({ status }) => statuses.includes(status))?.refundId ?? NOBODY;
  const some = (quantity: number) => ({ lines: [{ lineId, quantity }] });
  const figures = { code: "INSUFFICIENT_STOCK", requested: UNITS, available: 0 };
  switch (asked.ask) {
    case "pay":
      return command("ProcessPayment", { paymentMethod: { kind: "CARD", token: "tok" } }, ada);
    case "cancel":
      return command("CancelOrder", { reason: "STAFF" });
    case "cancelUnits":
      return command("CancelOrder", { reason: "STAFF", ...some(asked.units) });
    case "hold":
      return command("HoldOrder", { reason });
    case "release":
      return command("ReleaseHold", { reason });
    case "ship":
      return command("ShipOrder", some(asked.units));
    case "deliver":
      return command("ConfirmDelivery", some(asked.units));
    case "refund":
      return command("RefundOrder", { amount: { minor: asked.minor, currency: "EUR" }, reason });
    case "retryRefund":
      return command("RetryRefund", { refundId: refundId("FAILED") });
    case "expire":
      return internal("ExpireOrder", {}, LATER);
    case "expireAction":
      return internal("ExpirePaymentAction", {}, LATER);
    case "expireAuthorisation":
      return internal("ExpireAuthorisation", {}, LATER);
    case "resolve":
      return internal("ResolvePayment", {}, LATER);
    case "resolveRefund":
      return internal("ResolveRefund", { refundId: refundId("UNKNOWN") }, LATER);
    case "reserved":
      return internal("RecordLineReserved", { lineId, quantity: UNITS, backordered: 0 });
    case "refused":
      return internal("RecordLineRefused", { lineId, ...figures });
    case "committed":
      return internal("RecordLineCommitted", { lineId });
    case "commitDeclined":
      return internal("RecordLineCommitDeclined", { lineId, code: "INSUFFICIENT_STOCK" });
    case "released":
      return internal("RecordLineReleased", { lineId, quantity: asked.units });
    case "consumed":
      return internal("RecordLineConsumed", { lineId, quantity: asked.units, shortfall: 0 });
    case "authorisation":
      return internal("RecordAuthorisation", { attemptId, outcome: asked.outcome });
    case "capture":
      return internal("RecordCapture", { attemptId, outcome: asked.outcome });
    case "void":
      return internal("RecordVoid", { attemptId, outcome: asked.outcome });
    case "refunded": {
      const open = refundId("REQUESTED", "UNKNOWN");
      return internal("RecordRefund", { refundId: open, outcome: asked.outcome });
    }
  }
}

function begun(capture: PlainOrder["capture"]): EntityState<OrderContext> {
  const { data, ...rest } = createOrder(["A"]);
  const items = [{ sku: "A", quantity: UNITS }];
  const created = { ...rest, data: { ...data, items, policy: { ...policy, capture } } };
  const decision = decide(orderAggregate, initialState(orderAggregate), created);
  if (decision.kind === "refused") throw new Error(decision.refusal.message);
  return decision.state;
}

function seen({ value, context }: EntityState<OrderContext>) {
  const { lifecycle, reservation, payment, hold } = value as Record<string, string | object>;
  const [line] = context.lines;
  const { authorised, voided, captured, owed } = context.money;
  const call = typeof payment === "string" ? payment : Object.keys(payment ?? {})[0];
  const counters = {
    held: line?.reserved,
    releasing: line?.releasing,
    shipped: line?.shipped,
    consumed: line?.consumed,
    delivered: line?.delivered,
    cancelled: line?.cancelled,
  };
  const refunds = context.refunds.map(({ minor, status }) => ({ minor, status }));
  const sums = { authorised, voided, captured, owed };
  const where = { life: lifecycle, phase: reservation, pay: call, stock: line?.stock };
  return { ...where, isHeld: hold === "held", ...counters, ...sums, refunds };
}

it.each(["AT_ONCE", "ON_SHIPMENT"] as const)(
  "agrees with a plain program on state, events and refusals, capturing %s",
  (capture) => {
    fc.assert(
      fc.property(sequence, (steps) => {
        let state = begun(capture);
        const plain = newPlainOrder(capture);
        for (const asked of steps) {
          const decision = decide(orderAggregate, state, commandOf(asked, state.context));
          const code = take(plain, asked);
          const events = decision.kind === "accepted" ? decision.events : [];
          expect({
            asked,
            code: decision.kind === "refused" ? decision.refusal.code : null,
            events: events.map(({ type }) => type).sort(),
          }).toEqual({ asked, code, events: code === null ? [...plain.told].sort() : [] });
          if (decision.kind === "accepted") state = decision.state;
          expect(plain).toMatchObject(seen(state));
        }
      }),
      { numRuns: sampleSize(300, 3_000) },
    );
  },
);
