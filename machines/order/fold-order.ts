import type { OrderEvent } from "./events.ts";
import type { Folds } from "./folds/fold.ts";
import { fulfilmentFolds } from "./folds/fulfilment.ts";
import { lifecycleFolds } from "./folds/lifecycle.ts";
import { paymentFolds } from "./folds/payment.ts";
import { stockFolds } from "./folds/stock.ts";
import { DEFAULT_POLICY } from "./fields.ts";
import type { OrderContext } from "./state.ts";

/** An order before its first event. */
export const blankOrder: OrderContext = {
  orderNumber: "",
  customerId: "",
  currency: "",
  lines: [],
  leaving: [],
  discounts: [],
  taxes: [],
  policy: DEFAULT_POLICY,
  money: {
    authorised: 0,
    voided: 0,
    captured: 0,
    refundPending: 0,
    owed: 0,
    refunded: 0,
    cancelled: 0,
  },
  attempt: null,
  attemptCount: 0,
  refunds: [],
  shipments: [],
  returns: [],
  holdReason: null,
  personal: null,
  addressChange: null,
  rejection: null,
  cancellation: null,
  expiresAt: "",
  createdAt: "",
};

const folds: Folds = { ...lifecycleFolds, ...stockFolds, ...paymentFolds, ...fulfilmentFolds };

/** What an event changes in the context of an order. */
export function foldOrder(context: OrderContext, event: OrderEvent): Partial<OrderContext> {
  const fold = folds[event.type] as (of: OrderContext, data: object) => Partial<OrderContext>;
  return fold(context, event.data);
}
