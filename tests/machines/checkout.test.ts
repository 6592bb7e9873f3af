import { describe, expect, it } from "vitest";
import { isSettled, orderAggregate, orderStatus } from "../../machines/index.ts";
import { NOW, addItem, command } from "./samples.ts";
import {
  authorisation,
  cancelUnits,
  captured,
  consumed,
  deliver,
  lineIdOfSku,
  order,
  pay,
  refunding,
  refused,
  reserved,
  sendBack,
  ship,
} from "./story.ts";

describe("a refused line", () => {
  it("rejects the order that began with it and says why", () => {
    const story = order().then(refused());
    expect(story.told).toEqual(["LineRefused", "OrderRejected"]);
    expect(orderStatus(story.state)).toBe("REJECTED");
    const why = { code: "INSUFFICIENT_STOCK", sku: "A", requested: 2, available: 1 };
    expect(story.context.rejection).toEqual({ ...why, rejectedAt: NOW });
    expect(isSettled(story.state)).toBe(true);
  });

  it("goes alone when it was added later", () => {
    const story = order().then(reserved(), addItem("C"), refused("C"));
    expect(story.told).toEqual(["LineRefused", "OrderItemRemoved", "OrderStockReserved"]);
    expect(story.context.lines.map(({ sku }) => sku)).toEqual(["A"]);
  });
});

describe("ProcessPayment", () => {
  it("is remembered while stock is being reserved and begins when that is done", () => {
    const story = order().then(pay);
    expect(story.told).toEqual(["PaymentRequested"]);
    expect(story.then(reserved()).told).toEqual([
      "LineReserved",
      "OrderStockReserved",
      "PaymentAuthorisationRequested",
    ]);
  });

  it("ends in a rejection when the last attempt is declined", () => {
    const declined = authorisation("DECLINED");
    const story = order().then(reserved(), pay, declined, pay, declined);
    expect(story.told).toEqual(["PaymentDeclined", "OrderRejected", "LineReleaseRequested"]);
    expect(story.context.rejection).toMatchObject({ code: "PAYMENT_DECLINED" });
  });

  it("refuses a card number in the place of a token", () => {
    const { input } = orderAggregate.commands["ProcessPayment"] ?? {};
    const method = (token: string) => ({ paymentMethod: { kind: "CARD", token } });
    expect(input?.safeParse(method("4111 1111 1111 1111"))).toMatchObject({ success: false });
    expect(input?.safeParse(method("tok_approved"))).toMatchObject({ success: true });
  });
});

describe("the whole way", () => {
  it("leads from the cart to the refund of what came back", () => {
    const sold = captured().then(ship(2), consumed("A", 2), deliver(2));
    expect(sold.told).toEqual(["DeliveryConfirmed", "OrderCompleted"]);
    expect(orderStatus(sold.state)).toBe("DELIVERED");
    const asked = sold.then(sendBack(1));
    const returnId = asked.context.returns[0]?.returnId;
    const goods = [{ lineId: lineIdOfSku("A"), quantity: 1, disposition: "RESTOCK" }];
    const back = asked.then(
      command("ApproveReturn", { returnId }),
      command("ReceiveReturn", { returnId, goods }),
    );
    expect(orderStatus(back.state)).toBe("PARTIALLY_RETURNED");
    const refund = command("RefundOrder", {
      lines: [{ lineId: lineIdOfSku("A"), quantity: 1 }],
      reason: "returned",
    });
    const refunded = back.then(refund, refunding("APPROVED"));
    expect(refunded.context.money).toMatchObject({ captured: 2500, refunded: 1250 });
    const rest = refunded.then(
      command("UpdateOrderStatus", { status: "REFUNDED" }),
      refunding("APPROVED", 1),
    );
    expect(orderStatus(rest.state)).toBe("REFUNDED");
  });

  it("pays back by line only what has arrived, so that a cancel cannot pay for it again", () => {
    const refund = (quantity: number) =>
      command("RefundOrder", { lines: [{ lineId: lineIdOfSku("A"), quantity }], reason: "late" });
    const half = captured().then(ship(1), deliver(1));
    expect(half.refusal(refund(2))).toMatchObject({
      code: "QUANTITY_EXCEEDS",
      details: { requested: 2, limit: 1 },
    });
    const end = half.then(refund(1), cancelUnits(1));
    expect(end.context.money).toMatchObject({ captured: 2500, refundPending: 2500 });
  });

  it("stops at a hold, whatever the status that is asked for", () => {
    const held = captured().then(command("HoldOrder", { reason: "fraud check" }));
    const shipped = command("UpdateOrderStatus", { status: "SHIPPED" });
    expect(held.refusal(shipped)).toMatchObject({ code: "ORDER_ON_HOLD" });
    const paid = command("UpdateOrderStatus", { status: "PROCESSING" });
    expect(held.refusal(paid)).toMatchObject({
      code: "INVALID_TRANSITION",
      details: { target: "PROCESSING" },
    });
    const free = held.then(command("ReleaseHold", { reason: "checked" }), shipped);
    expect(free.told).toEqual(["OrderShipped"]);
  });
});
