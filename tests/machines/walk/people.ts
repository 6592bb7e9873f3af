/** What customers and operators send at any moment, sensible or not. */
import { productSellable } from "../../../machines/index.ts";
import type {
  Caller,
  DomainCommand,
  EntityState,
  OrderContext,
  ProductContext,
} from "../../../machines/index.ts";
import { candidate } from "../samples.ts";
import type { Random } from "./random.ts";

type Wish = Pick<DomainCommand, "type" | "data" | "by">;
type Order = EntityState<OrderContext>;

const ada: Caller = { subject: "ada", scope: "customer" };
const staff: Caller = { subject: "staff", scope: "operator" };
const reason = "for some reason";

export const SKUS = ["A", "B"] as const;

const token = { kind: "CARD", token: "tok_any" } as const;

type Choice = (order: Order, random: Random) => Wish;

const add: Choice = (_order, random) => {
  const sku = random.pick(SKUS);
  const line = { ...candidate(sku), lineId: lineId(1 + random.below(1 << 30)) };
  return { type: "AddOrderItem", data: { sku, quantity: 1 + random.below(2), line }, by: ada };
};

const remove: Choice = (order, random) => {
  const data = { lineId: anyLine(order, random), reason };
  return { type: "RemoveOrderItem", data, by: ada };
};

const ship: Choice = (order, random) => {
  return { type: "ShipOrder", data: someLines(order, random), by: staff };
};

const deliver: Choice = (order, random) => {
  return { type: "ConfirmDelivery", data: someLines(order, random), by: staff };
};

const setStatus: Choice = (_order, random) => {
  const status = random.pick(["SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED", "RETURNED"]);
  return { type: "UpdateOrderStatus", data: { status }, by: staff };
};

const refund: Choice = (order, random) => {
  const amount = { minor: 1 + random.below(2000), currency: "EUR" };
  const data = random.chance(50) ? { amount, reason } : { ...lines(order, random), reason };
  return { type: "RefundOrder", data, by: staff };
};

const retry: Choice = (order) => retryRefund(order) ?? pay();

const sendBack: Choice = (order, random) => {
  return { type: "RequestReturn", data: { ...lines(order, random), reason }, by: ada };
};

const approve: Choice = (order, random) => {
  return { type: "ApproveReturn", data: anyReturn(order, random), by: staff };
};

const decline: Choice = (order, random) => {
  const data = { ...anyReturn(order, random), reason };
  return { type: "DeclineReturn", data, by: staff };
};

const receive: Choice = (order, random) => {
  const disposition = random.pick(["RESTOCK", "DAMAGED", "WRITTEN_OFF"]);
  const goods = [{ lineId: anyLine(order, random), quantity: 1, disposition }];
  const data = { ...anyReturn(order, random), goods };
  return { type: "ReceiveReturn", data, by: staff };
};

const hold: Choice = () => ({ type: "HoldOrder", data: { reason }, by: staff });
const release: Choice = () => ({ type: "ReleaseHold", data: { reason }, by: staff });

const returning = [sendBack, sendBack, approve, approve, decline, receive, receive];
const early = [pay, pay, pay, pay, add, remove, hold, release, release, cancel];
const middle = [ship, ship, ship, deliver, deliver, deliver, release, cancelLines, cancelLines];
const late = [...returning, refund, retry, hold, setStatus];

const choices: Readonly<Record<string, readonly Choice[]>> = {
  pending: early,
  confirmed: [...middle, ...middle, ...late, pay, pay, cancel],
  completed: late,
};

function pay(): Wish {
  return { type: "ProcessPayment", data: { paymentMethod: token }, by: ada };
}

function cancel(_order: Order, random: Random): Wish {
  return { type: "CancelOrder", data: { reason: "CUSTOMER" }, by: random.pick([ada, staff]) };
}

function cancelLines(order: Order, random: Random): Wish {
  const data = { reason: "CUSTOMER", ...lines(order, random) };
  return { type: "CancelOrder", data, by: random.pick([ada, staff]) };
}

/** Asks once more for a refund that the provider has refused. */
export function retryRefund({ context }: Order): Wish | null {
  const failed = context.refunds.find(({ status }) => status === "FAILED");
  const data = { refundId: failed?.refundId };
  return failed === undefined ? null : { type: "RetryRefund", data, by: staff };
}

function lineId(index: number): string {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;
}

function anyLine({ context }: Order, random: Random): string {
  const ids = context.lines.map((line) => line.lineId);
  return ids.length === 0 || random.chance(3) ? lineId(0) : random.pick(ids);
}

function lines(order: Order, random: Random) {
  return { lines: [{ lineId: anyLine(order, random), quantity: 1 + random.below(2) }] };
}

function someLines(order: Order, random: Random) {
  return random.chance(40) ? {} : lines(order, random);
}

function anyReturn({ context }: Order, random: Random) {
  const ids = context.returns.map(({ returnId }) => returnId);
  return { returnId: ids.length === 0 ? lineId(0) : random.pick(ids) };
}

/** A command to an order, for whoever may send it. */
export function orderWish(order: Order, random: Random): Wish {
  const { lifecycle } = order.value as { readonly lifecycle: string };
  const sensible = random.chance(90) ? choices[lifecycle] : undefined;
  return random.pick(sensible ?? [...early, ...middle, ...late])(order, random);
}

/** A command to a product. */
export function productWish(state: EntityState<ProductContext>, random: Random): Wish {
  const { context } = state;
  const type = random.pick([
    "AdjustStock",
    "AdjustStock",
    "AdjustStock",
    "SetStock",
    "SetStockPolicy",
    "PublishProduct",
    "PublishProduct",
    "UnlistProduct",
    "DiscontinueProduct",
    "ArchiveProduct",
    "UnarchiveProduct",
    "SchedulePrice",
  ]);
  const { onHand } = context.stock;
  const price = { minor: 1250, currency: "EUR" };
  const isPoor = productSellable(context) === 0;
  const data: Readonly<Record<string, object>> = {
    AdjustStock: { delta: random.chance(isPoor ? 80 : 40) ? 1 : -1, reason },
    SetStock: { onHand: random.below(4), changedFrom: onHand, reason },
    SetStockPolicy: random.chance(50)
      ? { policy: "DENY", safety: random.below(2) }
      : { policy: "BACKORDER", backorderLimit: random.below(3) },
    SchedulePrice: { price, effectiveAt: "2026-03-02T12:00:00.000Z" },
  };
  return { type, data: data[type] ?? {}, by: staff };
}
