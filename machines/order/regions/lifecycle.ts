import { chart, fold } from "../chart.ts";

const paying = { PaymentRequested: { meta: { command: "ProcessPayment" } } } as const;

const holding = {
  OrderHeld: { meta: { command: "HoldOrder" } },
  HoldReleased: { meta: { command: "ReleaseHold" } },
} as const;

const moving = {
  ShippingAddressUpdated: { actions: fold, meta: { command: "UpdateShippingAddress" } },
} as const;

const cancelling = (command: string | readonly string[]) => ({
  OrderCancellationRequested: { target: "cancelling", actions: fold, meta: { command } },
});

const refunding = (command?: string | readonly string[]) => ({
  RefundRequested: command === undefined ? {} : { meta: { command } },
});

/**
 * Rejected and expired are immediate, and what has to be given back goes on in the other regions;
 * cancelling waits for it.
 */
export const lifecycle = chart.createStateConfig({
  initial: "none",
  states: {
    none: {
      on: {
        OrderCreated: { target: "pending", actions: fold, meta: { command: "CreateOrder" } },
      },
    },
    pending: {
      meta: { timers: [{ id: "expiry", command: "ExpireOrder", due: "expiresAt" }] },
      on: {
        ...paying,
        ...holding,
        ...moving,
        ...cancelling("CancelOrder"),
        OrderItemAdded: { actions: fold, meta: { command: "AddOrderItem" } },
        OrderItemRemoved: { actions: fold, meta: { command: "RemoveOrderItem" } },
        OrderConfirmed: { target: "confirmed", actions: fold },
        OrderRejected: { target: "rejected", actions: fold },
        OrderExpired: { target: "expired", actions: fold, meta: { command: "ExpireOrder" } },
        // Version 1 of this service knew no compensation and cancelled at once.
        OrderCancelled: { target: "cancelled", actions: fold, meta: { isLegacy: true } },
      },
    },
    confirmed: {
      on: {
        ...paying,
        ...holding,
        ...moving,
        ...refunding(["RefundOrder", "RetryRefund"]),
        ...cancelling(["CancelOrder", "ExpireOrder"]),
        OrderShipped: { meta: { command: "ShipOrder" } },
        DeliveryConfirmed: { meta: { command: "ConfirmDelivery" } },
        OrderLinesCancelled: { meta: { command: "CancelOrder" } },
        OrderCompleted: { target: "completed", actions: fold },
      },
    },
    completed: { on: refunding(["RefundOrder", "RetryRefund"]) },
    rejected: {},
    expired: {},
    cancelling: {
      on: {
        ...refunding("RetryRefund"),
        OrderCancelled: { target: "cancelled", actions: fold },
      },
    },
    cancelled: {},
  },
});
