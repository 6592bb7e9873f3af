import { chart, fold } from "../chart.ts";

const cancelLines = { command: "CancelOrder" };
const deliver = { command: "ConfirmDelivery" };
const ship = { command: "ShipOrder" };

const ended = {
  OrderCancelled: { target: "cancelled" },
  OrderRejected: { target: "cancelled" },
  OrderExpired: { target: "cancelled", meta: { command: "ExpireOrder" } },
} as const;

const shipped = {
  OrderShipped: [
    { guard: "isAllShipped", target: "shipped", actions: fold, meta: ship },
    { target: "partiallyShipped", actions: fold, meta: ship },
  ],
} as const;

const returning = { ReturnRequested: { meta: { command: "RequestReturn" } } } as const;

/** The goods on their way to the customer; the state follows the counters of the lines. */
export const fulfilment = chart.createStateConfig({
  initial: "unfulfilled",
  states: {
    unfulfilled: {
      on: {
        ...ended,
        ...shipped,
        ShippingAddressUpdated: { meta: { command: "UpdateShippingAddress" } },
        OrderLinesCancelled: { actions: fold, meta: cancelLines },
      },
    },
    partiallyShipped: {
      on: {
        ...shipped,
        ...returning,
        DeliveryConfirmed: { actions: fold, meta: deliver },
        OrderLinesCancelled: [
          { guard: "isAllDelivered", target: "delivered", actions: fold, meta: cancelLines },
          { guard: "isAllShipped", target: "shipped", actions: fold, meta: cancelLines },
          { actions: fold, meta: cancelLines },
        ],
      },
    },
    shipped: {
      on: {
        ...returning,
        DeliveryConfirmed: [
          { guard: "isAllDelivered", target: "delivered", actions: fold, meta: deliver },
          { actions: fold, meta: deliver },
        ],
      },
    },
    delivered: { on: returning },
    cancelled: {},
  },
});

const requested = {
  ReturnRequested: { target: "requested", actions: fold, meta: { command: "RequestReturn" } },
} as const;
const approve = { command: "ApproveReturn" };
const decline = { command: "DeclineReturn" };
const receive = { command: "ReceiveReturn" };

/** The goods on their way back: what the returns of an order still wait for, all together. */
export const returns = chart.createStateConfig({
  initial: "none",
  states: {
    none: { on: requested },
    requested: {
      on: {
        ReturnRequested: { actions: fold, meta: { command: "RequestReturn" } },
        ReturnApproved: [
          { guard: "isReturnUndecided", actions: fold, meta: approve },
          { target: "approved", actions: fold, meta: approve },
        ],
        ReturnDeclined: [
          { guard: "isReturnUndecided", actions: fold, meta: decline },
          { guard: "isReturnOnItsWay", target: "approved", actions: fold, meta: decline },
          { guard: "isReturnReceived", target: "received", actions: fold, meta: decline },
          { target: "none", actions: fold, meta: decline },
        ],
        ReturnReceived: { actions: fold, meta: receive },
      },
    },
    approved: {
      on: {
        ...requested,
        ReturnReceived: [
          { guard: "isReturnOnItsWay", actions: fold, meta: receive },
          { target: "received", actions: fold, meta: receive },
        ],
      },
    },
    received: { on: requested },
  },
});

/** Whether somebody has said that nothing is to be shipped for now. */
export const hold = chart.createStateConfig({
  initial: "clear",
  states: {
    clear: {
      on: { OrderHeld: { target: "held", actions: fold, meta: { command: "HoldOrder" } } },
    },
    held: {
      on: { HoldReleased: { target: "clear", actions: fold, meta: { command: "ReleaseHold" } } },
    },
  },
});
