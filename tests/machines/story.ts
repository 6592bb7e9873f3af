/** Orders told as a sequence of commands, each of which may look at the order it meets. */
import { decide, initialState, orderAggregate } from "../../machines/index.ts";
import type {
  Caller,
  DomainCommand,
  DomainEvent,
  EntityState,
  OrderContext,
  Refusal,
} from "../../machines/index.ts";
import { ada, candidate, command, createOrder, policy } from "./samples.ts";

type Step = DomainCommand | ((context: OrderContext) => DomainCommand);

const reactor: Caller = { subject: "reactor", scope: "internal" };

export interface Story {
  readonly state: EntityState<OrderContext>;
  /** The events of the last step. */
  readonly events: readonly DomainEvent[];
  readonly context: OrderContext;
  /** What came of the last step, by type. */
  readonly told: readonly string[];
  then(...steps: readonly Step[]): Story;
  /** The refusal of a step; throws when it is accepted. */
  refusal(step: Step): Refusal;
}

function storyOf(state: EntityState<OrderContext>, events: readonly DomainEvent[]): Story {
  const decided = (step: Step) => {
    const next = typeof step === "function" ? step(state.context) : step;
    return { next, decision: decide(orderAggregate, state, next) };
  };
  return {
    state,
    events,
    context: state.context,
    told: events.map(({ type }) => type),
    then(...steps) {
      const [first, ...rest] = steps;
      if (first === undefined) return storyOf(state, events);
      const { next, decision } = decided(first);
      if (decision.kind === "refused") {
        throw new Error(`${next.type}: ${decision.refusal.code} ${decision.refusal.message}`);
      }
      return rest.length === 0
        ? storyOf(decision.state, decision.events)
        : storyOf(decision.state, []).then(...rest);
    },
    refusal(step) {
      const { next, decision } = decided(step);
      if (decision.kind === "refused") return decision.refusal;
      throw new Error(`${next.type} is accepted`);
    },
  };
}

/** An order of two units of each SKU; `terms` change the shop's rules. */
export function order(skus: readonly string[] = ["A"], terms: Partial<Terms> = {}): Story {
  const created = createOrder(skus);
  const data = { ...created.data, policy: { ...policy, ...terms } };
  return storyOf(initialState(orderAggregate), []).then({ ...created, data });
}

interface Terms {
  readonly capture: "AT_ONCE" | "ON_SHIPMENT";
  readonly attemptsMax: number;
}

export const lineIdOfSku = (sku: string): string => candidate(sku).lineId;

export const internal = (type: string, data: object, now?: string): DomainCommand => ({
  ...command(type, data, reactor),
  ...(now === undefined ? {} : { now }),
});

export const reserved = (sku = "A", quantity = 2) =>
  internal("RecordLineReserved", { lineId: lineIdOfSku(sku), quantity, backordered: 0 });

export const refused = (sku = "A") =>
  internal("RecordLineRefused", {
    lineId: lineIdOfSku(sku),
    code: "INSUFFICIENT_STOCK",
    requested: 2,
    available: 1,
  });

export const committed = (sku = "A") =>
  internal("RecordLineCommitted", { lineId: lineIdOfSku(sku) });

export const released = (sku = "A", quantity = 2) =>
  internal("RecordLineReleased", { lineId: lineIdOfSku(sku), quantity });

export const consumed = (sku = "A", quantity = 1) =>
  internal("RecordLineConsumed", { lineId: lineIdOfSku(sku), quantity, shortfall: 0 });

export const pay = command(
  "ProcessPayment",
  { paymentMethod: { kind: "CARD", token: "tok_any" } },
  ada,
);

type Outcome = "APPROVED" | "DECLINED" | "ACTION_REQUIRED" | "UNKNOWN";

const report =
  (type: string) =>
  (outcome: Outcome) =>
  ({ attempt }: OrderContext) =>
    internal(type, { attemptId: attempt?.attemptId, outcome });

export const authorisation = report("RecordAuthorisation");
export const capture = report("RecordCapture");
export const voiding = report("RecordVoid");

export const refunding =
  (outcome: Outcome, index = 0) =>
  ({ refunds }: OrderContext) =>
    internal("RecordRefund", { refundId: refunds[index]?.refundId, outcome });

const units = (quantity: number, sku = "A") => ({
  lines: [{ lineId: lineIdOfSku(sku), quantity }],
});

export const ship = (quantity: number, sku = "A") => command("ShipOrder", units(quantity, sku));
export const deliver = (quantity: number) => command("ConfirmDelivery", units(quantity));
export const cancel = command("CancelOrder", { reason: "CUSTOMER" }, ada);
export const cancelUnits = (quantity: number) =>
  command("CancelOrder", { reason: "CUSTOMER", ...units(quantity) });
export const sendBack = (quantity: number) =>
  command("RequestReturn", { ...units(quantity), reason: "too small" }, ada);

/** Paid, confirmed, committed and captured, with nothing shipped. */
export const ready = (terms: Partial<Terms> = {}): Story =>
  order(["A"], terms).then(reserved(), pay, authorisation("APPROVED"), committed());

export const captured = (): Story => ready().then(capture("APPROVED"));
