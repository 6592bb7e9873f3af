import { describe, expect, it } from "vitest";
import {
  allowedCommands,
  lineIdOf,
  orderAggregate,
  orderNumberOf,
  orderStatus,
  orderTotal,
} from "../../machines/index.ts";
import {
  COMMAND_ID,
  NOW,
  ada,
  addItem,
  bob,
  candidate,
  command,
  createOrder,
  history,
  orderHistory,
  personal,
  policy,
  staff,
} from "./samples.ts";
import { specify } from "./specification.ts";
import { cancelUnits, captured, order, refused, reserved, ship } from "./story.ts";

const { given } = specify(orderAggregate);
const cancel = (by = ada) => command("CancelOrder", { reason: "CUSTOMER" }, by);
const remove = (sku: string) =>
  command("RemoveOrderItem", { lineId: candidate(sku).lineId, reason: "too many" }, ada);
const move = command("UpdateShippingAddress", {
  personal: { ...personal, sealed: "ZWxzZXdoZXJl" },
});

function line(sku: string, quantity: number) {
  const { product, ...ids } = candidate(sku);
  return {
    ...ids,
    name: product?.name,
    category: "things",
    unitPrice: product?.unitPrice,
    quantity,
  };
}

describe("CreateOrder", () => {
  it("freezes name, category and price of each product", () => {
    const data = {
      orderNumber: orderNumberOf(COMMAND_ID),
      customerId: "ada",
      currency: "EUR",
      lines: [line("A", 2), line("B", 2)],
      personal,
      createdAt: NOW,
    };
    const terms = { policy, taxes: [], discounts: [], expiresAt: "2026-03-01T12:15:00.000Z" };
    const first = [...data.lines].sort((a, b) => (a.productId < b.productId ? -1 : 1))[0];
    const { lineId, productId } = first ?? line("A", 2);
    given([])
      .when(createOrder(["A", "B"]))
      .then([
        { type: "OrderCreated", data: { ...data, ...terms } },
        { type: "LineReservationRequested", data: { lineId, productId, quantity: 2 } },
      ]);
  });

  it("shows the order, its total and its personal fields in the context", () => {
    const { context, value } = given(orderHistory()).state;
    expect(value).toEqual({
      lifecycle: "pending",
      reservation: "reserving",
      payment: "unpaid",
      fulfilment: "unfulfilled",
      returns: "none",
      hold: "clear",
    });
    expect(orderTotal(context)).toEqual({ minor: 5000, currency: "EUR" });
    expect(context).toMatchObject({ personal, addressChange: null, createdAt: NOW });
    expect(context.lines.map(({ ordered }) => ordered)).toEqual([2, 2]);
  });

  it("is refused for a customer who orders in another's name, and open to staff", () => {
    given([])
      .when(createOrder(["A"], bob))
      .refuses("FORBIDDEN");
    const byStaff = history(orderAggregate, [createOrder(["A"], staff)]);
    expect(byStaff).toEqual(history(orderAggregate, [createOrder(["A"])]));
  });

  it.each([
    ["PRODUCT_NOT_FOUND", null, { sku: "B" }],
    ["PRODUCT_NOT_SELLABLE", { isSellable: false }, { sku: "B" }],
    [
      "CURRENCY_MISMATCH",
      { unitPrice: { minor: 1, currency: "JPY" } },
      { sku: "B", expected: "EUR", actual: "JPY" },
    ],
    [
      "AMOUNT_TOO_LARGE",
      { unitPrice: { minor: Number.MAX_SAFE_INTEGER - 2600, currency: "EUR" } },
      { limit: Number.MAX_SAFE_INTEGER },
    ],
  ])("is refused with %s", (code, product, details) => {
    const { data, ...rest } = createOrder(["A", "B"]);
    const lines = [candidate("A"), candidate("B", product)];
    given([])
      .when({ ...rest, data: { ...data, lines } })
      .refuses(code, details);
  });

  it("is refused when the gateway brought no product for an item", () => {
    const { data, ...rest } = createOrder(["A"]);
    given([])
      .when({ ...rest, data: { ...data, lines: [] } })
      .refuses("PRODUCT_NOT_FOUND", { sku: "A" });
  });

  it("is refused where an order is already", () => {
    given(orderHistory())
      .when(createOrder(["A"]))
      .refuses("INVALID_TRANSITION", { allowedIn: ["lifecycle.none", "reservation.none"] });
  });
});

describe("AddOrderItem and RemoveOrderItem", () => {
  it("adds a line at today's price and takes it off again", () => {
    given(orderHistory())
      .when(addItem("C"))
      .then([{ type: "OrderItemAdded", data: { line: line("C", 1) } }]);
    given(orderHistory(addItem("C")))
      .when(remove("C"))
      .then([
        {
          type: "OrderItemRemoved",
          data: { lineId: candidate("C").lineId, reason: "too many" },
        },
      ]);
    expect(orderTotal(given(orderHistory(addItem("C"), remove("A"))).state.context).minor).toBe(
      3750,
    );
  });

  it("refuses to remove the last line or one that is not there", () => {
    given(orderHistory(remove("A")))
      .when(remove("B"))
      .refuses("LAST_LINE");
    given(orderHistory()).when(remove("Z")).refuses("LINE_NOT_FOUND");
  });

  it("refuses the line after the hundredth", () => {
    const lines = Array.from({ length: 98 }, (_, index) => {
      const lineId = lineIdOf(COMMAND_ID, 1000 + index);
      return addItem("X", { ...candidate("X"), lineId });
    });
    given(orderHistory(...lines))
      .when(addItem("Y"))
      .refuses("TOO_MANY_LINES", { limit: 100 });
  });

  it("refuses a line that makes the total inexact", () => {
    const unitPrice = { minor: 1e12, currency: "EUR" };
    given(orderHistory())
      .when(addItem("C", candidate("C", { unitPrice }), 1_000_000))
      .refuses("AMOUNT_TOO_LARGE");
  });
});

describe("UpdateShippingAddress", () => {
  it("keeps the latest address beside the one of the creation", () => {
    given(orderHistory())
      .when(move)
      .then([{ type: "ShippingAddressUpdated", data: move.data }]);
    const { context } = given(orderHistory(move)).state;
    expect(context.personal).toEqual(personal);
    expect(context.addressChange).toEqual((move.data as { personal: object }).personal);
  });

  it("is refused once the order is cancelled, naming the states that would allow it", () => {
    given(orderHistory(cancel()))
      .when(move)
      .refuses("INVALID_TRANSITION", {
        allowedIn: ["lifecycle.pending", "lifecycle.confirmed", "fulfilment.unfulfilled"],
      });
  });
});

describe("CancelOrder", () => {
  it("waits for what is in flight, and ends the order when nothing is open", () => {
    const requested = { reason: "CUSTOMER", requestedAt: NOW };
    given(orderHistory())
      .when(cancel())
      .then([{ type: "OrderCancellationRequested", data: requested }]);
    const { state } = given(orderHistory(cancel()));
    expect(orderStatus(state)).toBe("CANCELLING");
    const story = order(["A"]).then(cancel(), refused());
    expect(story.told).toEqual(["LineRefused", "OrderStockReleased", "OrderCancelled"]);
    expect(orderStatus(story.state)).toBe("CANCELLED");
    expect(story.context.cancellation).toEqual({ reason: "CUSTOMER", cancelledAt: NOW });
  });

  it("is refused the second time, and says that nothing is possible any more", () => {
    const refusal = order().then(cancel(), refused()).refusal(cancel());
    expect(refusal).toMatchObject({
      code: "INVALID_TRANSITION",
      command: "CancelOrder",
      state: { lifecycle: "cancelled", fulfilment: "cancelled" },
      allowedCommands: [],
    });
  });

  it("takes back units only of a confirmed order, and never all of them", () => {
    expect(order().then(reserved()).refusal(cancelUnits(1))).toMatchObject({
      code: "GUARD_FAILED",
      details: { guard: "isCommitted" },
    });
    expect(captured().refusal(cancelUnits(2))).toMatchObject({
      code: "GUARD_FAILED",
      details: { guard: "leavesSome" },
    });
    expect(captured().refusal(cancelUnits(3))).toMatchObject({ code: "QUANTITY_EXCEEDS" });
    expect(captured().then(ship(1)).refusal(cancel())).toMatchObject({ code: "ALREADY_SHIPPED" });
    expect(captured().then(ship(2)).refusal(cancelUnits(1))).toMatchObject({
      code: "ALREADY_SHIPPED",
    });
  });
});

describe("another customer", () => {
  it("cannot tell an order from none", () => {
    const foreign = given(orderHistory()).when(cancel(bob)).refuses("NOT_FOUND");
    const none = given([]).when(cancel(bob)).refuses("NOT_FOUND");
    expect(foreign).toEqual(none);
    expect(foreign).toMatchObject({ state: null, allowedCommands: [], details: {} });
  });

  it("is allowed nothing", () => {
    const permissions = allowedCommands(orderAggregate, given(orderHistory()).state, bob);
    expect(permissions.map(({ reason }) => reason?.code)).toEqual(Array(17).fill("NOT_FOUND"));
  });
});

describe("allowedCommands", () => {
  it("lists every command with the reason why not", () => {
    const { state } = given(orderHistory(remove("A")));
    const permissions = allowedCommands(orderAggregate, state, ada);
    const reasons = permissions.map(({ command: name, reason }) => [name, reason?.code ?? null]);
    expect(Object.fromEntries(reasons)).toEqual({
      CreateOrder: "INVALID_TRANSITION",
      AddOrderItem: null,
      RemoveOrderItem: "LAST_LINE",
      UpdateShippingAddress: null,
      ProcessPayment: null,
      ShipOrder: "FORBIDDEN",
      ConfirmDelivery: "FORBIDDEN",
      UpdateOrderStatus: "FORBIDDEN",
      CancelOrder: null,
      RefundOrder: "FORBIDDEN",
      RetryRefund: "FORBIDDEN",
      RequestReturn: "INVALID_TRANSITION",
      ApproveReturn: "FORBIDDEN",
      DeclineReturn: "FORBIDDEN",
      ReceiveReturn: "FORBIDDEN",
      HoldOrder: "FORBIDDEN",
      ReleaseHold: "FORBIDDEN",
    });
  });
});
