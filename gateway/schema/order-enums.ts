import { cancelReason, disposition, orderStatuses, paymentMethod } from "../../machines/index.ts";
import { builder } from "./builder.ts";

export const orderStatusType = builder.enumType("OrderStatus", {
  description: "The one simple status of an order, derived from its statechart.",
  values: orderStatuses,
});

export const cancelReasonType = builder.enumType("CancelReason", {
  description: "Why an order is cancelled.",
  values: cancelReason.options,
});

export const paymentMethodKindType = builder.enumType("PaymentMethodKind", {
  values: paymentMethod.shape.kind.options,
});

export const dispositionType = builder.enumType("ReturnDisposition", {
  description: "What becomes of goods that came back: only those to be restocked are sold again.",
  values: disposition.options,
});
