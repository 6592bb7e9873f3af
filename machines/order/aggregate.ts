import type { Aggregate } from "../kernel/aggregate.ts";
import { advanceOrder } from "./advance.ts";
import { orderEvents } from "./events.ts";
import { orderMachine } from "./machine.ts";
import { addOrderItem } from "./rules/add-order-item.ts";
import { cancelOrder } from "./rules/cancel-order.ts";
import { confirmDelivery } from "./rules/confirm-delivery.ts";
import { createOrder } from "./rules/create-order.ts";
import {
  expireAuthorisation,
  expireOrder,
  expirePaymentAction,
  resolvePayment,
  resolveRefund,
} from "./rules/deadlines.ts";
import { holdOrder, releaseHold } from "./rules/hold-order.ts";
import { processPayment } from "./rules/process-payment.ts";
import {
  recordLineCommitDeclined,
  recordLineCommitted,
  recordLineConsumed,
  recordLineRefused,
  recordLineReleased,
  recordLineReserved,
} from "./rules/record-line.ts";
import {
  recordAuthorisation,
  recordCapture,
  recordRefund,
  recordVoid,
} from "./rules/record-payment.ts";
import { refundOrder } from "./rules/refund-order.ts";
import { removeOrderItem } from "./rules/remove-order-item.ts";
import { retryRefund } from "./rules/retry-refund.ts";
import { approveReturn, declineReturn, receiveReturn, requestReturn } from "./rules/returns.ts";
import { shipOrder } from "./rules/ship-order.ts";
import { updateOrderStatus } from "./rules/update-order-status.ts";
import { updateShippingAddress } from "./rules/update-shipping-address.ts";
import { orderRegions } from "./state.ts";
import type { OrderContext } from "./state.ts";

/** All that the kernel needs to know of an order. A customer's orders are visible to them alone. */
export const orderAggregate: Aggregate<OrderContext> = {
  name: "order",
  machine: orderMachine,
  events: orderEvents,
  commands: {
    CreateOrder: createOrder,
    AddOrderItem: addOrderItem,
    RemoveOrderItem: removeOrderItem,
    UpdateShippingAddress: updateShippingAddress,
    ProcessPayment: processPayment,
    ShipOrder: shipOrder,
    ConfirmDelivery: confirmDelivery,
    CancelOrder: cancelOrder,
    UpdateOrderStatus: updateOrderStatus,
    RefundOrder: refundOrder,
    RetryRefund: retryRefund,
    RequestReturn: requestReturn,
    ApproveReturn: approveReturn,
    DeclineReturn: declineReturn,
    ReceiveReturn: receiveReturn,
    HoldOrder: holdOrder,
    ReleaseHold: releaseHold,
    ExpireOrder: expireOrder,
    ExpirePaymentAction: expirePaymentAction,
    ExpireAuthorisation: expireAuthorisation,
    ResolvePayment: resolvePayment,
    ResolveRefund: resolveRefund,
    RecordLineReserved: recordLineReserved,
    RecordLineRefused: recordLineRefused,
    RecordLineCommitted: recordLineCommitted,
    RecordLineCommitDeclined: recordLineCommitDeclined,
    RecordLineReleased: recordLineReleased,
    RecordLineConsumed: recordLineConsumed,
    RecordAuthorisation: recordAuthorisation,
    RecordCapture: recordCapture,
    RecordVoid: recordVoid,
    RecordRefund: recordRefund,
  },
  guards: {},
  exists: (state) => orderRegions(state).lifecycle !== "none",
  isVisibleTo: ({ context }, by) => by.scope !== "customer" || context.customerId === by.subject,
  advance: advanceOrder,
  deadlines: ({ context }) =>
    context.refunds.flatMap(({ refundId, status, retryAt }) =>
      status === "UNKNOWN" && retryAt !== null
        ? [
            {
              id: "refund-lookup",
              part: refundId,
              command: "ResolveRefund",
              data: { refundId },
              dueAt: retryAt,
            },
          ]
        : [],
    ),
};
