/**
 * Event → what has to be asked elsewhere, one to one and without a state: an event carries all that
 * the command or call needs, and whoever reads the event, however often, gets the same answer with
 * the same ids. Nothing here looks at what came back; the answer is a command, and its event the
 * next thing to react to.
 */
import type { AggregateName, DomainEvent } from "./kernel/aggregate.ts";
import { definitionOf } from "./kernel/define.ts";
import type { OrderEvent, OrderEventData } from "./order/events.ts";
import type { ProductEvent, ProductEventData } from "./product/events.ts";
import type { Money } from "./values/money.ts";
import type { PaymentMethod } from "./values/payment-method.ts";
import { reactionIdOf } from "./values/ids.ts";

/** An event in its present version, with its place in the history of its entity. */
export interface RecordedEvent {
  readonly aggregate: AggregateName;
  readonly stream: string;
  readonly version: number;
  readonly event: DomainEvent;
}

/** A command to one entity; its id makes a repeat of it harmless. */
export interface CommandReaction {
  readonly kind: "command";
  readonly commandId: string;
  readonly aggregate: AggregateName;
  readonly entityId: string;
  readonly type: string;
  readonly data: object;
  /** What tells several commands of one event apart. */
  readonly part: string | null;
}

/** A call of the payment provider; a repeat of one key tells the outcome of the first. */
export interface ProviderCall {
  readonly call: "authorise" | "capture" | "void" | "refund";
  /** The attempt's id, for a refund the refund's. */
  readonly key: string;
  /** The attempt that was captured, for a refund; else the same as `key`. */
  readonly attemptId: string;
  readonly amount: Money;
  /** Null for a refund. */
  readonly method: PaymentMethod | null;
}

/**
 * A provider call and the command that takes its outcome: `record.data` plus the outcome
 * (`{ outcome, reason?, actionUrl? }`) is the command's data. The payload hash of that command
 * covers `record.data` alone.
 */
export interface ProviderReaction {
  readonly kind: "provider";
  readonly request: ProviderCall;
  readonly record: Omit<CommandReaction, "kind">;
}

export type Reaction = CommandReaction | ProviderReaction;

interface Target {
  readonly entityId: string;
  readonly command: string;
  readonly part: string | null;
}

/** What an event leads to outside its entity; most lead to nothing. */
export function reactionsOf({ aggregate, stream, version, event }: RecordedEvent): Reaction[] {
  const table = aggregate === "order" ? orderReactions : productReactions;
  const react = definitionOf(table as Readonly<Record<string, React>>, event.type);
  if (react === undefined) return [];
  const eventId = `${stream}/${String(version)}`;
  const record = (to: AggregateName, target: Target, data: object) => ({
    commandId: reactionIdOf(eventId, target),
    aggregate: to,
    entityId: target.entityId,
    type: target.command,
    data,
    part: target.part,
  });
  return react(event.data, {
    stream,
    product: (target, data) => ({ kind: "command", ...record("product", target, data) }),
    order: (target, data) => ({ kind: "command", ...record("order", target, data) }),
    provider: (request, target, data) => ({
      kind: "provider",
      request,
      record: record("order", target, data),
    }),
  });
}

/** The ways out of one event; `stream` is its entity. */
interface Ways {
  readonly stream: string;
  product(target: Target, data: object): CommandReaction;
  order(target: Target, data: object): CommandReaction;
  provider(request: ProviderCall, target: Target, data: object): ProviderReaction;
}

type React = (data: object, ways: Ways) => Reaction[];

const orderReactions: {
  readonly [Type in OrderEvent["type"]]?: (data: OrderEventData<Type>, ways: Ways) => Reaction[];
} = {
  LineReservationRequested: (data, ways) => [askProduct("ReserveStock", data, ways)],
  LineCommitRequested: ({ lineId, productId }, ways) => [
    ways.product(
      { entityId: productId, command: "CommitReservation", part: lineId },
      { orderId: ways.stream, lineId },
    ),
  ],
  LineReleaseRequested: (data, ways) => [askProduct("ReleaseReservation", data, ways)],
  OrderShipped: ({ lines }, ways) =>
    lines.map((line) => askProduct("ConsumeReservation", line, ways)),
  ReturnReceived: ({ returnId, lines }, ways) =>
    lines
      .filter(({ disposition }) => disposition !== "WRITTEN_OFF")
      .map(({ lineId, productId, quantity, disposition }) =>
        ways.product(
          { entityId: productId, command: "Restock", part: `${lineId}/${disposition}` },
          {
            orderId: ways.stream,
            lineId,
            quantity,
            returnId,
            isDamaged: disposition === "DAMAGED",
          },
        ),
      ),
  PaymentAuthorisationRequested: (data, ways) => [callProvider("authorise", data, ways)],
  PaymentCaptureRequested: (data, ways) => [callProvider("capture", data, ways)],
  PaymentVoidRequested: (data, ways) => [callProvider("void", data, ways)],
  PaymentLookupRequested: (data, ways) => [callProvider(data.call, data, ways)],
  RefundRequested: (data, ways) => [callRefund(data, ways)],
  RefundLookupRequested: (data, ways) => [callRefund(data, ways)],
};

const productReactions: {
  readonly [Type in ProductEvent["type"]]?: (
    data: ProductEventData<Type>,
    ways: Ways,
  ) => Reaction[];
} = {
  StockReserved: ({ quantity, backordered, ...to }, ways) => [
    tellOrder("RecordLineReserved", { ...to, told: { quantity, backordered } }, ways),
  ],
  StockReservationDeclined: ({ code, requested, available, ...to }, ways) => [
    tellOrder("RecordLineRefused", { ...to, told: { code, requested, available } }, ways),
  ],
  ReservationCommitted: (to, ways) => [tellOrder("RecordLineCommitted", { ...to, told: {} }, ways)],
  ReservationCommitDeclined: ({ code, ...to }, ways) => [
    tellOrder("RecordLineCommitDeclined", { ...to, told: { code } }, ways),
  ],
  ReservationReleased: ({ requested, ...to }, ways) => [
    tellOrder("RecordLineReleased", { ...to, told: { quantity: requested } }, ways),
  ],
  ReservationConsumed: ({ requested, shortfall, ...to }, ways) => [
    tellOrder("RecordLineConsumed", { ...to, told: { quantity: requested, shortfall } }, ways),
  ],
};

interface OfLine {
  readonly lineId: string;
  readonly productId: string;
  readonly quantity: number;
}

function askProduct(command: string, { lineId, productId, quantity }: OfLine, ways: Ways) {
  const target = { entityId: productId, command, part: lineId };
  return ways.product(target, { orderId: ways.stream, lineId, quantity });
}

interface ToOrder {
  readonly orderId: string;
  readonly lineId: string;
  readonly told: object;
}

function tellOrder(command: string, { orderId, lineId, told }: ToOrder, ways: Ways) {
  return ways.order({ entityId: orderId, command, part: lineId }, { lineId, ...told });
}

const records = {
  authorise: "RecordAuthorisation",
  capture: "RecordCapture",
  void: "RecordVoid",
  refund: "RecordRefund",
} as const;

/** The command that takes the outcome of a call, whoever learns of it; the outcome is its rest. */
export function recordOf({ call, key }: Pick<ProviderCall, "call" | "key">): {
  readonly type: string;
  readonly data: object;
} {
  return { type: records[call], data: call === "refund" ? { refundId: key } : { attemptId: key } };
}

function callProvider(
  call: "authorise" | "capture" | "void",
  data: OrderEventData<"PaymentAuthorisationRequested">,
  ways: Ways,
) {
  const { attemptId, method, minor, currency } = data;
  const request = { call, key: attemptId, attemptId, amount: { minor, currency }, method };
  const target = { entityId: ways.stream, command: records[call], part: attemptId };
  return ways.provider(request, target, { attemptId });
}

function callRefund(data: OrderEventData<"RefundLookupRequested">, ways: Ways) {
  const { refundId, attemptId, minor, currency } = data;
  const amount = { minor, currency };
  const request = { call: "refund", key: refundId, attemptId, amount, method: null } as const;
  const target = { entityId: ways.stream, command: "RecordRefund", part: refundId };
  return ways.provider(request, target, { refundId });
}
