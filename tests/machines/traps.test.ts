/** Each trap of the coordination, told by its shortest trace. */
import { describe, expect, it } from "vitest";
import {
  decide,
  initialState,
  productAggregate,
  reactionsOf,
  timersOf,
  enteredAfter,
  orderAggregate,
} from "../../machines/index.ts";
import type { DomainEvent } from "../../machines/index.ts";
import { ada, command, createProduct } from "./samples.ts";
import {
  authorisation,
  cancel,
  cancelUnits,
  capture,
  captured,
  committed,
  consumed,
  deliver,
  internal,
  lineIdOfSku,
  order,
  pay,
  ready,
  refunding,
  released,
  reserved,
  ship,
  voiding,
} from "./story.ts";

const ORDER = "20000000-0000-4000-8000-000000000001";
const LATER = "2027-01-01T00:00:00.000Z";

function commandsOf(events: readonly DomainEvent[], from: number) {
  return events.flatMap((event, index) =>
    reactionsOf({ aggregate: "order", stream: ORDER, version: from + index, event }),
  );
}

describe("stock", () => {
  it("is consumed twice when a line of two is shipped one by one", () => {
    const story = captured();
    const [first] = commandsOf(story.then(ship(1)).events, 20);
    const [second] = commandsOf(story.then(ship(1), ship(1)).events, 30);
    expect(first).toMatchObject({ kind: "command", type: "ConsumeReservation" });
    expect(second).toMatchObject({ data: { quantity: 1 } });
    expect(first).not.toMatchObject({ commandId: (second as { commandId: string }).commandId });
    const end = story.then(ship(1), ship(1), consumed(), consumed());
    expect(end.context.lines[0]).toMatchObject({ reserved: 0, consumed: 2 });
    expect(end.state.value).toMatchObject({ reservation: "consumed" });
  });

  it("counts releases, so that the first answer does not close a line with another open", () => {
    const story = captured().then(cancelUnits(1), refunding("APPROVED"), cancel);
    expect(story.context.lines[0]).toMatchObject({ releasing: 2, reserved: 2 });
    const half = story.then(refunding("APPROVED", 1), released("A", 1));
    expect(half.state.value).toMatchObject({ lifecycle: "cancelling" });
    expect(half.then(released("A", 1)).told).toEqual([
      "LineReleased",
      "OrderStockReleased",
      "OrderCancelled",
    ]);
  });

  it("of a line removed while its reservation is in flight is taken and given back", () => {
    const remove = command("RemoveOrderItem", { lineId: lineIdOfSku("A"), reason: "no" }, ada);
    const byProduct = [...order(["A", "B"]).context.lines].find(({ stock }) => stock !== "waiting");
    const inFlight = byProduct?.sku ?? "";
    const other = inFlight === "A" ? "B" : "A";
    const data = { lineId: lineIdOfSku(inFlight), reason: "no" };
    const story = order(["A", "B"]).then({ ...remove, data }, cancel);
    expect(story.state.value).toMatchObject({ lifecycle: "cancelling" });
    const late = story.then(reserved(inFlight));
    expect(late.told).toEqual(["LineReserved", "LineReleaseRequested"]);
    expect(late.then(released(inFlight)).state.value).toMatchObject({ lifecycle: "cancelled" });
    expect(late.context.lines.map(({ sku }) => sku)).toEqual([other]);
  });

  it("is reserved one line at a time in ascending product id, whatever the order of lines", () => {
    const asked = (skus: string[]) => order(skus).events.at(-1);
    expect(asked(["A", "B", "C"])).toEqual(asked(["C", "B", "A"]));
    const story = order(["A", "B", "C"]);
    expect(story.told).toEqual(["OrderCreated", "LineReservationRequested"]);
    const ids = story.context.lines.map(({ productId }) => productId).sort();
    expect(story.events.at(-1)?.data).toMatchObject({ productId: ids[0] });
  });

  it("asked of a product that is not there leaves its SKU free", () => {
    const data = { orderId: ORDER, lineId: lineIdOfSku("A"), quantity: 1 };
    const asked = decide(
      productAggregate,
      initialState(productAggregate),
      internal("ReserveStock", data),
    );
    expect(asked).toMatchObject({ events: [{ type: "StockReservationDeclined" }] });
    if (asked.kind !== "accepted") return;
    expect(decide(productAggregate, asked.state, createProduct())).toMatchObject({
      kind: "accepted",
    });
  });
});

describe("a payment", () => {
  const authorising = () => order().then(reserved(), pay);

  it("cancelled during its authorisation is voided only when it is known to be approved", () => {
    const story = authorising().then(cancel);
    expect(story.told).not.toContain("PaymentVoidRequested");
    expect(story.then(authorisation("APPROVED")).told).toEqual([
      "PaymentAuthorised",
      "PaymentVoidRequested",
    ]);
  });

  it("approved after its order has expired is recorded and then voided", () => {
    const story = authorising().then(internal("ExpireOrder", {}, LATER));
    expect(story.state.value).toMatchObject({ lifecycle: "expired" });
    const late = story.then(authorisation("APPROVED"), voiding("APPROVED"));
    expect(late.context.money).toMatchObject({ authorised: 2500, voided: 2500 });
    expect(late.state.value).toMatchObject({ lifecycle: "expired", payment: "voided" });
  });

  it("is not decided by the old report on an earlier attempt", () => {
    const first = authorising();
    const old = internal("RecordAuthorisation", {
      attemptId: first.context.attempt?.attemptId,
      outcome: "DECLINED",
    });
    const second = first.then(old, pay);
    expect(second.context.attemptCount).toBe(2);
    expect(second.then(old).events).toEqual([]);
    expect(second.then(authorisation("APPROVED")).told).toContain("OrderConfirmed");
  });

  it("without an outcome is not declined, and its late approval counts", () => {
    const story = authorising().then(authorisation("UNKNOWN"));
    expect(story.state.value).toMatchObject({ payment: { authorising: "unknown" } });
    expect(story.refusal(pay)).toMatchObject({ code: "INVALID_TRANSITION" });
    expect(story.then(authorisation("APPROVED")).told).toContain("PaymentAuthorised");
  });

  it("keeps its amount in every repeat, though a unit was cancelled between", () => {
    const story = ready().then(capture("UNKNOWN"), cancelUnits(1));
    const again = story.then(internal("ResolvePayment", {}, LATER));
    expect(again.events).toMatchObject([
      { type: "PaymentLookupRequested", data: { minor: 2500, call: "capture" } },
    ]);
    const paid = again.then(capture("APPROVED"));
    expect(paid.told).toEqual(["PaymentCaptured", "RefundRequested"]);
    expect(paid.context.money).toMatchObject({ captured: 2500, refundPending: 1250, owed: 0 });
  });

  it("is refunded no further than what is neither pending nor owed", () => {
    const refund = (minor: number) =>
      command("RefundOrder", { amount: { minor, currency: "EUR" }, reason: "late" });
    const story = captured().then(ship(1), deliver(1), refund(1250), refund(1250));
    expect(story.refusal(refund(1))).toMatchObject({
      code: "AMOUNT_EXCEEDS_DUE",
      details: { due: 0 },
    });
    const end = story.then(cancelUnits(1));
    expect(end.told).not.toContain("RefundRequested");
    expect(end.context.money).toMatchObject({ refundPending: 2500, owed: 0 });
  });

  it("that is being authorised does not keep its order from expiring", () => {
    const story = authorising().then(internal("ExpireOrder", {}, LATER));
    expect(story.told).toEqual(["OrderExpired", "LineReleaseRequested"]);
    expect(order().refusal(internal("ExpireOrder", {}))).toMatchObject({ code: "NOT_DUE" });
  });

  it("that fails after the confirmation gets a new deadline, and then the stock goes back", () => {
    const failed = ready().then(capture("DECLINED"), voiding("APPROVED"));
    expect(failed.state.value).toMatchObject({ lifecycle: "confirmed", payment: "failed" });
    const at = { state: failed.state, version: 9 };
    const entered = enteredAfter(orderAggregate, {}, at);
    const timers = timersOf(orderAggregate, { stream: ORDER, state: failed.state }, entered);
    expect(timers).toMatchObject([
      { timerId: `${ORDER}/repayment/9`, command: "ExpireOrder", part: null },
    ]);
    const end = failed.then(internal("ExpireOrder", {}, LATER));
    expect(end.told).toEqual(["OrderCancellationRequested", "LineReleaseRequested"]);
    expect(failed.then(pay, authorisation("APPROVED")).told).toContain("PaymentCaptureRequested");
  });

  it("is captured by the first shipment where the shop captures on shipment", () => {
    const story = ready({ capture: "ON_SHIPMENT" });
    expect(story.state.value).toMatchObject({ payment: "authorised" });
    expect(story.then(ship(1)).told).toEqual(["OrderShipped", "PaymentCaptureRequested"]);
    expect(story.then(ship(1)).refusal(ship(1))).toMatchObject({ code: "NOT_PAID" });
    expect(order().then(reserved()).refusal(ship(1))).toMatchObject({
      code: "INVALID_TRANSITION",
    });
    expect(story.then(committed()).events).toEqual([]);
  });
});
