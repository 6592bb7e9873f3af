/** What must hold after every single event, and what must hold once nothing happens any more. */
import { isSettled, orderStatus } from "../../../machines/index.ts";
import type {
  DomainEvent,
  EntityState,
  OrderContext,
  ProductContext,
} from "../../../machines/index.ts";
import { allReservations } from "../../../machines/product/reservations.ts";
import { heldOf, refundedOf } from "./provider.ts";
import type { Provider } from "./provider.ts";
import type { Check, World } from "./world.ts";

function claim(isTrue: boolean, what: string, about: object): void {
  if (!isTrue) throw new Error(`${what}: ${JSON.stringify(about)}`);
}

export const checkStep: Check = ({ aggregate }, { before, after, event }) => {
  if (aggregate === "order") {
    checkOrder(after as EntityState<OrderContext>);
    checkShipment(before as EntityState<OrderContext>, event);
  } else {
    checkProduct(after as EntityState<ProductContext>);
    checkReservation(before as EntityState<ProductContext>, event);
  }
};

function checkOrder({ context }: EntityState<OrderContext>): void {
  const { money, lines, leaving } = context;
  const { authorised, voided, captured, refundPending, owed, refunded, cancelled } = money;
  const sums = [authorised, voided, captured, refundPending, owed, refunded, cancelled];
  claim(
    sums.every((sum) => Number.isSafeInteger(sum) && sum >= 0),
    "a sum is no amount",
    money,
  );
  claim(captured + voided <= authorised, "more captured than authorised", money);
  claim(refunded + refundPending <= captured, "more refunded than captured", money);
  const isTaken = captured > 0 || owed <= (context.attempt?.captureMinor ?? 0);
  claim(isTaken, "owes what it never took", money);
  for (const line of [...lines, ...leaving]) {
    const { ordered, shipped, cancelled: gone, delivered, returned, consumed } = line;
    claim(shipped + gone <= ordered, "ships more than ordered", line);
    claim(delivered <= shipped && consumed <= shipped, "delivers more than shipped", line);
    claim(returned + line.returnRequested <= delivered, "returns more than delivered", line);
    claim(line.refunded <= delivered, "refunds by line what never arrived", line);
    claim(line.releasing <= line.reserved, "releases more than reserved", line);
    const counters = Object.values(line).filter((count) => typeof count === "number");
    claim(
      counters.every((count) => count >= 0),
      "a counter is below zero",
      line,
    );
  }
}

function checkShipment(before: EntityState<OrderContext>, event: DomainEvent): void {
  if (event.type !== "OrderShipped") return;
  const { payment, hold } = before.value as Record<string, unknown>;
  const { capture } = before.context.policy;
  const paid: unknown[] = ["captured", "partiallyRefunded", "refunded"];
  if (capture === "ON_SHIPMENT") paid.push("authorised");
  claim(paid.includes(payment) && hold === "clear", "ships unpaid", { payment, hold });
}

function checkProduct({ context }: EntityState<ProductContext>): void {
  const { stock } = context;
  claim(
    Object.values(stock).every((count) => count >= 0),
    "a bucket is below zero",
    stock,
  );
  claim(stock.damaged <= stock.onHand, "more damaged than there are", stock);
  const held = { reserved: 0, committed: 0 };
  const reservations = allReservations(context.reservations);
  for (const { quantity, isCommitted } of reservations) {
    held[isCommitted ? "committed" : "reserved"] += quantity;
  }
  claim(held.reserved === stock.reserved, "reserved is not the sum", { stock, held });
  claim(held.committed === stock.committed, "committed is not the sum", { stock, held });
  const count = context.reservationCount;
  claim(count === reservations.length, "the count is wrong", { count });
}

function checkReservation({ context }: EntityState<ProductContext>, event: DomainEvent): void {
  if (event.type !== "StockReserved") return;
  const { onHand, reserved, committed, damaged, safety } = context.stock;
  const { kind, backorderLimit } = context.stockPolicy;
  const room = onHand - reserved - committed - damaged - safety;
  const { quantity } = event.data as { quantity: number };
  const limit = kind === "BACKORDER" ? backorderLimit : 0;
  claim(quantity <= room + limit, "oversold", { room, limit, quantity });
}

const dead = ["CANCELLED", "REJECTED", "EXPIRED"];

/** No orphan reservation, no money held for a dead order, both ledgers equal, all at rest. */
export function checkQuiet({ entities }: World, provider: Provider): void {
  const held = new Map<string, number>();
  for (const { aggregate, state } of entities.values()) {
    if (aggregate !== "product") continue;
    for (const { id, quantity } of allReservations(
      (state.context as ProductContext).reservations,
    )) {
      held.set(id, quantity);
    }
  }
  for (const { aggregate, state, events } of entities.values()) {
    if (aggregate !== "order") continue;
    const order = state as EntityState<OrderContext>;
    const status = orderStatus(order);
    const about = { status, value: order.value, context: order.context };
    claim(isSettled(order), "the order is not settled", about);
    claim(status !== "PENDING" && status !== "CANCELLING", "the order has no end", about);
    const { payment } = order.value as Readonly<Record<string, unknown>>;
    const isUnpaid = status !== "REJECTED" && status !== "EXPIRED" && status !== "CANCELLED";
    const isOpen = isUnpaid && (payment === "failed" || payment === "unpaid");
    claim(!isOpen || order.context.shipments.length > 0, "stock waits for no payment", about);
    claim(order.context.leaving.length === 0, "a line never left", about);
    for (const line of order.context.lines) {
      claim((held.get(line.lineId) ?? 0) === line.reserved, "order and product disagree", about);
      claim(!dead.includes(status) || line.reserved === 0, "stock held for a dead order", about);
      held.delete(line.lineId);
    }
    checkLedger(order, { events, provider, isDead: dead.includes(status) });
  }
  claim(held.size === 0, "orphan reservations", [...held]);
}

function checkLedger(
  { context, value }: EntityState<OrderContext>,
  at: { events: readonly DomainEvent[]; provider: Provider; isDead: boolean },
): void {
  const sums = { captured: 0, refunded: 0, held: 0 };
  for (const { type, data } of at.events) {
    if (type !== "PaymentRequested") continue;
    const account = at.provider.accounts.get((data as { attemptId: string }).attemptId);
    if (account === undefined) continue;
    sums.captured += account.capture?.isApproved === true ? account.capture.amount : 0;
    sums.refunded += refundedOf(account);
    sums.held += heldOf(account);
  }
  const { captured, refunded, authorised, voided } = context.money;
  const about = { sums, money: context.money, value };
  claim(sums.captured === captured, "captured differs", about);
  claim(sums.refunded === refunded, "refunded differs", about);
  claim(sums.held === (captured > 0 ? 0 : authorised - voided), "held differs", about);
  const isEmpty = sums.held === 0 && captured === refunded;
  claim(!at.isDead || isEmpty, "money held for a dead order", about);
}
