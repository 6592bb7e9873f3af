/** For every state of a small order or product: all that anybody, or any answer, may bring. */
import type {
  Caller,
  DomainCommand,
  EntityState,
  OrderContext,
  ProductContext,
} from "../../machines/index.ts";
import {
  ada,
  addItem,
  command,
  createOrder,
  createProduct,
  personal,
  policy,
  staff,
} from "./samples.ts";

/** Later than every deadline of an order that begins at `NOW`. */
const LATER = "2027-03-01T12:00:00.000Z";

/** The id of nothing. */
const NOBODY = "00000000-0000-4000-8000-000000000000";

const internal: Caller = { subject: "reactor", scope: "internal" };
const card = { kind: "CARD", token: "tok_any" } as const;
const reason = "for some reason";
const outcomes = ["APPROVED", "DECLINED", "ACTION_REQUIRED", "UNKNOWN"] as const;

function byReactor(type: string, data: object): DomainCommand {
  return command(type, data, internal);
}

function byTimer(type: string, data: object): DomainCommand {
  return { ...byReactor(type, data), now: LATER };
}

/** An order of two units of one product, with the shop's rules. */
function orderOf(capture: "AT_ONCE" | "ON_SHIPMENT"): DomainCommand {
  const order = createOrder(["A"]);
  const items = [{ sku: "A", quantity: 3 }];
  return { ...order, data: { ...order.data, items, policy: { ...policy, capture } } };
}

function linesCommands({ lines, leaving }: OrderContext): DomainCommand[] {
  return [...lines, ...leaving].flatMap(({ lineId, ordered, releasing, shipped, consumed }) => [
    byReactor("RecordLineReserved", { lineId, quantity: ordered, backordered: 0 }),
    byReactor("RecordLineReserved", { lineId, quantity: ordered, backordered: 1 }),
    byReactor("RecordLineRefused", { lineId, code: "NONE", requested: ordered, available: 0 }),
    byReactor("RecordLineCommitted", { lineId }),
    byReactor("RecordLineCommitDeclined", { lineId, code: "NONE" }),
    byReactor("RecordLineReleased", { lineId, quantity: Math.max(1, releasing) }),
    byReactor("RecordLineConsumed", {
      lineId,
      quantity: Math.max(1, shipped - consumed),
      shortfall: 0,
    }),
    command("RemoveOrderItem", { lineId, reason }, ada),
  ]);
}

function goodsCommands({ lines, returns }: OrderContext): DomainCommand[] {
  const lineId = lines[0]?.lineId ?? NOBODY;
  const one = { lines: [{ lineId, quantity: 1 }] };
  const goods = [{ lineId, quantity: 1, disposition: "RESTOCK" }];
  return [
    command("ShipOrder", one),
    command("ShipOrder", {}),
    command("ConfirmDelivery", one),
    command("ConfirmDelivery", {}),
    command("CancelOrder", { reason: "STAFF", ...one }),
    command("RequestReturn", { ...one, reason }, ada),
    ...returns.flatMap(({ returnId }) => [
      command("ApproveReturn", { returnId }),
      command("DeclineReturn", { returnId, reason }),
      command("ReceiveReturn", { returnId, goods }),
    ]),
  ];
}

function moneyCommands({ attempt, refunds }: OrderContext): DomainCommand[] {
  const attemptId = attempt?.attemptId ?? NOBODY;
  const records = ["RecordAuthorisation", "RecordCapture", "RecordVoid"].flatMap((type) =>
    outcomes.map((outcome) => byReactor(type, { attemptId, outcome })),
  );
  return [
    ...records,
    command("ProcessPayment", { paymentMethod: card }, ada),
    command("RefundOrder", { amount: { minor: 1, currency: "EUR" }, reason }),
    command("RefundOrder", { reason }),
    ...refunds.flatMap(({ refundId }) => [
      ...outcomes.map((outcome) => byReactor("RecordRefund", { refundId, outcome })),
      byTimer("ResolveRefund", { refundId }),
      command("RetryRefund", { refundId }),
    ]),
  ];
}

/** What may come to an order. */
export function orderCommands({ context }: EntityState<OrderContext>): DomainCommand[] {
  return [
    orderOf("AT_ONCE"),
    orderOf("ON_SHIPMENT"),
    addItem("C"),
    command("UpdateShippingAddress", { personal }, ada),
    command("CancelOrder", { reason: "CUSTOMER" }, ada),
    command("HoldOrder", { reason }),
    command("ReleaseHold", { reason }),
    command("UpdateOrderStatus", { status: "SHIPPED" }),
    ...["ExpireOrder", "ExpirePaymentAction", "ExpireAuthorisation", "ResolvePayment"].map((type) =>
      byTimer(type, {}),
    ),
    ...linesCommands(context),
    ...goodsCommands(context),
    ...moneyCommands(context),
  ];
}

const lineId = "10000000-0000-4000-8000-000000000001";
const ofLine = { orderId: "20000000-0000-4000-8000-000000000001", lineId };
const returned = { returnId: "30000000-0000-4000-8000-000000000001", isDamaged: false };

/** Downwards, because a price has a highest value. */
const anotherMinor = (minor: number): number => (minor < 2 ? 2 : minor - 1);

/** What may come to a product. */
export function productCommands({ context }: EntityState<ProductContext>): DomainCommand[] {
  const price = { minor: 1, currency: "EUR" };
  const { onHand } = context.stock;
  return [
    createProduct(1),
    command("UpdateProduct", { name: context.name === "Cup" ? "Mug" : "Cup" }),
    command("CategoriseProduct", { category: context.category === "a" ? "b" : "a" }),
    command("ChangePrice", { price: { ...price, minor: anotherMinor(context.price.minor) } }),
    command("SchedulePrice", { price, effectiveAt: "2026-06-01T00:00:00.000Z" }),
    byTimer("ApplyScheduledPrice", {}),
    command("AdjustStock", { delta: -1, reason }),
    command("AdjustStock", { delta: 1, reason }),
    command("SetStock", { onHand: 1 - Math.min(1, onHand), changedFrom: onHand, reason }),
    command("SetStockPolicy", { policy: "DENY", safety: context.stock.safety === 0 ? 1 : 0 }),
    ...[
      "PublishProduct",
      "UnlistProduct",
      "DiscontinueProduct",
      "ArchiveProduct",
      "UnarchiveProduct",
    ].map((type) => command(type, {}, staff)),
    byReactor("ReserveStock", { ...ofLine, quantity: 1 }),
    byReactor("CommitReservation", ofLine),
    byReactor("ReleaseReservation", { ...ofLine, quantity: 1 }),
    byReactor("ConsumeReservation", { ...ofLine, quantity: 1 }),
    byReactor("Restock", { ...ofLine, ...returned, quantity: 1 }),
  ];
}
